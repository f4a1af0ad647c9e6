import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell } from '../../tables/index.ts'
import { ask, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => { published = await openPublished() })
afterAll(() => published.close())

const flow = (date: string, persons: number, nationality = 'THA'): Cell[] =>
  [date, 'KHC-POI', 'arrival', 'admitted', 'land', nationality, 'F', '20-24', 'T', 'holiday', 'crossing', persons]
const stock = (date: string, persons: number): Cell[] => [date, 'THA', 'F', '20-24', 'T', 'KH-1', persons]
const visitors = (month: string, count: number): Cell[] =>
  [month, 'THA', 'THA', 'holiday', 'air', 'overnight', count, 2 * count]

async function compare (rows: Cell[][], query: object, asOf = '2030-01-01', table = 'flows'): Promise<Cell[][]> {
  await published.show(table, rows)
  return await ask(published.connection, { table, compare: 'last-year', ...query }, { asOf })
}

describe('a comparison with the year before', () => {
  it('puts value, difference and change beside each measure, empty where there is no value', async () => {
    const rows = [flow('2025-03-10', 8), flow('2026-03-05', 10), flow('2026-04-01', 4)]
    expect(await compare(rows, { by: ['month'], from: '2026-01', to: '2026-12' }))
      .toEqual([['2026-03', 10, 8, 2, 25], ['2026-04', 4, null, null, null]])
  })

  it('shows what was there and is no more as nought', async () => {
    const rows = [flow('2025-03-10', 8, 'CHN'), flow('2026-03-05', 10)]
    expect(await compare(rows, { by: ['nationality'], from: '2026-03', to: '2026-03' }))
      .toEqual([['CHN', 0, 8, -8, -100], ['THA', 10, null, null, null]])
  })

  it('compares a date with the same date, and 29 February with none, either way', async () => {
    const rows = [
      flow('2027-02-28', 1), flow('2028-02-28', 2), flow('2028-02-29', 3), flow('2028-03-01', 4), flow('2029-02-28', 5),
      flow('2029-03-01', 6)
    ]
    expect(await compare(rows, { by: ['business_date'], from: '2028-02', to: '2029-03' })).toEqual([
      ['2028-02-28', 2, 1, 1, 100], ['2028-02-29', 3, null, null, null], ['2028-03-01', 4, null, null, null],
      ['2029-02-28', 5, 2, 3, 150], ['2029-03-01', 6, 4, 2, 50]
    ])
  })

  it('keeps 29 February in its month', async () => {
    const rows = [flow('2028-02-28', 2), flow('2028-02-29', 3), flow('2029-02-10', 4)]
    expect(await compare(rows, { by: ['month'], from: '2029-02', to: '2029-02' })).toEqual([['2029-02', 4, 5, -1, -20]])
  })

  it('compares ISO weeks by number, and week 53 with none where the other year has 52', async () => {
    // 2026 has 53 weeks; 2025 and 2027 have 52. Week 1 of 2026 begins on 29 December 2025.
    const rows = [
      flow('2024-12-30', 7), flow('2025-12-29', 5), flow('2026-12-31', 9), flow('2027-01-04', 4), flow('2027-12-30', 1)
    ]
    expect(await compare(rows, { by: ['week'], from: '2025-12-29', to: '2027-12-31' })).toEqual([
      ['2026-W01', 5, 7, -2, -28.5714], ['2026-W53', 9, null, null, null], ['2027-W01', 4, 5, -1, -20],
      ['2027-W52', 1, null, null, null]
    ])
  })

  it('compares what is not over with as many days', async () => {
    const rows = [flow('2025-03-10', 8), flow('2025-03-11', 100), flow('2025-04-01', 100), flow('2026-03-10', 9)]
    expect(await compare(rows, { by: ['month'], from: '2026-01' }, '2026-03-10')).toEqual([['2026-03', 9, 8, 1, 12.5]])
    expect(await compare(rows, { by: [], from: '2026-01', asOf: '2026-03-10' }, '2026-03-10')).toEqual([[9, 8, 1, 12.5]])
    expect(await compare(rows, { by: [], from: '2026-01', to: '2026-03-10' })).toEqual([[9, 8, 1, 12.5]])
  })

  it('keeps to filters of people and of time', async () => {
    const rows = [flow('2025-03-10', 8), flow('2025-03-10', 90, 'CHN'), flow('2025-04-10', 90), flow('2026-03-05', 10)]
    expect(await compare(rows, { by: ['quarter'], where: { nationality: ['THA'], month: ['2026-03'] } }))
      .toEqual([['2026-Q1', 10, 8, 2, 25]])
  })

  it('takes whole months of a table of months, up to the last it has', async () => {
    const rows = [visitors('2025-02', 5), visitors('2025-03', 8), visitors('2026-02', 10)]
    expect(await compare(rows, { by: ['month'], measures: ['visitors'], from: '2026-01' }, undefined, 'visitors'))
      .toEqual([['2026-02', 10, 5, 5, 100]])
  })

  it('takes the last date of the stock on either side, also where the February before is longer', async () => {
    const rows = [
      stock('2028-02-28', 3), stock('2028-02-29', 4), stock('2029-02-28', 6), stock('2028-03-15', 90), stock('2029-03-10', 7),
      stock('2028-03-10', 14)
    ]
    expect(await compare(rows, { by: ['month'], from: '2029-02' }, '2029-03-10', 'stock'))
      .toEqual([['2029-02', 6, 4, 2, 50], ['2029-03', 7, 14, -7, -50]])
    expect(await compare(rows, { by: [] }, '2029-03-10', 'stock')).toEqual([[7, 14, -7, -50]])
  })

  it('answers the same where the date of the table is not told', async () => {
    await published.show('stock', [stock('2028-03-10', 14), stock('2029-03-10', 7)])
    expect(await ask(published.connection, { table: 'stock', by: ['year'], compare: 'last-year', from: '2029-01' }))
      .toEqual([['2029', 7, 14, -7, -50]])
    await published.show('flows', [flow('2025-03-10', 8), flow('2025-03-11', 100), flow('2026-03-10', 9)])
    expect(await ask(published.connection, { table: 'flows', by: ['month'], compare: 'last-year', from: '2026-01' }))
      .toEqual([['2026-03', 9, 8, 1, 12.5]])
  })
})

