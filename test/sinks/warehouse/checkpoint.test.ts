// Folding the log into the file while others read and write.
import type { DuckDBConnection } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkpointWhenFree, isCheckpointRefused } from '../../../sinks/warehouse/checkpoint.ts'
import { fileRegistry } from '../../../sinks/warehouse/stores.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { crossing, message } from '../../support/histories.ts'
import { loadMessages, openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function openNew (checkpointWalMb?: number): Promise<Warehouse> {
  const warehouse = await openTestWarehouse(await temporaryFolder(), undefined, checkpointWalMb)
  onTestFinished(async () => { await warehouse.close() })
  return warehouse
}

/** A reader in the middle of a long answer. */
async function readSlowly (warehouse: Warehouse): Promise<DuckDBConnection> {
  const connection = await warehouse.connect()
  const answer = await connection.stream('select i from range(1000000) as rows (i) cross join main.positions')
  expect((await answer.fetchChunk())?.rowCount).toBeGreaterThan(0)
  return connection
}

/** A transaction of somebody else that changes rows, open until its end is asked for. */
async function writeSlowly (warehouse: Warehouse): Promise<{ end: () => Promise<void> }> {
  const connection = await warehouse.connect()
  await connection.run('begin transaction')
  await connection.run("update main.properties set value = value || '' where name = 'warehouse_id'")
  return { end: async () => { await connection.run('rollback') } }
}

describe('a checkpoint', () => {
  it('is not held up by a reader who began before batches were loaded and files were finished', async () => {
    const warehouse = await openNew()
    const files = fileRegistry(warehouse)
    await loadMessages(warehouse, [message(crossing({ event_id: 'a' }))])
    await files.register({ name: 'a.ndjson', sizeBytes: 1, headSha256: '00' }, 5)
    await readSlowly(warehouse)
    await loadMessages(warehouse, [message(crossing({ event_id: 'b' }))])
    await files.setState(1, 'failed', 'changed')
    expect(warehouse.walBytes()).toBeGreaterThan(0)
    await warehouse.exclusive(async connection => await connection.run('checkpoint'))
    expect(warehouse.walBytes()).toBe(0)
    expect((await files.list()).map(({ name, state, receivedAtMs }) => [name, state, receivedAtMs]))
      .toEqual([['a.ndjson', 'failed', 5]])
  })

  it('comes as soon as nobody else writes, when it was asked for', async () => {
    const warehouse = await openNew()
    await loadMessages(warehouse, [message(crossing({ event_id: 'a' }))])
    const writer = await writeSlowly(warehouse)
    let done = false
    const asked = warehouse.checkpoint().then(() => { done = true })
    await expect(warehouse.exclusive(async connection => await connection.run('checkpoint')))
      .rejects.toSatisfy(isCheckpointRefused)
    // The loader need not wait for it.
    await loadMessages(warehouse, [message(crossing({ event_id: 'b' }))])
    expect(done).toBe(false)
    await writer.end()
    await asked
    expect(warehouse.walBytes()).toBe(0)
  })

  it('is left for later by the loader, which goes on, where it is refused', async () => {
    const warehouse = await openNew(0)
    const writer = await writeSlowly(warehouse)
    expect(await loadMessages(warehouse, [message(crossing({ event_id: 'a' }))])).toMatchObject({ loaded: 1 })
    expect(warehouse.walBytes()).toBeGreaterThan(0)
    await writer.end()
    await loadMessages(warehouse, [message(crossing({ event_id: 'b' }))])
    expect(warehouse.walBytes()).toBe(0)
  })

  it('is given up after a time, and at once for any other reason', async () => {
    const refused = new Error('TransactionContext Error: Cannot CHECKPOINT: there are other write transactions active.')
    let tries = 0
    await expect(checkpointWhenFree(async () => { tries++; throw refused }, 0)).rejects.toBe(refused)
    await expect(checkpointWhenFree(async () => { tries++; throw new Error('disk full') })).rejects.toThrow('disk full')
    expect(tries).toBe(2)
  })
})
