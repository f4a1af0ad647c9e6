// Declaration, SQL and result of every published table agree, on the large worked example.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { rebuildDerived } from '../../../dags/derivation/rebuild.ts'
import type { ListName } from '../../../schemas/code-lists/index.ts'
import { tables, type TableDimension, type TableMeasure } from '../../../schemas/tables/index.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { models } from '../../../transforms/models/index.ts'
import { codeLists, loadMessages, openTestWarehouse, textRows } from '../../support/warehouse.ts'

const EXAMPLE = new URL('../../fixtures/examples/large/', import.meta.url)
const available = tables.filter(table => table.available)
let folder: string
let warehouse: Warehouse
let connection: DuckDBConnection

beforeAll(async () => {
  const meta = JSON.parse(readFileSync(new URL('meta.json', EXAMPLE), 'utf8')) as { as_of: string, received_at: string }
  folder = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  warehouse = await openTestWarehouse(folder)
  const lines = ['part-000', 'part-001'].flatMap(part =>
    readFileSync(fileURLToPath(new URL(`events/${part}.ndjson`, EXAMPLE)), 'latin1').trimEnd().split('\n'))
  await loadMessages(warehouse, lines.map(line =>
    ({ bytes: Buffer.from(line, 'latin1'), receivedAtMs: Date.parse(meta.received_at) })))
  connection = await warehouse.connect()
  await rebuildDerived(connection, {
    lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: parseDay(meta.as_of)!, nowMs: 0
  })
})
afterAll(async () => {
  await warehouse.close()
  await rm(folder, { recursive: true, force: true })
})

const dimensionType = ({ type }: TableDimension): string =>
  type === 'date' ? 'DATE' : type === 'integer' ? 'INTEGER' : 'VARCHAR'
const measureType = ({ type }: TableMeasure): string => type === 'integer' ? 'BIGINT' : 'DOUBLE'

describe('the published tables', () => {
  it('are all computed', () => {
    expect(tables.filter(table => !table.available).map(({ id }) => id)).toEqual([])
    expect(available.filter(({ id }) => !models.some(({ name }) => name === id))).toEqual([])
  })

  it.each(available)('$id has the columns that its declaration says', async ({ id, dimensions, measures }) => {
    const columns = await textRows(connection, `select column_name, column_type from (describe published.${id})`)
    expect(columns.map(row => `${row['column_name']} ${row['column_type']}`)).toEqual([
      ...dimensions.map(dimension => `${dimension.name} ${dimensionType(dimension)}`),
      ...measures.map(measure => `${measure.name} ${measureType(measure)}`)
    ])
  })

  it.each(available)('$id has one row for each combination, no absent value and no row of nought', async (table) => {
    const { id, dimensions, measures } = table
    const keys = dimensions.map(({ name }) => name)
    const counted = measures.filter(({ summable }) => summable !== 'none').map(({ name }) => name)
    const [row] = await textRows(connection, `select count(*) as rows, count(distinct (${keys.join(', ')})) as keys, ` +
      `count(*) filter (${keys.map(key => `${key} is null`).join(' or ')}) as absent, ` +
      `count(*) filter (${counted.map(name => `${name} = 0`).join(' and ')}) as nought from published.${id}`)
    expect(Number(row!['rows'])).toBeGreaterThan(0)
    expect(row).toEqual({ rows: row!['rows'], keys: row!['rows'], absent: '0', nought: '0' })
  })

  it.each(available)('$id uses the codes of its lists and sets only', async ({ id, dimensions }) => {
    for (const { name, codes, codeList, type } of dimensions) {
      if (type !== 'code' || (codes === undefined && codeList === undefined)) continue
      const known = new Set([
        'unknown', ...(codes ?? codeLists.codes(codeList as ListName).map(entry => entry.code))
      ])
      const found = await textRows(connection, `select distinct ${name} as code from published.${id}`)
      expect(found.map(row => row['code']!).filter(code => !known.has(code)), name).toEqual([])
    }
  })
})
