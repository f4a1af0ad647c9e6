import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import type { Cell } from '../../tables/index.ts'
import { ask, FLOWS, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => { published = await openPublished() })
afterAll(() => published.close())

const sum = (rows: readonly Cell[][], column: number): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0)
const FIRST = parseDay('2025-12-20')!
const rowsOf = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom('THA', 'CHN', 'JPN', 'UNO'),
  fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30, selector: ([day, code]) => `${day} ${code}` })
  .map(rows => rows.map(([day, code, persons]): Cell[] => [
    formatDay(FIRST + day), 'KHC-POI', 'arrival', 'admitted', 'land', code, 'F', '20-24', 'T', 'holiday', 'crossing', persons
  ]))

describe('totals', () => {
  it('are rows of a kind of their own, after the figures', async () => {
    await published.show('flows', FLOWS)
    const query = { table: 'flows', by: ['year', 'direction'], totals: true }
    expect(await ask(published.connection, query)).toEqual([
      ['figure', '2025', 'exit', 5], ['figure', '2026', 'arrival', 11], ['figure', '2026', 'exit', 42],
      ['period_total', '2025', null, 5], ['period_total', '2026', null, 53], ['total', null, null, 58]
    ])
    expect(await ask(published.connection, { ...query, sort: ['-persons'], limit: 1 })).toEqual([
      ['figure', '2026', 'exit', 42], ['period_total', '2026', null, 53], ['period_total', '2025', null, 5],
      ['total', null, null, 58]
    ])
  })

  it('of nothing are nothing', async () => {
    await published.show('flows', [])
    expect(await ask(published.connection, { table: 'flows', by: ['sex'], totals: true, shares: 'whole' })).toEqual([])
  })

  it('of the stock are those of the last date, never a sum over dates', async () => {
    const row = (date: string, code: string, persons: number): Cell[] => [date, code, 'F', '20-24', 'T', 'KH-1', persons]
    await published.show('stock', [row('2026-01-31', 'THA', 4), row('2026-01-31', 'CHN', 3), row('2026-02-10', 'THA', 5)])
    const query = { table: 'stock', by: ['month', 'nationality'], totals: true }
    expect(await ask(published.connection, query, { asOf: '2026-02-10' })).toEqual([
      ['figure', '2026-01', 'CHN', 3], ['figure', '2026-01', 'THA', 4], ['figure', '2026-02', 'THA', 5],
      ['period_total', '2026-01', null, 7], ['period_total', '2026-02', null, 5], ['total', null, null, 5]
    ])
    expect(await ask(published.connection, query, { asOf: '2026-02-11' })).not.toContainEqual(['total', null, null, 5])
  })

  it('leave empty what cannot be summed', async () => {
    await published.show('feed_health', [['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 3, 4, 3.5, 1, 2, 3, 4]])
    const rows = await ask(published.connection, { table: 'feed_health', totals: true, shares: 'whole' })
    expect(rows.at(-1)).toEqual(['total', null, null, null, null, 4, 100, 3.5, 100, null, null, null, null])
  })

  it('equal the sum of the rows, of each period and of all, beside what they are compared with', async () => {
    await fc.assert(fc.asyncProperty(rowsOf, fc.constantFrom('week', 'month', 'year'), async (rows, period) => {
      await published.show('flows', rows)
      const answer = await ask(published.connection, {
        table: 'flows', by: [period, 'nationality'], totals: true, compare: 'previous'
      }, { asOf: '2026-03-01' })
      const figures = answer.filter(([type]) => type === 'figure')
      for (const total of answer.filter(([type]) => type === 'period_total')) {
        const own = figures.filter(row => row[1] === total[1])
        expect([total[3], total[4] ?? 0]).toEqual([sum(own, 3), sum(own, 4)])
      }
      const whole = answer.filter(([type]) => type === 'total')
      expect(whole).toHaveLength(1)
      expect([whole[0]![3], whole[0]![4] ?? 0]).toEqual([sum(figures, 3), sum(figures, 4)])
      expect(sum(figures, 3)).toBe(sum(rows, 11))
    }), { numRuns: 40 })
  })
})

describe('shares', () => {
  it('are of all figures, or of those of the period, and add to a hundred', async () => {
    await fc.assert(fc.asyncProperty(rowsOf, async rows => {
      await published.show('flows', rows)
      const query = { table: 'flows', by: ['month', 'nationality'] }
      const whole = await ask(published.connection, { ...query, shares: 'whole' })
      expect(sum(whole, 3)).toBeCloseTo(100, 1)
      const total = sum(rows, 11)
      for (const [,, persons, share] of whole) expect(share).toBeCloseTo(100 * Number(persons) / total, 3)
      const periods = await ask(published.connection, { ...query, shares: 'period', totals: true })
      for (const month of new Set(whole.map(([name]) => name))) {
        expect(sum(periods.filter(([type, name]) => type === 'figure' && name === month), 4)).toBeCloseTo(100, 1)
        expect(periods.find(([type, name]) => type === 'period_total' && name === month)?.[4]).toBe(100)
      }
      expect(periods.at(-1)!.slice(3)).toEqual([total, null])
    }), { numRuns: 25 })
  })

  it('do not change with the limit', async () => {
    await published.show('flows', FLOWS)
    expect(await ask(published.connection, { table: 'flows', by: ['direction'], shares: 'whole', sort: ['-persons'], limit: 1 }))
      .toEqual([['exit', 47, 81.0345]])
  })
})
