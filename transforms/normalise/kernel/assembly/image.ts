// What every record has, whatever its contract: its id, its revision, and that it is a record and no void.
import { putInstant, putText, putWord } from './columns'
import {
  endOf, fieldAction, fieldRevision, INTEGER, integerOf, kindOf, lengthOf, startOf, TEXT
} from './fields'

const ID_BYTES_MAX: usize = 64
const REVISION_MAX: i64 = 2_147_483_647
/** `record`, as a word in memory, without the two bytes behind it. */
const RECORD_WORD: u64 = 0x64726f636572
const RECORD_BYTES: usize = 6

/** 1 for a byte of an identifier: letters, digits and `._:-`. */
const idBytes = memory.data(256, 16)
for (let byte = 0; byte < 256; byte++) {
  const isLetter = <u32>((byte | 0x20) - 0x61) <= 25
  const isDigitOrColon = <u32>(byte - 0x30) <= 10
  store<u8>(idBytes + byte, isLetter || isDigitOrColon || byte === 0x2e || byte === 0x5f || byte === 0x2d ? 1 : 0)
}

/** True if the scanned message is a record with an id and a revision. */
export function isImage (idField: u32): bool {
  return isRecord() && isRevision() && isIdentifier(idField)
}

function isRecord (): bool {
  return kindOf(fieldAction) === TEXT && lengthOf(fieldAction) === RECORD_BYTES &&
    (load<u64>(startOf(fieldAction)) & 0xffffffffffff) === RECORD_WORD
}

function isRevision (): bool {
  if (kindOf(fieldRevision) !== INTEGER) return false
  const revision = integerOf(fieldRevision)
  return revision >= 1 && revision <= REVISION_MAX
}

function isIdentifier (field: u32): bool {
  if (kindOf(field) !== TEXT || lengthOf(field) === 0 || lengthOf(field) > ID_BYTES_MAX) return false
  const end = endOf(field)
  for (let at = startOf(field); at < end; at++) if (load<u8>(idBytes + <usize>load<u8>(at)) === 0) return false
  return true
}

/** Writes id, its hash (core/id-hash.ts), revision and time of receipt. */
export function writeImage (
  idField: u32, contract: u32, recordIds: usize, hashes: usize, revisions: usize, received: usize, row: usize,
  receivedAtMs: f64
): void {
  putText(recordIds, row, idField)
  writeHash(hashes + (row << 3), contract, startOf(idField), endOf(idField))
  putWord(revisions, row, <i32>integerOf(fieldRevision))
  putInstant(received, row, <i64>receivedAtMs)
}

function writeHash (to: usize, contract: u32, at: usize, end: usize): void {
  let low: u32 = 0xdeadbeef ^ contract
  let high: u32 = 0x41c6ce57 ^ contract
  for (; at < end; at++) {
    const character: u32 = load<u8>(at)
    low = (low ^ character) * 2654435761
    high = (high ^ character) * 1597334677
  }
  low = ((low ^ (low >>> 16)) * 2246822507) ^ ((high ^ (high >>> 13)) * 3266489909)
  high = ((high ^ (high >>> 16)) * 2246822507) ^ ((low ^ (low >>> 13)) * 3266489909)
  store<u32>(to, low)
  store<u32>(to, high, 4)
}
