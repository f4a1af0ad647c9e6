import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCodeLists } from '../../schemas/code-lists/index.ts'
import type { Cell } from '../../tables/index.ts'
import { ask, openPublished, type Published } from './published.ts'

let published: Published
beforeAll(async () => { published = await openPublished() })
afterAll(() => published.close())

const lists = loadCodeLists()
const states = lists.codes('states')
const row = (nationality: string, residence: string, visitors: number): Cell[] =>
  ['2026-01', residence, nationality, 'holiday', 'air', 'overnight', visitors, visitors]
const VISITORS = [
  row('THA', 'JPN', 3), row('VNM', 'VNM', 4), row('JPN', 'THA', 5), row('FRA', 'FRA', 6), row('XXA', 'THA', 7),
  row('unknown', 'JPN', 8)
]
const count = async (query: object): Promise<Cell[][]> =>
  await ask(published.connection, { table: 'visitors', measures: ['visitors'], ...query }, { lists })

describe('groups of states', () => {
  it('roll up nationality and residence, with the stateless and the unknown told apart', async () => {
    await published.show('visitors', VISITORS)
    expect(await count({ by: ['nationality_asean'] })).toEqual([['asean', 7], ['other', 18], ['unknown', 8]])
    expect(await count({ by: ['nationality_region'] })).toEqual([['142', 12], ['150', 6], ['other', 7], ['unknown', 8]])
    expect(await count({ by: ['nationality_sub_region', 'residence_asean'], where: { nationality_region: ['142'] } }))
      .toEqual([['030', 'asean', 5], ['035', 'asean', 4], ['035', 'other', 3]])
  })

  it('filter, as values of the group or of the dimension', async () => {
    await published.show('visitors', VISITORS)
    for (const where of [{ nationality_asean: ['asean'] }, { nationality: ['asean'] }, { nationality: ['ASEAN'] }, { nationality: ['035'] }]) {
      expect(await count({ by: ['nationality'], where })).toEqual([['THA', 3], ['VNM', 4]])
    }
    expect(await count({ by: [], where: { nationality: ['asean', 'FRA'] } })).toEqual([[13]])
    expect(await count({ by: ['nationality_region'], where: { nationality: ['THA', 'FRA'] } })).toEqual([['142', 3], ['150', 6]])
  })

  it('are there for every dimension of states', async () => {
    await published.show('returnees', [
      ['2026-01', 'KHC-POI', 'THA', 'deported', 'requested', 'F', '20-24', 'KH-1', 2],
      ['2026-01', 'KHC-POI', 'KOR', 'voluntary', 'requested', 'F', '20-24', 'KH-1', 3]
    ])
    expect(await ask(published.connection, { table: 'returnees', by: ['returned_from_sub_region'] }))
      .toEqual([['030', 3], ['035', 2]])
  })

  it('are sums of their members, and all of them together the whole', async () => {
    const code = fc.constantFrom(...states.map(state => state.code), 'unknown')
    const rows = fc.uniqueArray(fc.tuple(code, fc.integer({ min: 1, max: 9 })), {
      minLength: 1, maxLength: 40, selector: ([name]) => name
    })
    await fc.assert(fc.asyncProperty(rows, async cells => {
      await published.show('visitors', cells.map(([name, persons]) => row(name, 'THA', persons)))
      for (const [by, groupOf] of [
        ['nationality_asean', (name: string) => find(name)?.asean === 'yes' ? 'asean' : 'other'],
        ['nationality_sub_region', (name: string) => find(name)?.m49SubRegion || 'other']
      ] as const) {
        const expected = new Map<string, number>()
        for (const [name, persons] of cells) {
          const group = name === 'unknown' ? name : groupOf(name)
          expected.set(group, (expected.get(group) ?? 0) + persons)
        }
        expect(new Map(await count({ by: [by] }) as [string, number][])).toEqual(expected)
      }
    }), { numRuns: 30 })
  })
})

const find = (name: string) => states.find(state => state.code === name)
