// Finds the number of a field by its key. Senders write their fields in the same order time after time, so the key that
// followed last time is tried first; the others are compared one by one.
import { FIELDS_MAX } from './fields'

/** Bytes of a key at most. */
const KEY_BYTES_MAX: u32 = 32
/** The message and the objects in it. */
const LEVELS_MAX: u32 = 8

const QUOTE: u32 = 0x22
const NO_FIELD: u32 = 255
const LEVEL_BITS: u32 = 6
/** What stands before the first field of a level comes behind the fields. */
const FIRST: u32 = 64

const names = memory.data(64 * 32, 16)
const lengths = memory.data(64, 16)
const levelFields = memory.data(8 * 64, 16)
const levelCounts = memory.data(8, 16)
const followers = memory.data(64 + 8, 16)
memory.fill(followers, <u8>NO_FIELD, 72)

/** Makes a key of a level known: the text of `length` bytes at `name`. */
export function addKey (level: u32, field: u32, name: usize, length: u32): void {
  assert(level < LEVELS_MAX && field < FIELDS_MAX && length <= KEY_BYTES_MAX)
  memory.copy(names + (field << 5), name, length)
  store<u8>(lengths + field, length)
  const count: u32 = load<u8>(levelCounts + level)
  store<u8>(levelFields + (level << LEVEL_BITS) + count, field)
  store<u8>(levelCounts + level, count + 1)
}

/** What stands for "nothing before it" in an object of this level. */
export function firstOf (level: u32): u32 { return FIRST + level }

export function keyLength (field: u32): usize { return load<u8>(lengths + field) }

/** The field whose key begins at `start`, behind its quote, and comes after `previous`; −1 if the level has none. */
export function findKey (start: usize, level: u32, previous: u32): i32 {
  const expected: u32 = load<u8>(followers + previous)
  return expected !== NO_FIELD && isKey(start, expected) ? <i32>expected : searchKey(start, level, previous)
}

function searchKey (start: usize, level: u32, previous: u32): i32 {
  const list = levelFields + (level << LEVEL_BITS)
  const count: u32 = load<u8>(levelCounts + level)
  for (let i: u32 = 0; i < count; i++) {
    const field: u32 = load<u8>(list + i)
    if (!isKey(start, field)) continue
    store<u8>(followers + previous, field)
    return <i32>field
  }
  return -1
}

function isKey (start: usize, field: u32): bool {
  const length: u32 = load<u8>(lengths + field)
  if (load<u8>(start + length) !== QUOTE) return false
  const name = names + (field << 5)
  const low = equalBytes(start, name)
  if (length <= 16) return (low | (-1 << length)) === -1
  return low === 0xffff && (equalBytes(start + 16, name + 16) | (-1 << (length - 16))) === -1
}

/** One bit for each of sixteen bytes that are the same. */
function equalBytes (a: usize, b: usize): i32 {
  return i8x16.bitmask(v128.eq<u8>(v128.load(a), v128.load(b)))
}
