// The tables that the walks write have the columns and the sets that the code writes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DERIVED_COLUMNS, DERIVED_TABLES } from '../../../sinks/derived/columns.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { COVERAGE_OUTCOMES, MIGRANT_OUTCOMES, SIDES, STATES } from '../../../transforms/walks/outcomes.ts'
import { openTestWarehouse, textRows } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let warehouse: Warehouse
beforeEach(async () => { warehouse = await openTestWarehouse(await temporaryFolder()) })
afterEach(async () => { await warehouse.close() })

const KINDS: Record<string, string> = { 'timestamp with time zone': 'timestamptz' }

describe('the derived tables', () => {
  it.each(DERIVED_TABLES)('%s has the columns in their order, and nulls where the code writes them', async table => {
    const columns = await textRows(await warehouse.connect(),
      `select name, lower(type) as type, "notnull" as not_null from pragma_table_info('main.${table}')`)
    expect(columns.map(({ name, type, not_null: notNull }) =>
      [name, type!.startsWith('enum') ? 'enum' : KINDS[type!] ?? type, notNull === 'false'])
    ).toEqual(DERIVED_COLUMNS[table].map(({ name, kind, nullable }) => [name, kind, nullable]))
  })

  it.each([
    ['stay_side', SIDES], ['stay_state', STATES], ['migrant_outcome', MIGRANT_OUTCOMES],
    ['coverage_outcome', COVERAGE_OUTCOMES]
  ])('the set %s is that of the code', async (name, values) => {
    const rows = await textRows(await warehouse.connect(), `select unnest(enum_range(null::${name}))::varchar as value`)
    expect(rows.map(({ value }) => value)).toEqual([...values])
  })
})
