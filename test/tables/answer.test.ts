import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasCode } from '../../core/errors.ts'
import { runQuery } from '../../tables/index.ts'
import { allRows, ask, FLOWS, openPublished, type Published } from './published.ts'

let published: Published
beforeEach(async () => { published = await openPublished() })
afterEach(() => published.close())

describe('asking flows', () => {
  beforeEach(async () => await published.show('flows', FLOWS))
  const flows = async (query: object, options = {}) =>
    await ask(published.connection, { table: 'flows', ...query }, options)

  it('gives all rows by default, ordered by their columns', async () => {
    const byColumns = [...FLOWS].sort((a, b) => a.join('\t') < b.join('\t') ? -1 : 1)
    expect(await flows({})).toEqual(byColumns)
  })

  it('sums over what is left out, and over everything', async () => {
    expect(await flows({ by: ['nationality', 'direction'] })).toEqual([
      ['CHN', 'arrival', 8], ['KHM', 'exit', 45], ['THA', 'arrival', 3], ['THA', 'exit', 2]
    ])
    expect(await flows({ by: [] })).toEqual([[58]])
  })

  it('keeps a range of dates or months, both ends included', async () => {
    expect(await flows({ by: ['day'], from: '2026-01-05', to: '2026-02-01' }))
      .toEqual([['2026-01-05', 5], ['2026-01-31', 7], ['2026-02-01', 1]])
    expect(await flows({ by: ['day'], from: '2026-01', to: '2026-01' })).toEqual([['2026-01-05', 5], ['2026-01-31', 7]])
    expect(await flows({ by: [], to: '2025-12-29' })).toEqual([[5]])
    expect(await flows({ by: [], from: '2026-04-02' })).toEqual([])
  })

  it('keeps any of the values of each filter', async () => {
    expect(await flows({ by: ['nationality'], where: { nationality: ['THA', 'KHM'], direction: ['exit'] } }))
      .toEqual([['KHM', 45], ['THA', 2]])
    expect(await flows({ by: [], where: { business_date: ['2026-01-05', '2026-04-01', '2026-02-30', 'x'] } }))
      .toEqual([[45]])
    expect(await flows({ by: [], where: { month: ['2026-01'], week: ['2026-W02'] } })).toEqual([[5]])
  })

  it('answers unknown values with nothing', async () => {
    expect(await flows({ where: { nationality: ['ZZZ'] } })).toEqual([])
    expect(await flows({ by: [], where: { day: ['yesterday'] } })).toEqual([])
  })

  it('rolls dates up to weeks (ISO), months, quarters and years', async () => {
    expect(await flows({ by: ['week'] }))
      .toEqual([['2026-W01', 5], ['2026-W02', 5], ['2026-W05', 8], ['2026-W14', 40]])
    expect(await flows({ by: ['month'] })).toEqual([['2025-12', 5], ['2026-01', 12], ['2026-02', 1], ['2026-04', 40]])
    expect(await flows({ by: ['quarter'] })).toEqual([['2025-Q4', 5], ['2026-Q1', 13], ['2026-Q2', 40]])
    expect(await flows({ by: ['direction', 'year'] }))
      .toEqual([['arrival', '2026', 11], ['exit', '2025', 5], ['exit', '2026', 42]])
  })

  it('orders by what is asked, then by the kept columns, and limits after ordering', async () => {
    expect(await flows({ by: ['nationality'], sort: ['-persons'], limit: 2 })).toEqual([['KHM', 45], ['CHN', 8]])
    expect(await flows({ by: ['mode', 'sex'], sort: ['-mode'] }))
      .toEqual([['land', 'F', 8], ['land', 'M', 2], ['land', 'U', 40], ['air', 'M', 8]])
    expect(await flows({ by: ['age_band'], limit: 3 })).toEqual([['10-14', 5], ['20-24', 3], ['25-29', 2]])
  })

  it('leaves out rows in which nothing is counted', async () => {
    await published.show('flows', [...FLOWS, [...FLOWS[0]!.slice(0, -1), -3]])
    expect(await flows({ by: ['nationality', 'direction'], where: { nationality: ['THA'] } }))
      .toEqual([['THA', 'exit', 2]])
  })

  it('cuts at an as-of date', async () => {
    expect(await flows({ by: [], asOf: '2026-01-31' })).toEqual([[17]])
  })

  it('reads from another schema, whatever its name', async () => {
    await published.connection.run('create schema "as of; ""x"""')
    await published.connection.run(
      'create view "as of; ""x""".flows as select * from published.flows where sex = \'U\'')
    expect(await flows({ by: [] }, { schema: ['memory', 'as of; "x"'] })).toEqual([[40]])
  })

  it.each([
    "x' or '1'='1", "'; drop schema published cascade; --", '$1', '" union select 1 --', '\u0000', '%',
    "'||(select 1)||'"
  ])('takes %j for a value and nothing else', async value => {
    expect(await flows({ where: { nationality: [value], checkpoint: [value], month: [value] } })).toEqual([])
    expect(await flows({ by: [] })).toEqual([[58]])
  })

  it.each([
    'sex"; drop schema published cascade; --', 'persons) from published.flows --', '*', '__proto__', 'constructor'
  ])('takes no name %j', async name => {
    await expect(flows({ by: [name] })).rejects.toThrow('expected one of')
    await expect(flows({ where: Object.fromEntries([[name, ['x']]]) })).rejects.toThrow('expected one of')
    await expect(flows({ sort: [name] })).rejects.toThrow('expected one of')
    await expect(flows({ table: `flows ${name}` })).rejects.toThrow('expected one of the tables')
    expect(await flows({ by: [] })).toEqual([[58]])
  })
})

