import { describe, expect, it } from 'vitest'
import { BorderflowError } from '../../core/errors.ts'
import { tableDeclaration } from '../../schemas/tables/index.ts'
import { buildQuery, type TableQuery } from '../../tables/index.ts'
import { everyTable } from './published.ts'

function refusal (query: unknown, options = {}): string {
  try {
    buildQuery(query as TableQuery, { ...everyTable, ...options })
  } catch (error) {
    if (error instanceof BorderflowError) return `${error.code}: ${error.message}`
    throw error
  }
  throw new Error('the query was accepted')
}

describe('a query is refused, with what is allowed,', () => {
  it.each([
    ['an unknown table', { table: 'flow' }, 'TABLE_UNKNOWN', 'Did you mean flows?'],
    ['an unknown field', { table: 'flows', form: '2026-01' }, '(query)', 'Did you mean from?'],
    ['an unknown dimension to keep', { table: 'flows', by: ['nationalty'] }, '(by)', 'Did you mean nationality?'],
    ['an unknown dimension to filter', { table: 'flows', where: { sexe: ['F'] } }, 'one of business_date, ch', 'sex?'],
    ['a dimension of another table', { table: 'flows', by: ['hour'] }, '(by)', 'one of business_date'],
    ['a day of a table of months', { table: 'minors', by: ['day'] }, '(by)', 'one of month'],
    ['a dimension twice', { table: 'flows', by: ['sex', 'sex'] }, '(by)', 'each name once'],
    ['an unknown measure', { table: 'flows', measures: ['people'] }, '(measures)', 'one of persons'],
    ['no measure', { table: 'flows', measures: [] }, '(measures)', 'at least one measure'],
    ['an order by what is not kept', { table: 'flows', by: ['sex'], sort: ['-mode'] }, '(sort)', 'one of sex, persons'],
    ['an order twice', { table: 'flows', sort: ['sex', '-sex'] }, '(sort)', 'each name once'],
    ['no values', { table: 'flows', where: { sex: [] } }, '(where.sex)', '0 values'],
    ['a value that is no text', { table: 'flows', where: { sex: [1] } }, '(where.sex)', 'texts'],
    ['values that are no list', { table: 'flows', where: { sex: 'F' } }, '(where.sex)', 'string'],
    ['too many values', { table: 'flows', where: { sex: Array(1001).fill('F') } }, '(where.sex)', '1001 values'],
    ['names that are no list', { table: 'flows', by: 'sex' }, '(by)', 'string'],
    ['a limit of nought', { table: 'flows', limit: 0 }, '(limit)', 'found 0'],
    ['a broken limit', { table: 'flows', limit: 1.5 }, '(limit)', 'found 1.5'],
    ['a limit that is text', { table: 'flows', limit: '1; drop' }, '(limit)', '1; drop'],
    ['a month that is none', { table: 'flows', from: '2026-13' }, '(from)', '"2026-13"'],
    ['a date that is none', { table: 'flows', to: '2026-02-29' }, '(to)', '"2026-02-29"'],
    ['a year', { table: 'flows', from: '2026' }, '(from)', 'YYYY-MM'],
    ['a range that is no text', { table: 'flows', from: 2026 }, '(from)', '"2026"'],
    ['a reversed range', { table: 'flows', from: '2026-02', to: '2026-01' }, '(from, to)', 'from 2026-02 to 2026-01'],
    ['a range reversed in a month', { table: 'minors', from: '2026-02-20', to: '2026-02-10' }, '(from, to)', 'begins'],
    ['an as-of date that is none', { table: 'flows', asOf: '2026-02' }, '(asOf)', '"2026-02"'],
    ['another as-of date', { table: 'stock', asOf: '2026-02-01' }, '(asOf)', 'Compute the tables'],
    ['another comparison', { table: 'flows', by: ['month'], compare: 'lastyear' }, '(compare)', 'Did you mean last-year?'],
    ['a comparison of all of time', { table: 'flows', by: ['sex'], compare: 'last-year' }, '(compare)', 'Keep a period'],
    ['a comparison of one date', { table: 'overstays', compare: 'last-year' }, '(compare)', 'as of each of the two dates'],
    ['no period to go back by', { table: 'flows', by: [], from: '2026-01', compare: 'previous' }, '(compare)', 'both ends'],
    ['totals of one row', { table: 'flows', by: [], totals: true }, '(totals)', 'a dimension kept'],
    ['totals that are no yes or no', { table: 'flows', totals: 'yes' }, '(totals)', 'true or false'],
    ['totals of delays', { table: 'feed_health', measures: ['delay_desk_p50'], totals: true }, '(totals)', 'can be summed'],
    ['other shares', { table: 'flows', shares: 'perod' }, 'one of whole, period', 'Did you mean period?'],
    ['shares of no period', { table: 'flows', by: ['sex'], shares: 'period' }, '(shares)', 'a period kept'],
    ['shares of stock over time', { table: 'stock', by: ['month'], shares: 'whole' }, '(shares)', 'not summed over time'],
    ['other labels', { table: 'flows', labels: 'kh' }, 'one of code, en, km, both', 'Did you mean km?'],
    ['labels that are no text', { table: 'flows', labels: ['en'] }, '(labels)', 'one of code, en, km, both'],
    ['a group that is none', { table: 'flows', where: { nationality_region: ['Asia'] } }, '(where.nationality_region)', '142'],
    ['a region that is none', { table: 'flows', where: { nationality: ['999'] } }, '(where.nationality)', '142 (Asia)'],
    ['groups of what has none', { table: 'flows', by: ['checkpoint_region'] }, '(by)', 'nationality_region'],
    ['an order by what is not compared', { table: 'flows', by: ['sex'], sort: ['persons_difference'] }, '(sort)', 'one of sex']
  ])('for %s', (_what, query, first, second) => {
    const message = refusal(query)
    expect(message).toMatch(/^(QUERY_INVALID|TABLE_UNKNOWN): /)
    expect(message).toContain(first)
    expect(message).toContain(second)
  })

  it('for a table that this version does not compute', () => {
    const declare = (id: string) => ({ ...tableDeclaration(id), available: false })
    expect(refusal({ table: 'visitors' }, { declare })).toMatch(/QUERY_INVALID.*not computed.*borderflow tables/)
  })

  it('for a delay over hours, saying which measures can be summed', () => {
    const message = refusal({ table: 'feed_health', by: ['source', 'business_date'] })
    expect(message).toContain('delay_desk_p50, delay_desk_p95, delay_board_p50, delay_board_p95 cannot be summed')
    expect(message).toContain('checkpoint, hour left out')
    expect(message).toContain('ask for the measures messages, expected only')
    expect(refusal({ table: 'feed_health', by: ['source', 'checkpoint', 'hour', 'week'] }))
      .toContain('business_date left')
  })

  it('without repeating a long value', () => {
    expect(refusal({ table: 'flows', by: ['x'.repeat(100_000)] }).length).toBeLessThan(400)
    expect(refusal({ table: 'flows', from: 'x'.repeat(100_000) }).length).toBeLessThan(400)
  })
})

