// Rows chosen out of columns: what is to be stored, without what is not.
import { createSlices } from './slices.ts'
import { BYTES_PER_ROW, type ColumnBuffer, type FixedColumn } from './column-buffer.ts'

/** Neighbours among the chosen rows: where they begin, and how many they are. */
interface Run { from: number, count: number }

/** New columns of these rows, in this order; of texts the bytes are shared with the columns they come from. */
export async function selectRows (columns: readonly ColumnBuffer[], rows: Uint32Array): Promise<ColumnBuffer[]> {
  const selected: ColumnBuffer[] = []
  const runs = runsOf(rows)
  const slices = createSlices()
  for (const column of columns) {
    if (slices.isOver()) await slices.rest()
    selected.push(selectColumn(column, rows, runs))
  }
  return selected
}

/** Mostly few rows are left out: what stands between them is copied in one piece. */
function runsOf (rows: Uint32Array): Run[] {
  const runs: Run[] = []
  let run: Run = { from: -1, count: 0 }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (row === run.from + run.count && run.count > 0) run.count++
    else runs.push(run = { from: row, count: 1 })
  }
  return runs
}

function selectColumn (column: ColumnBuffer, rows: Uint32Array, runs: readonly Run[]): ColumnBuffer {
  if (column.kind === 'varchar') return { ...column, data: Array.from(rows, row => column.data[row] ?? null) }
  if (column.kind === 'text') {
    return {
      ...column,
      starts: selectUnits(column.starts, 1, rows.length, runs) as Uint32Array,
      ends: selectUnits(column.ends, 1, rows.length, runs) as Uint32Array,
      validity: selectBits(column.validity, rows)
    }
  }
  const units = BYTES_PER_ROW[column.kind] / column.data.BYTES_PER_ELEMENT
  return {
    kind: column.kind,
    data: selectUnits(column.data, units, rows.length, runs),
    validity: column.validity === null ? null : selectBits(column.validity, rows)
  }
}

/** The rows of numbers, of which each row has so many. */
function selectUnits (
  data: FixedColumn['data'], units: number, rowCount: number, runs: readonly Run[]
): FixedColumn['data'] {
  const selected = new (data.constructor as new (length: number) => FixedColumn['data'])(rowCount * units)
  let at = 0
  for (const { from, count } of runs) {
    selected.set(data.subarray(from * units, (from + count) * units), at)
    at += count * units
  }
  return selected
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
