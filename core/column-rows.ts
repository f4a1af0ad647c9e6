// Rows chosen out of columns: what is to be stored, without what is not.
import { createSlices } from './slices.ts'
import { BYTES_PER_ROW, type ColumnBuffer, type FixedColumn, type PackedTextColumn } from './column-buffer.ts'

/** New columns of these rows, in this order; of texts the bytes are shared with the columns they come from. */
export async function selectRows (columns: readonly ColumnBuffer[], rows: Uint32Array): Promise<ColumnBuffer[]> {
  const selected: ColumnBuffer[] = []
  const slices = createSlices()
  for (const column of columns) {
    if (slices.isOver()) await slices.rest()
    selected.push(selectColumn(column, rows))
  }
  return selected
}

function selectColumn (column: ColumnBuffer, rows: Uint32Array): ColumnBuffer {
  if (column.kind === 'varchar') return { ...column, data: Array.from(rows, row => column.data[row] ?? null) }
  return column.kind === 'text' ? selectTexts(column, rows) : selectFixed(column, rows)
}

function selectFixed (column: FixedColumn, rows: Uint32Array): FixedColumn {
  const from = unitsOf(column.kind, column.data)
  const units = BYTES_PER_ROW[column.kind] / from.BYTES_PER_ELEMENT
  const data = new Uint8Array(rows.length * BYTES_PER_ROW[column.kind])
  const to = unitsOf(column.kind, data)
  for (let i = 0; i < rows.length; i++) {
    const row = (rows[i] as number) * units
    for (let unit = 0; unit < units; unit++) to[i * units + unit] = from[row + unit] as number
  }
  return { kind: column.kind, data, validity: column.validity === null ? null : selectBits(column.validity, rows) }
}

function selectTexts (column: PackedTextColumn, rows: Uint32Array): PackedTextColumn {
  return {
    ...column,
    starts: rows.map(row => column.starts[row] as number),
    ends: rows.map(row => column.ends[row] as number),
    validity: selectBits(column.validity, rows)
  }
}

/** The bytes of a column as the largest units of which its rows are whole multiples. */
function unitsOf (kind: FixedColumn['kind'], { buffer, byteOffset, byteLength }: ArrayBufferView): FixedColumn['data'] | Uint16Array {
  const bytes = BYTES_PER_ROW[kind]
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength)
  return bytes === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint32Array(buffer, byteOffset, byteLength / 4)
}

/** Whole words of 64 bits, as columns keep them; bits behind the last row are set. */
function selectBits (bits: Uint8Array, rows: Uint32Array): Uint8Array {
  const selected = new Uint8Array(Math.ceil(rows.length / 64) * 8).fill(0xff)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (((bits[row >> 3] as number) & (1 << (row & 7))) === 0) {
      selected[i >> 3] = (selected[i >> 3] as number) & ~(1 << (i & 7))
    }
  }
  return selected
}
