import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { tableDeclaration } from '../../schemas/tables/index.ts'
import type { Cell } from '../../tables/index.ts'
import { ask, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => { published = await openPublished() })
afterAll(() => published.close())

const day = fc.integer({ min: parseDay('2023-12-25')!, max: parseDay('2024-03-05')! }).map(formatDay)
const cells: Record<string, fc.Arbitrary<Cell>> = {
  business_date: day,
  month: day.map(text => text.slice(0, 7)),
  hour: fc.integer({ min: 0, max: 23 }),
  nationality: fc.constantFrom('THA', 'ទេស', '😀', 'ｚ', 'Z', 'a')
}
const PERIODS: Record<string, (text: string) => string> = {
  quarter: text => `${text.slice(0, 4)}-Q${Math.ceil(Number(text.slice(5, 7)) / 3)}`,
  year: text => text.slice(0, 4)
}

/** Random rows of a table, one per combination of its dimensions. */
function rowsOf (table: string): fc.Arbitrary<Cell[][]> {
  const { dimensions, measures } = tableDeclaration(table)
  const row = fc.tuple(
    ...dimensions.map(({ name, codes }) => cells[name] ?? fc.constantFrom(...(codes ?? ['A', 'B']).slice(0, 3))),
    ...measures.map(() => fc.integer({ min: 0, max: 5 })))
  return fc.uniqueArray(row, { maxLength: 40, selector: cell => JSON.stringify(cell.slice(0, dimensions.length)) })
}

describe('sums', () => {
  it.each(['flows', 'flows_hourly', 'minors', 'visitors', 'overstay_rate', 'data_quality'])(
    'of %s over any dimensions equal the table without them', async table => {
      const { dimensions, measures } = tableDeclaration(table)
      const names = dimensions.map(({ name }) => name)
      const by = fc.shuffledSubarray([...names, 'quarter', 'year'])
      await fc.assert(fc.asyncProperty(rowsOf(table), by, async (rows, kept) => {
        await published.show(table, rows)
        const sums = new Map<string, { key: Cell[], totals: number[] }>()
        const time = dimensions.findIndex(({ type }) => type === 'date' || type === 'month')
        for (const row of rows) {
          const key = kept.map(name => PERIODS[name]?.(String(row[time])) ?? row[names.indexOf(name)]!)
          const group = sums.get(JSON.stringify(key)) ?? { key, totals: measures.map(() => 0) }
          measures.forEach((_, i) => { group.totals[i]! += Number(row[names.length + i]) })
          sums.set(JSON.stringify(key), group)
        }
        const expected = [...sums.values()].filter(({ totals }) => totals.some(total => total !== 0))
          .sort((a, b) => codePointOrder(a.key, b.key)).map(({ key, totals }) => [...key, ...totals])
        expect(await ask(published.connection, { table, by: kept })).toEqual(expected)
      }), { numRuns: 25 })
    })
})

/** Column by column, each as text by code point (UTF-8 bytes), which sorts hours as text too. */
function codePointOrder (a: Cell[], b: Cell[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = Buffer.compare(Buffer.from(String(a[i])), Buffer.from(String(b[i])))
    if (order !== 0) return order
  }
  return 0
}
