// The warehouse's tables are what the code says they are: columns in order, types, and the values of closed sets.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ColumnKind } from '../../core/column-buffer.ts'
import { DIMENSIONS, FACT_COLUMNS, FACT_TABLE, WRITER_COLUMNS } from '../../schemas/columns.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { ENUMS, enumOrdinals, messageValues, type EnumName } from '../../schemas/enums.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { codeLists, openTestWarehouse, textRows } from '../support/warehouse.ts'

const TYPES: Readonly<Record<Exclude<ColumnKind, 'enum'>, string>> = {
  text: 'VARCHAR', ubigint: 'UBIGINT', uinteger: 'UINTEGER', integer: 'INTEGER', smallint: 'SMALLINT', tinyint: 'TINYINT', utinyint: 'UTINYINT',
  date: 'DATE', timestamptz: 'TIMESTAMP WITH TIME ZONE', uuid: 'UUID'
}
const enumType = (name: EnumName): string => `ENUM(${ENUMS[name].map(value => `'${value}'`).join(', ')})`

let folder: string
let warehouse: Warehouse
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  warehouse = await openTestWarehouse(folder)
})
afterAll(async () => {
  await warehouse.close()
  await rm(folder, { recursive: true, force: true })
})

const rows = async (sql: string): Promise<Record<string, string>[]> =>
  await warehouse.read(async connection => await textRows(connection, sql))

describe('a fact table', () => {
  it.each(CONTRACTS)('of %s has the columns of its contract and the writer\'s, in order and type', async contract => {
    const found = await rows(`select column_name, data_type, is_nullable from duckdb_columns() where schema_name = 'main' and table_name = '${FACT_TABLE[contract]}' order by column_index`)
    expect(found).toEqual([...FACT_COLUMNS[contract], ...WRITER_COLUMNS].map(({ name, kind, set, nullable }) => ({
      column_name: name, data_type: kind === 'enum' ? enumType(set as EnumName) : TYPES[kind], is_nullable: String(nullable ?? false)
    })))
  })

  it('has codes as numbers of a known dictionary, and a set for each enum', () => {
    for (const column of CONTRACTS.flatMap(contract => FACT_COLUMNS[contract])) {
      expect(column.kind === 'enum').toBe(column.set !== undefined)
      if (column.dimension !== undefined) expect(column.kind).toBe('smallint')
    }
  })

  it('has no key and no index', async () => {
    expect(await rows("select table_name from duckdb_constraints() where constraint_type in ('PRIMARY KEY', 'UNIQUE') and schema_name = 'main'")).toEqual([])
    expect(await rows('select index_name from duckdb_indexes()')).toEqual([])
  })
})

describe('a closed set', () => {
  it.each(Object.keys(ENUMS) as EnumName[])('%s has the same values in SQL, in the same order', async name => {
    const found = await rows(`select data_type from (select typeof(null::${name}) as data_type)`)
    expect(found).toEqual([{ data_type: enumType(name) }])
    expect([...enumOrdinals(name)]).toEqual(ENUMS[name].map((value, ordinal) => [value, ordinal]))
    expect(messageValues(name)).not.toContain('unknown')
    expect(messageValues(name)).not.toContain('U')
  })
})

describe('the dictionaries', () => {
  it('give every code a number of its own, and 0 to unknown', () => {
    for (const dimension of DIMENSIONS) {
      const numbers = warehouse.codeNumbers[dimension]
      expect(numbers.get('unknown')).toBe(0)
      expect(new Set(numbers.values()).size).toBe(numbers.size)
      expect(Math.max(...numbers.values())).toBeLessThan(32_768)
    }
    for (const { code } of codeLists.checkpoints) expect(warehouse.codeNumbers.checkpoint.has(code)).toBe(true)
  })

  it('keep their numbers over a restart', async () => {
    const before = DIMENSIONS.map(dimension => [...warehouse.codeNumbers[dimension]])
    await warehouse.close()
    warehouse = await openTestWarehouse(folder)
    expect(DIMENSIONS.map(dimension => [...warehouse.codeNumbers[dimension]])).toEqual(before)
  })
})
