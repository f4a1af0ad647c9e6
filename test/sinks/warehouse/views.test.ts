import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../core/clock.ts'
import { readRows } from '../../../core/database.ts'
import type { View } from '../../../sinks/warehouse/views.ts'
import { openWarehouse, type Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { models } from '../../../transforms/models/index.ts'
import { codeLists, openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function opened<T> (
  folder: string, views: readonly View[], use: (warehouse: Warehouse) => Promise<T>
): Promise<T> {
  const warehouse = await openWarehouse({
    folder, keysFolder: join(folder, 'keys'), memoryLimitMb: 512, threads: 2, checkpointWalMb: 128
  }, { clock: systemClock, lists: codeLists, views })
  try {
    return await use(warehouse)
  } finally {
    await warehouse.close()
  }
}

describe('the views of the models', () => {
  it('are what the models say now, also where another said otherwise before', async () => {
    const folder = await temporaryFolder()
    const answers = async (sql: string): Promise<unknown[]> => await opened(folder, [{ name: 'it', sql }], async warehouse =>
      await warehouse.read(async connection => await readRows(connection, 'from published.it')))
    expect(await answers('select 1 as one')).toEqual([{ one: 1 }])
    expect(await answers('select 2 as two')).toEqual([{ two: 2 }])
    expect(await answers('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('are all there', async () => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    const names = await warehouse.read(async connection =>
      await readRows<{ name: string }>(connection, "select view_name as name from duckdb_views() where schema_name = 'published'"))
    await warehouse.close()
    expect(names.map(({ name }) => name).sort()).toEqual(models.map(({ name }) => name).sort())
  })

  it('leave nothing in the log of an opening that changes nothing', async () => {
    const folder = await temporaryFolder()
    expect(await opened(folder, models, async warehouse => warehouse.walBytes())).toBeGreaterThan(0)
    expect(await opened(folder, models, async warehouse => warehouse.walBytes())).toBe(0)
  })
})