describe('a comparison with the period before', () => {
  it.each([
    ['day', '2026-03-01', '2026-02-28', '2026-03-01', '2026-03-01'],
    ['week', '2026-03-04', '2026-02-25', '2026-03-02', '2026-03-08'],
    ['month', '2026-03-31', '2026-02-20', '2026-03', '2026-03'],
    ['quarter', '2026-05-20', '2026-01-10', '2026-04', '2026-06'],
    ['year', '2026-05-20', '2025-02-10', '2026-01', '2026-12']
  ])('goes back one %s', async (period, now, before, from, to) => {
    const answer = await compare([flow(before, 4), flow(now, 5)], { by: [period], from, to, compare: 'previous' })
    expect(answer.map(cells => cells.slice(1))).toEqual([[5, 4, 1, 25]])
  })

  it('goes back by the range, in whole months where it is whole months', async () => {
    const rows = [flow('2026-01-29', 3), flow('2026-02-10', 4), flow('2026-02-20', 5), flow('2026-02-12', 9)]
    expect(await compare(rows, { by: [], from: '2026-02', to: '2026-02', compare: 'previous' }))
      .toEqual([[18, 3, 15, 500]])
    expect(await compare(rows, { by: [], from: '2026-02-20', to: '2026-02-27', compare: 'previous' }))
      .toEqual([[5, 9, -4, -44.4444]])
    expect(await compare([visitors('2025-12', 4), visitors('2026-01', 5)],
      { by: ['month'], measures: ['visitors'], compare: 'previous', from: '2026-01' }, undefined, 'visitors'))
      .toEqual([['2026-01', 5, 4, 1, 25]])
  })
})
