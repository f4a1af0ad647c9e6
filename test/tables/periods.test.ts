import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tables } from '../../schemas/tables/index.ts'
import { buildQuery, type Cell, describeTables } from '../../tables/index.ts'
import { ask, everyTable, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => { published = await openPublished() })
afterAll(() => published.close())

/** The period of a date or month, worked out without the engine. 2026-01-01 is a Thursday. */
const PERIOD_OF: Readonly<Record<string, (time: string) => string>> = {
  day: time => time,
  week: time => ({ '2025-12-29': '2026-W01', '2026-01-05': '2026-W02', '2026-03-31': '2026-W14', '2026-04-01': '2026-W14' })[time]!,
  month: time => time.slice(0, 7),
  quarter: time => `${time.slice(0, 4)}-Q${Math.ceil(Number(time.slice(5, 7)) / 3)}`,
  year: time => time.slice(0, 4)
}
const DATES = ['2025-12-29', '2026-01-05', '2026-03-31', '2026-04-01']

describe('the roll-ups of every table', () => {
  it.each(describeTables().map(table => [table.id, table] as const))('%s: its periods hold the sums of their dates', async (id, table) => {
    const time = table.dimensions.findIndex(({ type }) => type === 'date' || type === 'month')
    const times = table.dimensions[time]!.type === 'date' ? DATES : DATES.map(date => date.slice(0, 7))
    await published.show(id, times.map((when, index) => [
      ...table.dimensions.map(({ type }, at): Cell => at === time ? when : type === 'integer' ? 1 : 'A'),
      ...table.measures.map((): Cell => index + 1)
    ]))
    const summable = table.measures.filter(({ summable }) => summable !== 'none')
    for (const period of table.periods) {
      const expected = new Map<string, number>()
      times.forEach((when, index) => {
        const name = PERIOD_OF[period]!(when)
        const before = summable[0]!.summable === 'last' ? 0 : expected.get(name) ?? 0
        expected.set(name, before + index + 1)
      })
      // The stock of a period is that of its last date by the calendar; here only the last period has anybody on it.
      const query = { table: id, by: [period], measures: [summable[0]!.name] }
      const answer = new Map(await ask(published.connection, query, { asOf: '2026-04-01' }) as [string, number][])
      if (id !== 'stock') expect(answer, period).toEqual(expected)
      else if (period !== 'day') expect([...answer.values()].at(-1), period).toBe(4)
    }
  })

  it('are refused for what cannot be summed, with what can', () => {
    for (const { id, measures } of tables.filter(table => table.measures.some(({ summable }) => summable === 'none'))) {
      const none = measures.filter(({ summable }) => summable === 'none').map(({ name }) => name)
      for (const period of ['week', 'month', 'quarter', 'year']) {
        expect(() => buildQuery({ table: id, by: [period] }, everyTable)).toThrow(`${none.join(', ')} cannot be summed`)
      }
    }
  })
})