describe('asking tables of other kinds', () => {
  it('rolls months up to quarters and years, and takes dates for months', async () => {
    const row = (month: string, persons: number) => [month, 'KHC-POI', 'land', 'arrival', 'THA', 'no_visa', persons]
    await published.show('refusals', [row('2025-12', 1), row('2026-01', 2), row('2026-03', 4), row('2026-04', 8)])
    const refusals = async (query: object) => await ask(published.connection, { table: 'refusals', ...query })
    expect(await refusals({ by: ['quarter'] })).toEqual([['2025-Q4', 1], ['2026-Q1', 6], ['2026-Q2', 8]])
    expect(await refusals({ by: ['year'] })).toEqual([['2025', 1], ['2026', 14]])
    expect(await refusals({ by: [], from: '2026-01-20', to: '2026-03' })).toEqual([[6]])
    expect(await refusals({ by: [], where: { quarter: ['2026-Q1'], month: ['2026-03'] } })).toEqual([[4]])
  })

  it('orders hours as published files do, unless asked to order by them', async () => {
    const row = (hour: number) => ['2026-01-05', hour, 'KHC-POI', 'exit', 'admitted', 1]
    await published.show('flows_hourly', [row(9), row(10), row(0)])
    const hours = async (query: object) => (await ask(published.connection, { table: 'flows_hourly', ...query }))
      .map(cells => cells[0])
    expect(await hours({ by: ['hour'] })).toEqual([0, 10, 9])
    expect(await hours({ by: ['hour'], sort: ['hour'] })).toEqual([0, 9, 10])
    expect(await hours({ by: ['hour'], where: { hour: ['9', '09', 'x', '99999999999'] } })).toEqual([9])
  })

  it('shows delays where all columns are kept, and counts without them where not', async () => {
    await published.show('feed_health', [
      ['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 9, 0, 0, null, null, null, null],
      ['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 10, 0, 2.5, null, null, null, null],
      ['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 11, 4, 3, 1.5, 9, 20, 60]
    ])
    const health = async (query: object) => await ask(published.connection, { table: 'feed_health', ...query })
    expect(await health({})).toEqual([
      ['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 10, 0, 2.5, null, null, null, null],
      ['gdi.crossing.v1', 'KHC-POI', '2026-01-05', 11, 4, 3, 1.5, 9, 20, 60]
    ])
    expect(await health({ by: ['month'], measures: ['expected', 'messages'] })).toEqual([['2026-01', 5.5, 4]])
    expect((await health({ measures: ['delay_desk_p95'] })).map(row => row.at(-1))).toEqual([null, 9])
  })

  it('holds whole numbers that a double cannot', async () => {
    await published.show('data_quality', [['2026-01-05', 'unknown', 'duplicate', 'unknown', 9007199254740993n]])
    expect(await ask(published.connection, { table: 'data_quality', by: [] })).toEqual([[9007199254740993n]])
  })
})

describe('an answer', () => {
  const many = 'create or replace view published.flows_hourly as select ' +
    'date \'2026-01-01\' + (range // 10000)::integer as business_date, 1 as hour, ' +
    '\'C\' || range as checkpoint, \'exit\' as direction, \'admitted\' as decision, ' +
    '1::bigint as persons from range(50000)'
  const endless = many.replace('range(50000)', 'range(10000000) cross join range(10000000) as b(other)')
  const query = { table: 'flows_hourly' }

  it('fails when another statement ends its stream, instead of ending early', async () => {
    await published.connection.run(many)
    const answer = await runQuery(published.connection, query)
    const chunks = answer.chunks[Symbol.asyncIterator]()
    expect((await chunks.next()).value!.rowCount).toBe(1024)
    await published.connection.run('select 1')
    await expect((async () => { while ((await chunks.next()).done !== true); })()).rejects.toThrow('broke off after')
    expect(await ask(published.connection, { ...query, by: [] })).toEqual([[50000]])
  })

  it('is whole when its last chunk is full or holds the end alone', async () => {
    for (const count of [0, 1, 2047, 2048, 2049, 4095, 4096]) {
      await published.connection.run(many.replace('50000', String(count)))
      expect((await allRows(await runQuery(published.connection, query))).length).toBe(count)
    }
  })

  it('can be left early, and its connection used again', async () => {
    await published.connection.run(many)
    const chunks = (await runQuery(published.connection, query)).chunks[Symbol.asyncIterator]()
    expect((await chunks.next()).value!.rowCount).toBe(1024)
    await chunks.return!()
    expect(await ask(published.connection, { ...query, by: [] })).toEqual([[50000]])
  })

  it('fails at its time limit, and its connection can be used again', async () => {
    await published.connection.run(endless)
    const failure = await runQuery(published.connection, { ...query, by: [] }, { timeoutSeconds: 0.2 })
      .catch((error: unknown) => error)
    expect(hasCode(failure, 'DATABASE_FAILED')).toBe(true)
    expect(String(failure)).toContain('within 0.2 s')
    await published.connection.run(many)
    expect(await ask(published.connection, { ...query, by: [] }, { timeoutSeconds: 60 })).toEqual([[50000]])
  })

  it('stops for a signal that comes while nobody takes its chunks', async () => {
    await published.connection.run(many)
    const controller = new AbortController()
    const answer = await runQuery(published.connection, query, { signal: controller.signal })
    controller.abort(new Error('the reader has gone'))
    // The signal reached no statement but the answer's own.
    expect((await published.connection.runAndReadAll('select 1')).getRows()).toEqual([[1]])
    await expect(allRows(answer)).rejects.toThrow('the reader has gone')
  })

  it('stops for a signal with its reason', async () => {
    await published.connection.run(endless)
    const controller = new AbortController()
    const running = runQuery(published.connection, { ...query, by: [] }, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('the reader has gone')), 50)
    await expect(running).rejects.toThrow('the reader has gone')
    await expect(runQuery(published.connection, query, { signal: controller.signal })).rejects.toThrow('has gone')
  })

  it('fails with the text of the database when a table is not there', async () => {
    await expect(runQuery(published.connection, { table: 'minors' })).rejects.toThrow('minors does not exist')
  })
})
