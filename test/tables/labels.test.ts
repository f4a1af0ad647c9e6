import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENUMS } from '../../schemas/enums.ts'
import { loadCodeLists } from '../../schemas/code-lists/index.ts'
import { tables } from '../../schemas/tables/index.ts'
import { COLUMN_NAMES } from '../../schemas/tables/names.ts'
import { codeNames, columnHeading, encodeAnswer, type FormatName } from '../../tables/index.ts'
import { ask, everyTable, FLOWS, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => {
  published = await openPublished()
  await published.show('flows', FLOWS)
})
afterAll(() => published.close())

const lists = loadCodeLists()

async function encoded (format: FormatName, query: object): Promise<string> {
  const { encoded } = await encodeAnswer(published.connection, { table: 'flows', ...query }, format, { ...everyTable, lists })
  const pieces: Buffer[] = []
  for await (const piece of encoded) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString()
}

describe('labels', () => {
  const query = { table: 'flows', by: ['nationality', 'sex'], where: { year: ['2026'], direction: ['arrival'] } }

  it('put names in place of codes, in the order of the codes', async () => {
    expect(await ask(published.connection, { ...query, labels: 'code' })).toEqual([['CHN', 'M', 8], ['THA', 'F', 3]])
    expect(await ask(published.connection, { ...query, labels: 'en' }))
      .toEqual([['China', 'Male', 8], ['Thailand', 'Female', 3]])
    expect(await ask(published.connection, { ...query, labels: 'km' })).toEqual([['ចិន', 'ប្រុស', 8], ['ថៃ', 'ស្រី', 3]])
  })

  it('stand beside the codes in both languages', async () => {
    expect(await encoded('csv', { ...query, by: ['nationality'], labels: 'both' }))
      .toBe('nationality,nationality_en,nationality_km,persons\nCHN,China,ចិន,8\nTHA,Thailand,ថៃ,3\n')
    expect(JSON.parse(await encoded('json', { ...query, by: ['nationality'], labels: 'both', limit: 1 })))
      .toEqual([{ nationality: 'CHN', nationality_en: 'China', nationality_km: 'ចិន', persons: 8 }])
  })

  it('name the columns of a table for people, in their language', async () => {
    expect(await encoded('table', { by: ['nationality'], labels: 'en' })).toMatch(/Nationality.*Persons/)
    expect(await encoded('table', { by: ['nationality'], labels: 'km' })).toMatch(/សញ្ជាតិ.*នាក់/)
    expect(await encoded('table', { by: ['month'], labels: 'en', compare: 'last-year', from: '2026-01', shares: 'whole' }))
      .toMatch(/Month.*Persons.*Persons, a year before.*Persons, difference.*Persons, change, %.*Persons, share, %/)
    expect(await encoded('table', { by: ['nationality'] })).toMatch(/nationality.*persons/)
  })

  it('name groups, kinds of rows and what is not stated', async () => {
    const grouped = { table: 'flows', by: ['nationality_region', 'purpose'], where: { year: ['2026'], direction: ['exit'] } }
    expect(await ask(published.connection, { ...grouped, labels: 'en', totals: true })).toEqual([
      ['Figure', 'Asia', 'Not stated', 42], ['Total', null, null, 42]
    ])
  })

  it('fall back from Khmer to English, and to the code', async () => {
    const name = codeNames({ name: 'sex', type: 'code', codeList: 'sexes' }, lists).get('X')!
    expect(name.km).toBe('')
    await published.show('flows', [['2026-01-05', 'KHC-POI', 'arrival', 'admitted', 'land', 'QQQ', 'X', '20-24', 'T', 'holiday', 'crossing', 1]])
    expect(await ask(published.connection, { table: 'flows', by: ['nationality', 'sex'], labels: 'km' }))
      .toEqual([['QQQ', name.en, 1]])
    expect(await ask(published.connection, { table: 'flows', by: ['sex'], labels: 'both' })).toEqual([['X', name.en, null, 1]])
    await published.show('flows', FLOWS)
  })

  it('exist in English for every column and every code of a closed set', () => {
    for (const { id, dimensions, measures } of tables) {
      for (const { name } of [...dimensions, ...measures]) expect(COLUMN_NAMES[name]?.en, `${id}.${name}`).toBeTruthy()
      for (const dimension of dimensions) {
        const names = codeNames(dimension, lists)
        for (const code of dimension.name === 'reason' && id === 'data_quality' ? [] : dimension.codes ?? []) {
          expect(names.get(code)?.en, `${id}.${dimension.name} ${code}`).toBeTruthy()
        }
      }
    }
    expect(ENUMS.age_band.length).toBeGreaterThan(20)
    expect(columnHeading('nationality_sub_region', 'en')).toBe('Nationality: sub-region (M49)')
  })
})
