// Rebuilding: flows from the facts, and a rebuild that is killed in the middle and started again.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import type { DeriveContext } from '../../../dags/derivation/compute.ts'
import { rebuildDerived } from '../../../dags/derivation/rebuild.ts'
import { rebuildFlows } from '../../../dags/derivation/rebuild-flows.ts'
import { verifyDerived } from '../../../dags/derivation/verify.ts'
import { basisOf } from '../../../dags/derivation/what-to-rebuild.ts'
import { tables } from '../../../schemas/tables/index.ts'
import { verify } from '../../../sinks/verify/verify.ts'
import { warehouseFile, type Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { derivedModels } from '../../../transforms/models/index.ts'
import { codeLists, loadMessages, openTestWarehouse, textRows } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing } from './messages.ts'

let folder: string
let warehouse: Warehouse
let connection: DuckDBConnection

async function open (): Promise<void> {
  warehouse = await openTestWarehouse(folder)
  connection = await warehouse.connect()
}

beforeEach(async () => {
  folder = await temporaryFolder()
  await open()
})
afterEach(async () => { await warehouse.close() })

const context = (): DeriveContext =>
  ({ lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: parseDay('2024-02-01')!, nowMs: 0 })

const trips = (count: number) => Array.from({ length: count }, (_, i) => [
  crossing(`in${i}`, '2024-01-01T08:00:00', 'arrival', `P${i}`), crossing(`out${i}`, '2024-01-05T08:00:00', 'exit', `P${i}`)
]).flat()

describe('rebuilding flows', () => {
  it('replaces what was changed by hand, and nothing else', async () => {
    await loadMessages(warehouse, trips(3))
    const flows = 'select * from published.flows order by all'
    const hours = 'select * from published.flows_hourly order by all'
    const before = [await textRows(connection, flows), await textRows(connection, hours)]
    await warehouse.exclusive(async writing => {
      await writing.run('update main.flow_deltas set persons = 7')
      await writing.run('delete from main.hourly_flow_deltas')
    })
    const differing = async () =>
      (await warehouse.read(async reading => await verify(reading))).filter(check => check.differences > 0)
    expect((await differing()).map(({ check }) => check)).toEqual(['flows-hourly', 'flows'])
    await warehouse.exclusive(rebuildFlows)
    expect([await textRows(connection, flows), await textRows(connection, hours)]).toEqual(before)
    expect(await differing()).toEqual([])
  })
})

describe('what a table rests on', () => {
  it('is the walks for all that reads their tables', () => {
    const onWalks = tables.map(({ id }) => id).filter(id => basisOf(id) === 'walks')
    const readers = derivedModels.filter(({ sql }) =>
      /main\.(stays|stock_spells|repeated_stamps|extension_grants)\b/.test(sql)).map(({ name }) => name)
    expect(onWalks.toSorted()).toEqual(readers.toSorted())
  })
})

/** Opens a copy of the database in a process of its own, begins what a rebuild does, and says so. */
const REBUILDER = `
const { DuckDBInstance } = require('@duckdb/node-api')
;(async () => {
  const connection = await (await DuckDBInstance.create(process.argv[1])).connect()
  await connection.run('begin transaction')
  for (const table of ['stays', 'stock_spells', 'derivation']) await connection.run('delete from main.' + table)
  await connection.run('insert into main.repeated_stamps select traveller_key, business_date from main.crossings, range(2000)')
  process.stdout.write('rebuilding\\n')
  setInterval(() => {}, 1000)
})()`

describe('a rebuild that is killed', () => {
  it('leaves the tables as they were, and runs again', async () => {
    await loadMessages(warehouse, trips(200))
    await rebuildDerived(connection, context())
    const stays = 'select state, count(*) as stays from main.stays group by all'
    const before = await textRows(connection, stays)
    await warehouse.close()
    const child = spawn(process.execPath, ['-e', REBUILDER, warehouseFile(folder)], { cwd: join(import.meta.dirname, '../../..') })
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.once('data', () => { resolve() })
        child.once('exit', () => { reject(new Error('the rebuild ended before it was killed')) })
      })
    } finally {
      const gone = new Promise(resolve => { child.removeAllListeners('exit').once('close', resolve) })
      child.kill('SIGKILL')
      await gone
    }
    await open()
    expect(await textRows(connection, stays)).toEqual(before)
    expect((await verifyDerived(connection, context(), { rebuildShareMax: 1 })).ok).toBe(true)
    await rebuildDerived(connection, context())
    expect((await verifyDerived(connection, context(), { rebuildShareMax: 1 })).ok).toBe(true)
  }, 60_000)
})
