// Short texts by their bytes: the value of a code, found without making a text of the bytes. A value may hold for one
// day only (of checkpoints, whose codes change).
import { reserve } from './memory'

/** What is found of a text that a table does not have. */
export const BAD: i32 = -1

const FACTOR: u64 = 0x9e3779b97f4a7c15

@unmanaged
class Table {
  slots: usize
  slotCount: usize
  count: i32
  codesMax: i32
  texts: usize
  textsUsed: usize
  textsBytes: usize
}

@unmanaged
class Slot {
  /** Where the text lies; 0 for a slot that is free. */
  text: usize
  length: usize
  value: i32
  day: i32
  hash: u32
}

const SLOT_BYTES: usize = offsetof<Slot>()

/** An empty table for so many codes of so many bytes in all. */
export function createTable (codesMax: i32, textBytes: i32): usize {
  let slotCount: usize = 16
  while (slotCount < <usize>codesMax * 3) slotCount *= 2
  const table = changetype<Table>(reserve(offsetof<Table>()))
  table.slotCount = slotCount
  table.slots = reserve(slotCount * SLOT_BYTES)
  table.codesMax = codesMax
  table.textsBytes = <usize>textBytes + <usize>codesMax * 8
  table.texts = reserve(table.textsBytes)
  emptyTable(changetype<usize>(table))
  return changetype<usize>(table)
}

/** Forgets all codes of a table. */
export function emptyTable (at: usize): void {
  const table = changetype<Table>(at)
  memory.fill(table.slots, 0, table.slotCount * SLOT_BYTES)
  table.count = 0
  table.textsUsed = 0
}

/** Adds a text that the table does not have, with its value, 0 or above. False if the table is full. */
export function addCode (at: usize, text: usize, length: usize, day: i32, value: i32): bool {
  const table = changetype<Table>(at)
  const room = (length + 7) & ~7
  if (table.count >= table.codesMax || table.textsUsed + room > table.textsBytes) return false
  const kept = table.texts + table.textsUsed
  memory.fill(kept, 0, room)
  memory.copy(kept, text, length)
  table.textsUsed += room
  table.count++
  const hash = hashOf(text, length, day)
  let place = <usize>hash & (table.slotCount - 1)
  while (slotAt(table, place).text !== 0) place = (place + 1) & (table.slotCount - 1)
  const slot = slotAt(table, place)
  slot.text = kept
  slot.length = length
  slot.value = value
  slot.day = day
  slot.hash = hash
  return true
}

/** The value of the text of `length` bytes, or BAD. */
export function findCode (at: usize, text: usize, length: usize, day: i32): i32 {
  const table = changetype<Table>(at)
  const hash = hashOf(text, length, day)
  let place = <usize>hash & (table.slotCount - 1)
  let slot = slotAt(table, place)
  while (slot.text !== 0) {
    if (slot.hash === hash && slot.length === length && slot.day === day && isSame(slot.text, text, length)) {
      return slot.value
    }
    place = (place + 1) & (table.slotCount - 1)
    slot = slotAt(table, place)
  }
  return BAD
}

function slotAt (table: Table, place: usize): Slot {
  return changetype<Slot>(table.slots + place * SLOT_BYTES)
}

function hashOf (text: usize, length: usize, day: i32): u32 {
  let hash = ((<u64>length << 32) ^ <u64>day) * FACTOR
  for (; length >= 8; length -= 8, text += 8) hash = rotl(hash ^ load<u64>(text), 29) * FACTOR
  if (length > 0) hash = rotl(hash ^ beginning(text, length), 29) * FACTOR
  return <u32>(hash >>> 32)
}

function isSame (kept: usize, text: usize, length: usize): bool {
  for (; length >= 8; length -= 8, text += 8, kept += 8) if (load<u64>(kept) !== load<u64>(text)) return false
  return length === 0 || load<u64>(kept) === beginning(text, length)
}

/** The first bytes, fewer than eight, with zeros behind them. */
function beginning (text: usize, length: usize): u64 {
  return load<u64>(text) & ((<u64>1 << (<u64>length << 3)) - 1)
}
