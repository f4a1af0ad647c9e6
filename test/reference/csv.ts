// Owns rows: counting facts into one row per combination of columns, their order, and their text as CSV.

export type Row = Record<string, string>
export type Cell = string | number

/** One fact's cells for the columns before the `|`, and what it adds to each measure. */
export interface Tick { key: Cell[], measures: number[] }

/** The columns of definitions §11: those that make a row, then those that are summed. */
export interface Columns { dimensions: string[], measures: string[] }

/** One row per combination, sorted by code point; rows of which every measure is zero are left out. */
export function tabulate (columns: Columns, ticks: Iterable<Tick>): Row[] {
  const sums = new Map<string, number[]>()
  for (const { key, measures } of ticks) {
    const text = key.join(',')
    const before = sums.get(text)
    if (before === undefined) sums.set(text, [...measures])
    else measures.forEach((measure, at) => { before[at] = (before[at] ?? 0) + measure })
  }
  const names = [...columns.dimensions, ...columns.measures]
  return [...sums]
    .filter(([, measures]) => measures.some(measure => measure !== 0))
    .map(([text, measures]) => `${text},${measures.join(',')}`)
    .sort(byCodePoint)
    .map(line => rowOf(names, line.split(',')))
}

function rowOf (names: readonly string[], cells: readonly string[]): Row {
  const row: Row = {}
  names.forEach((name, at) => { row[name] = cells[at] ?? '' })
  return row
}

/** Header and rows, each line ended by a line feed. No cell of these tables needs quotes. */
export function csv (rows: readonly Row[], names: readonly string[] = Object.keys(rows[0] ?? {})): string {
  return [names, ...rows.map(row => names.map(name => row[name] ?? ''))].map(cells => `${cells.join(',')}\n`).join('')
}

/** For sort: -1, 0 or 1. The texts compared are ASCII, of which code units are code points. */
export function byCodePoint (a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
