import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import type { Cell } from '../../tables/index.ts'
import { ask, openPublished, type Published } from './published.ts'

let published: Published
beforeEach(async () => { published = await openPublished() })
afterEach(() => published.close())

const row = (date: string, nationality: string, province: string, persons: number): Cell[] =>
  [date, nationality, 'F', '20-24', 'T', province, persons]

describe('asking the stock', () => {
  beforeEach(async () => await published.show('stock', [
    row('2026-01-30', 'THA', 'KH-1', 5), row('2026-01-31', 'THA', 'KH-1', 4), row('2026-01-31', 'THA', 'KH-2', 2),
    row('2026-02-01', 'CHN', 'KH-1', 9), row('2026-02-01', 'THA', 'KH-1', 1), row('2026-02-03', 'CHN', 'KH-1', 8)
  ]))
  const stock = async (query: object, options = {}) =>
    await ask(published.connection, { table: 'stock', ...query }, options)

  it('sums over people, and takes the last date over time', async () => {
    expect(await stock({ by: ['business_date'] }))
      .toEqual([['2026-01-30', 5], ['2026-01-31', 6], ['2026-02-01', 10], ['2026-02-03', 8]])
    expect(await stock({ by: ['nationality'] })).toEqual([['CHN', 8]])
    expect(await stock({ by: [] })).toEqual([[8]])
    expect(await stock({ by: ['province'], to: '2026-01-31' })).toEqual([['KH-1', 4], ['KH-2', 2]])
  })

  it('takes the last date inside each period', async () => {
    expect(await stock({ by: ['month'] })).toEqual([['2026-01', 6], ['2026-02', 8]])
    expect(await stock({ by: ['week', 'nationality'] }))
      .toEqual([['2026-W05', 'CHN', 9], ['2026-W05', 'THA', 1], ['2026-W06', 'CHN', 8]])
    expect(await stock({ by: ['week', 'month'] }))
      .toEqual([['2026-W05', '2026-01', 6], ['2026-W05', '2026-02', 10], ['2026-W06', '2026-02', 8]])
  })

  it('does not go back past a date on which nobody was present', async () => {
    expect(await stock({ by: [], to: '2026-02-02' })).toEqual([])
    expect(await stock({ by: [], where: { nationality: ['THA'] } })).toEqual([])
    expect(await stock({ by: [] }, { asOf: '2026-02-04' })).toEqual([])
    expect(await stock({ by: ['month'] }, { asOf: '2026-02-01' })).toEqual([['2026-01', 6], ['2026-02', 10]])
  })

  it('takes the last of the dates that are asked for', async () => {
    expect(await stock({ by: ['nationality'], where: { business_date: ['2026-01-30', '2026-01-31'] } }))
      .toEqual([['THA', 6]])
    expect(await stock({ by: [], where: { month: ['2026-01'] } })).toEqual([[6]])
    expect(await stock({ by: [], from: '2026-01', to: '2026-01' })).toEqual([[6]])
  })

  it('is what it was computed for, by any name of that date', async () => {
    expect(await stock({ by: [], asOf: '2026-02-03' }, { asOf: '2026-02-03' })).toEqual([[8]])
  })

  it('answers an empty table with nothing', async () => {
    await published.show('stock', [])
    expect(await stock({ by: ['month'] })).toEqual([])
    expect(await stock({ by: [], from: '2026-01', to: '2026-03' })).toEqual([])
  })
})

describe('the stock of any rows', () => {
  const FIRST = parseDay('2025-12-20')!
  const key = {
    week: isoWeek,
    month: (day: number) => formatDay(day).slice(0, 7),
    year: (day: number) => formatDay(day).slice(0, 4)
  }
  const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom('THA', 'CHN'),
    fc.constantFrom('KH-1', 'KH-2'), fc.integer({ min: 1, max: 9 })),
  { minLength: 1, maxLength: 25, selector: ([day, nationality, province]) => `${day} ${nationality} ${province}` })

  it('is the sum on the last date of each period by the calendar', async () => {
    await fc.assert(fc.asyncProperty(rows, fc.constantFrom('week', 'month', 'year', undefined),
      fc.subarray(['nationality', 'province']), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 50 }),
      async (cells, period, dimensions, from, length) => {
        await published.show('stock', cells.map(([day, nationality, province, persons]) =>
          row(formatDay(FIRST + day), nationality, province, persons)))
        const last = Math.min(from + length, Math.max(...cells.map(([day]) => day)))
        const lastOf = new Map<string, number>()
        const periodOf = (day: number): string => period === undefined ? '' : key[period](FIRST + day)
        for (let day = from; day <= last; day++) lastOf.set(periodOf(day), day)
        const sums = new Map<string, number>()
        for (const [day, nationality, province, persons] of cells) {
          if (lastOf.get(periodOf(day)) !== day) continue
          const kept = dimensions.map(name => name === 'nationality' ? nationality : province)
          const text = [...(period === undefined ? [] : [periodOf(day)]), ...kept].join(' ')
          sums.set(text, (sums.get(text) ?? 0) + persons)
        }
        const answer = await ask(published.connection, {
          table: 'stock',
          by: [...(period === undefined ? [] : [period]), ...dimensions],
          from: formatDay(FIRST + from),
          to: formatDay(FIRST + from + length)
        })
        const expected = [...sums].sort(([a], [b]) => a < b ? -1 : 1)
        expect(answer.map(cell => [cell.slice(0, -1).join(' '), cell.at(-1)])).toEqual(expected)
      }), { numRuns: 60 })
  })
})

/** ISO 8601 week of a day since 1970-01-01 (a Thursday), counted from the Thursday that the week holds. */
function isoWeek (day: number): string {
  const thursday = day - ((day + 3) % 7) + 3
  const year = formatDay(thursday).slice(0, 4)
  return `${year}-W${String(Math.floor((thursday - parseDay(`${year}-01-01`)!) / 7) + 1).padStart(2, '0')}`
}
