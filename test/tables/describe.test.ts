import { describe, expect, it } from 'vitest'
import { buildQuery, describeTables } from '../../tables/index.ts'
import { everyTable } from './published.ts'

describe('describing tables', () => {
  it('names every table with both titles, its columns and whether it is available', () => {
    const described = describeTables()
    expect(described).toHaveLength(16)
    const flows = described.find(({ id }) => id === 'flows')!
    expect(flows).toMatchObject({ available: true, title: { en: expect.any(String), km: expect.any(String) } })
    expect(flows.measures.map(({ name }) => name)).toEqual(['persons'])
  })

  it('names periods that can be asked for, and no dimension among them', () => {
    for (const { id, dimensions, periods, groups, measures } of describeTables()) {
      expect(periods, id).toEqual(dimensions.some(({ type }) => type === 'date')
        ? ['day', 'week', 'month', 'quarter', 'year']
        : ['quarter', 'year'])
      const summable = measures.filter(measure => measure.summable !== 'none').map(({ name }) => name)
      const query = { table: id, by: [...periods, ...groups], measures: summable }
      const columns = buildQuery(query, everyTable).columns.map(({ name }) => name)
      expect(columns).toEqual([...periods, ...groups, ...summable])
      expect(groups.length, id).toBe(3 * dimensions.filter(({ codeList }) => codeList === 'states').length)
    }
  })
})