describe('a query that is accepted', () => {
  it('holds no value in its text, only parameters', () => {
    const { sql, streamSql, parameters } = buildQuery({
      table: 'flows', from: '2026-01', where: { sex: ["F' or 1=1 --"], direction: ['exit'] }, limit: 3
    })
    for (const text of [sql, streamSql]) {
      expect(text).not.toMatch(/2026|1=1|exit/)
      expect(text).not.toContain(';')
    }
    expect(parameters).toEqual(['2026-01-01', "F' or 1=1 --", 'exit', '3'])
  })

  it('names its columns in the asked order, with types and units', () => {
    const { columns } = buildQuery({ table: 'flows_hourly', by: ['hour', 'week', 'day', 'checkpoint'] })
    expect(columns).toEqual([
      { name: 'hour', role: 'dimension', type: 'integer', coded: false },
      { name: 'week', role: 'dimension', type: 'text', coded: false },
      { name: 'day', role: 'dimension', type: 'date', coded: false },
      { name: 'checkpoint', role: 'dimension', type: 'text', coded: true },
      { name: 'persons', role: 'measure', type: 'integer', coded: false, unit: 'persons' }
    ])
  })

  it('keeps delays where only the date is called a day', () => {
    const query = { table: 'feed_health', by: ['day', 'hour', 'source', 'checkpoint'] }
    expect(buildQuery(query, everyTable).columns).toHaveLength(10)
  })
})
