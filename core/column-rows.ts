// Rows chosen out of columns: what is to be stored, without what is not.
import { BYTES_PER_ROW, type ColumnBuffer, type FixedColumn } from './column-buffer.ts'

/** Neighbours among the chosen rows: where they begin, and how many they are. */
interface Run { from: number, count: number }

export interface RowSelector {
  /**
   * Columns of these rows, in this order, at most as many as the selector was made for. They hold until the next
   * choice; of texts the bytes are shared with the columns they come from.
   */
  select (columns: readonly ColumnBuffer[], rows: Uint32Array): ColumnBuffer[]
}

type Numbers = FixedColumn['data']
interface Memory { rowsMax: number, pieces: Map<string, Numbers> }

/** A selector of at most `rowsMax` rows at a time; its memory is used again for each choice. */
export function createRowSelector (rowsMax: number): RowSelector {
  const memory: Memory = { rowsMax, pieces: new Map() }
  return {
    select (columns, rows) {
      const runs = runsOf(rows)
      return columns.map((column, number) => selectColumn(memory, String(number), column, rows, runs))
    }
  }
}

function memoryFor ({ rowsMax, pieces }: Memory, name: string, like: Numbers, unitsPerRow: number): Numbers {
  // Tables differ in what a column of the same number is.
  const key = `${name} ${like.constructor.name} ${unitsPerRow}`
  const known = pieces.get(key)
  if (known !== undefined) return known
  const made = new (like.constructor as new (length: number) => Numbers)(rowsMax * unitsPerRow)
  pieces.set(key, made)
  return made
}

function selectBits (memory: Memory, name: string, bits: Uint8Array, rows: Uint32Array): Uint8Array {
  // Whole words of 64 bits, as columns keep them; bits behind the last row are set.
  const selected = memoryFor(memory, `${name} validity`, bits, 1 / 8) as Uint8Array
  selected.fill(0xff)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (((bits[row >> 3] as number) & (1 << (row & 7))) === 0) {
      selected[i >> 3] = (selected[i >> 3] as number) & ~(1 << (i & 7))
    }
  }
  return selected
}

function selectColumn (
  memory: Memory, name: string, column: ColumnBuffer, rows: Uint32Array, runs: readonly Run[]
): ColumnBuffer {
  if (column.kind === 'text') {
    const starts = memoryFor(memory, `${name} starts`, column.starts, 1) as Uint32Array
    const ends = memoryFor(memory, `${name} ends`, column.ends, 1) as Uint32Array
    copyRuns(column.starts, starts, 1, runs)
    copyRuns(column.ends, ends, 1, runs)
    return { ...column, starts, ends, validity: selectBits(memory, name, column.validity, rows) }
  }
  const units = BYTES_PER_ROW[column.kind] / column.data.BYTES_PER_ELEMENT
  const data = memoryFor(memory, name, column.data, units)
  copyRuns(column.data, data, units, runs)
  return {
    kind: column.kind, data, validity: column.validity === null ? null : selectBits(memory, name, column.validity, rows)
  }
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

/** Copies the rows of runs, of which each row has so many numbers, one behind the other. */
function copyRuns (from: Numbers, to: Numbers, units: number, runs: readonly Run[]): void {
  let at = 0
  for (const run of runs) {
    to.set(from.subarray(run.from * units, (run.from + run.count) * units), at)
    at += run.count * units
  }
}
