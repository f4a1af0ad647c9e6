// A table for a terminal: numbers to the right, labels in place of codes where they are given. No colours.
import Table from 'cli-table3'
import { type Answer, answerRows, type Cell } from '../answer.ts'
import type { FormatOptions } from './format.ts'

/** Holds the whole answer, because a column is as wide as its widest value. */
export async function * encodeTable (answer: Answer, { labels }: FormatOptions = {}): AsyncGenerator<string> {
  const table = new Table({
    head: answer.columns.map(({ name, heading }) => heading ?? name),
    colAligns: answer.columns.map(({ type }) => type === 'integer' || type === 'number' ? 'right' : 'left'),
    style: { head: [], border: [], compact: true }
  })
  const shown = (cell: Cell, index: number): string => {
    const { name, coded, unit } = answer.columns[index]!
    if (cell === null) return ''
    if (unit === 'percent') return Number(cell).toFixed(1)
    return coded && labels !== undefined ? labels(name, String(cell)) : String(cell)
  }
  for await (const row of answerRows(answer)) table.push(row.map(shown))
  yield `${table.toString()}\n`
}
