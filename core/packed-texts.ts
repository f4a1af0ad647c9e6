// Fills a vector of VARCHAR from packed texts without a call for each: the entries of a vector (`duckdb_string_t` of
// DuckDB's C API) are sixteen bytes, which hold a text of up to twelve, or its first four and where it lies. The bytes
// of the longer ones are handed over once as a single text, which the vector keeps, and the entries point into that.
import bindings from '@duckdb/node-bindings'
import type { PackedTextColumn } from './column-buffer.ts'

const ENTRY_BYTES = 16
const INLINE_BYTES_MAX = 12
const ENTRIES_MAX = 2048

// One chunk is filled at a time, on one thread.
const entries = new Uint8Array(ENTRIES_MAX * ENTRY_BYTES)
const words = new Uint32Array(entries.buffer)
/** What `keepLong` has found: the begin of its stretch, and the two words of the address at which the vector has it. */
const kept = new Uint32Array(3)

/** Fills rows [start, start + count) of a column into a vector; `start` is a multiple of 64, `count` at most 2,048. */
export function fillPacked (vector: bindings.Vector, column: PackedTextColumn, start: number, count: number): void {
  const { data, starts, ends, validity } = column
  entries.fill(0, 0, count * ENTRY_BYTES)
  keepLong(vector, column, start, count)
  const [keptFrom = 0, keptLow = 0, keptHigh = 0] = kept
  for (let i = 0; i < count; i++) {
    const from = starts[start + i] as number
    const length = (ends[start + i] as number) - from
    const word = i * 4
    words[word] = length
    const inline = length <= INLINE_BYTES_MAX ? length : 4
    const entry = i * ENTRY_BYTES + 4
    for (let byte = 0; byte < inline; byte++) entries[entry + byte] = data[from + byte] as number
    if (length <= INLINE_BYTES_MAX) continue
    // In 32 bits throughout: a sum that now fits them and now does not has V8 give up its optimised code every time.
    const low = (keptLow + from - keptFrom) >>> 0
    words[word + 2] = low
    words[word + 3] = low < keptLow ? keptHigh + 1 : keptHigh
  }
  bindings.copy_data_to_vector(vector, 0, entries.buffer, 0, count * ENTRY_BYTES)
  bindings.vector_ensure_validity_writable(vector)
  bindings.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer,
    validity.byteOffset + start / 8, Math.ceil(count / 64) * 8)
}

/** Gives the vector the stretch of bytes from the first long text to the last; where it lies is in `kept`. */
function keepLong (
  vector: bindings.Vector, { data, starts, ends }: PackedTextColumn, start: number, count: number
): void {
  let from = -1
  let to = 0
  for (let row = start; row < start + count; row++) {
    if ((ends[row] as number) - (starts[row] as number) <= INLINE_BYTES_MAX) continue
    if (from < 0) from = starts[row] as number
    to = ends[row] as number
  }
  if (from < 0) return
  bindings.vector_assign_string_element_len(vector, 0, data.subarray(from, to))
  const entry = bindings.vector_get_data(vector, ENTRY_BYTES)
  const view = new DataView(entry.buffer, entry.byteOffset, ENTRY_BYTES)
  kept[0] = from
  kept[1] = view.getUint32(8, true)
  kept[2] = view.getUint32(12, true)
}
