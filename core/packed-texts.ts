// Fills a vector of VARCHAR from packed texts without a call for each: the entries of a vector (`duckdb_string_t` of
// DuckDB's C API) are sixteen bytes, which hold a text of up to twelve, or its first four and where it lies. The bytes
// of the longer ones are handed over once as a single text, which the vector keeps, and the entries point into that.
import bindings from '@duckdb/node-bindings'
import { type PackedTextColumn } from './column-buffer.ts'

const ENTRY_BYTES = 16
const INLINE_BYTES_MAX = 12
const ENTRIES_MAX = 2048
const WORD_RANGE = 2 ** 32

// One chunk is filled at a time, on one thread.
const entries = new Uint8Array(ENTRIES_MAX * ENTRY_BYTES)
const words = new Uint32Array(entries.buffer)

/** Fills rows [start, start + count) of a column into a vector; `start` is a multiple of 64, `count` at most 2,048. */
export function fillPacked (vector: bindings.Vector, column: PackedTextColumn, start: number, count: number): void {
  const { data, starts, ends, validity } = column
  entries.fill(0, 0, count * ENTRY_BYTES)
  const kept = keepLong(vector, column, start, count)
  for (let i = 0; i < count; i++) {
    const from = starts[start + i] as number
    const length = (ends[start + i] as number) - from
    const word = i * 4
    words[word] = length
    const inline = length <= INLINE_BYTES_MAX ? length : 4
    const entry = i * ENTRY_BYTES + 4
    for (let byte = 0; byte < inline; byte++) entries[entry + byte] = data[from + byte] as number
    if (length <= INLINE_BYTES_MAX) continue
    const low = kept.low + (from - kept.from)
    words[word + 2] = low
    words[word + 3] = kept.high + (low >= WORD_RANGE ? 1 : 0)
  }
  bindings.copy_data_to_vector(vector, 0, entries.buffer, 0, count * ENTRY_BYTES)
  bindings.vector_ensure_validity_writable(vector)
  bindings.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer,
    validity.byteOffset + start / 8, Math.ceil(count / 64) * 8)
}

/** Gives the vector the stretch of bytes from the first long text to the last, and says where it has put it. */
function keepLong (
  vector: bindings.Vector, { data, starts, ends }: PackedTextColumn, start: number, count: number
): { from: number, low: number, high: number } {
  let from = -1
  let to = 0
  for (let row = start; row < start + count; row++) {
    if ((ends[row] as number) - (starts[row] as number) <= INLINE_BYTES_MAX) continue
    if (from < 0) from = starts[row] as number
    to = ends[row] as number
  }
  if (from < 0) return { from: 0, low: 0, high: 0 }
  bindings.vector_assign_string_element_len(vector, 0, data.subarray(from, to))
  const entry = bindings.vector_get_data(vector, ENTRY_BYTES)
  const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES)
  return { from, low: view.getUint32(8, true), high: view.getUint32(12, true) }
}
