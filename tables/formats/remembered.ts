// Codes repeat in every row: what has been encoded once is looked up after that.
import type { Cell } from '../answer.ts'

/** Bound, so that a column of many different values does not keep them all. */
const REMEMBERED_MAX = 10_000

/** The same function, remembering its first 10,000 results. */
export function remembered (encode: (cell: Cell) => string): (cell: Cell) => string {
  const known = new Map<Cell, string>()
  return cell => {
    const before = known.get(cell)
    if (before !== undefined) return before
    const text = encode(cell)
    if (known.size < REMEMBERED_MAX) known.set(cell, text)
    return text
  }
}
