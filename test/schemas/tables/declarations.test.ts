import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasCode } from '../../../core/errors.ts'
import { packageFile } from '../../../core/package-root.ts'
import { nearest, tableDeclaration, tables } from '../../../schemas/tables/index.ts'

// docs/method.md §11: the published names, in the published order.
const PUBLISHED = `
flows: business_date, checkpoint, direction, decision, mode, nationality, sex, age_band, visa_class, purpose,
  source | persons
flows_hourly: business_date, hour, checkpoint, direction, decision | persons
stays_summary: month, side, state, nationality, sex, age_band, visa_class | stays, nights
stock: business_date, nationality, sex, age_band, visa_class, province | persons
overstays: as_of, kind, nationality, visa_class, length_band | stays, days, fine_usd
overstay_rate: month, nationality, visa_class | expected_departures, overstayed
registration_coverage: month, province, accommodation_type, visa_class, nationality, outcome | stays
visitors: month, residence, nationality, purpose, mode, kind | visitors, nights
migrants: month, side, flow, nationality, sex, age_band, outcome | crossings
minors: month, direction, nationality, sex, age_band, accompaniment, decision | persons
returnees: month, checkpoint, returned_from, reason, nea, sex, age_band, province | persons
refusals: month, checkpoint, mode, direction, nationality, reason | persons
extensions: month, visa_class, nationality, months_granted | extensions
registrations: month, province, accommodation_type, channel, reporter, nationality | registrations
data_quality: business_date, source, kind, reason | messages
feed_health: source, checkpoint, business_date, hour | messages, expected,
  delay_desk_p50, delay_desk_p95, delay_board_p50, delay_board_p95
`.trim().replaceAll('\n  ', ' ').split('\n')

describe('the declarations of published tables', () => {
  it('have the names and the order of the method, table by table', () => {
    const names = (columns: readonly { name: string }[]): string => columns.map(({ name }) => name).join(', ')
    expect(tables.map(({ id, dimensions, measures }) => `${id}: ${names(dimensions)} | ${names(measures)}`))
      .toEqual(PUBLISHED)
  })

  it('sum everything but the stock over time and the delays', () => {
    const special = tables.flatMap(({ id, measures }) => measures
      .filter(({ summable }) => summable !== 'sum').map(({ name, summable }) => `${id}.${name} ${summable}`))
    expect(special).toEqual([
      'stock.persons last', 'feed_health.delay_desk_p50 none', 'feed_health.delay_desk_p95 none',
      'feed_health.delay_board_p50 none', 'feed_health.delay_board_p95 none'
    ])
  })

  it('have one dimension of time each, a date where a measure takes the last', () => {
    for (const { id, dimensions, measures } of tables) {
      const times = dimensions.filter(({ type }) => type === 'date' || type === 'month')
      expect(times, id).toHaveLength(1)
      if (measures.some(({ summable }) => summable === 'last')) expect(times[0]!.type, id).toBe('date')
    }
  })

  it('name code lists that the package holds', () => {
    const lists = new Set(tables.flatMap(({ dimensions }) => dimensions.flatMap(({ codeList }) => codeList ?? [])))
    expect(lists.size).toBeGreaterThan(4)
    for (const list of lists) expect(existsSync(packageFile(`schemas/lists/${list}.csv`)), list).toBe(true)
  })

  it('have titles in both languages, the Khmer ones in Khmer letters', () => {
    for (const { id, title, description } of tables) {
      expect(title.en, id).toMatch(/^[A-Z]/)
      expect(title.km, id).toMatch(/\p{Script=Khmer}/u)
      expect(title.km, id).not.toMatch(/[a-z\u200b]/i)
      expect(description.en, id).toMatch(/\.$/)
    }
    expect(new Set(tables.map(({ title }) => title.km)).size).toBe(tables.length)
  })

  it('list every code once and protect every table that counts persons', () => {
    for (const { id, dimensions, population, disclosure } of tables) {
      for (const { name, codes } of dimensions) {
        if (codes !== undefined) expect(new Set(codes).size, `${id}.${name}`).toBe(codes.length)
      }
      expect(disclosure.startsWith('Counts of persons'), id).toBe(population !== 'processing')
    }
  })
})

describe('finding a declaration', () => {
  it('gives the table of that id', () => {
    expect(tableDeclaration('flows').id).toBe('flows')
  })

  it.each([
    ['flow', 'Did you mean flows?'], ['flows-hourly', 'Did you mean flows_hourly?'], ['Stok', 'Did you mean stock?'],
    ['regis', 'Did you mean registration_coverage?'], ['zzzzzzzz', 'See `borderflow tables`.'], ['', 'See'],
    ['__proto__', 'See'], ['x'.repeat(5000), 'See']
  ])('answers %j with advice', (id, advice) => {
    try {
      tableDeclaration(id)
      expect.unreachable()
    } catch (error) {
      expect(hasCode(error, 'TABLE_UNKNOWN')).toBe(true)
      expect((error as Error).message).toContain(advice)
      expect((error as Error).message.length).toBeLessThan(600)
    }
  })

  it('suggests nothing that is far from the word', () => {
    expect(nearest('nationalty', ['nationality', 'sex'])).toBe('nationality')
    expect(nearest('sx', ['nationality', 'sex'])).toBe('sex')
    expect(nearest('colour', ['nationality', 'sex'])).toBeUndefined()
  })
})
