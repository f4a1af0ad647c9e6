// Writing into the columns of a batch, laid out as core/column-buffer.ts has them.
import { endOf, kindOf, startOf, TEXT } from './fields'
import { copyText } from './memory'

/** A column of texts; the host makes one for each and reads it back. */
@unmanaged
class TextColumn {
  data: usize
  used: usize
  starts: usize
  ends: usize
  validity: usize
}

/** Bytes of a column of texts, besides what it points to. */
export const textColumnBytes: usize = offsetof<TextColumn>()

/** Appends the text of a field; one that is not there stays null. Eight bytes behind the last text must be free. */
export function putText (at: usize, row: usize, field: u32): void {
  if (kindOf(field) !== TEXT) return
  const column = changetype<TextColumn>(at)
  const start = startOf(field)
  const length = endOf(field) - start
  store<u32>(column.starts + (row << 2), column.used)
  copyText(column.data + column.used, start, length)
  column.used += length
  store<u32>(column.ends + (row << 2), column.used)
  const byte = column.validity + (row >> 3)
  store<u8>(byte, <u32>load<u8>(byte) | (<u32>1 << (<u32>row & 7)))
}

export function putByte (column: usize, row: usize, value: i32): void { store<u8>(column + row, value) }

export function putShort (column: usize, row: usize, value: i32): void { store<i16>(column + (row << 1), value) }

export function putWord (column: usize, row: usize, value: i32): void { store<i32>(column + (row << 2), value) }

/** Milliseconds since 1970, as DuckDB's microseconds. */
export function putInstant (column: usize, row: usize, milliseconds: i64): void {
  store<i64>(column + (row << 3), milliseconds * 1000)
}

/** The place of a row's UUID. */
export function uuidAt (column: usize, row: usize): usize {
  return column + (row << 4)
}

/** Marks a row as null. */
export function putNull (validity: usize, row: usize): void {
  const byte = validity + (row >> 3)
  store<u8>(byte, <u32>load<u8>(byte) & ~(<u32>1 << (<u32>row & 7)))
}
