import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../core/civil-date.ts'
import { runOperation } from '../../../cli/operations/index.ts'
import { readBaselineState } from '../../../dags/baseline/index.ts'
import { readIntegrity } from '../../../sinks/control/integrity.ts'
import { readListChanges } from '../../../sinks/warehouse/list-changes.ts'
import { textRows, loadMessages } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing } from '../derivation/messages.ts'
import { openFolder } from './support.ts'

const NOW_MS = Date.parse('2024-03-10T12:00:00+07:00')

describe('the day roll', () => {
  it('brings the derived tables to the new day, once', async () => {
    const { runtime, clock } = await openFolder(await temporaryFolder(), NOW_MS)
    const { warehouse, dags, derivation } = runtime
    await loadMessages(warehouse, [crossing('a', '2024-02-10T08:00:00', 'arrival', 'P1')])
    expect((await derivation.refresh()).state.asOf).toBe(19_792)
    await dags.tick()
    await dags.idle()
    clock.set(NOW_MS + DAY_MS)
    await dags.tick()
    await dags.idle()
    await dags.tick()
    await dags.idle()
    const status = (await dags.status()).find(status => status.dag === 'day-roll')
    expect(status?.lastRun).toMatchObject({ period: '2024-03-10', status: 'success' })
    expect((await derivation.refresh()).state.asOf).toBe(19_793)
  })
})

describe('verify', () => {
  it('keeps what it found: good, then bad with the names of the checks and a failed run, then good again', async () => {
    const { runtime } = await openFolder(await temporaryFolder(), NOW_MS)
    const { warehouse, dags, control } = runtime
    await loadMessages(warehouse, [crossing('a', '2024-02-10T08:00:00', 'arrival', 'P1')])
    expect(await readIntegrity(control)).toEqual({ state: 'unknown', checkedMs: null, differences: [] })
    expect(await dags.run({ dag: 'verify' })).toMatchObject([{ status: 'success', error: null }])
    expect(await readIntegrity(control)).toEqual({ state: 'ok', checkedMs: NOW_MS, differences: [] })
    await warehouse.exclusive(async connection => {
      await connection.run('update main.hourly_flow_deltas set persons = persons + 1')
    })
    const [run] = await dags.run({ dag: 'verify', again: true })
    expect(run).toMatchObject({ status: 'failed' })
    expect(run?.error).toContain('flows-hourly (1)')
    expect(await readIntegrity(control)).toMatchObject({ state: 'differences', differences: [{ check: 'flows-hourly', rows: 1 }] })
    expect((await dags.status()).find(status => status.dag === 'verify')?.failingSinceMs).toBe(NOW_MS)
    await warehouse.exclusive(async connection => {
      await connection.run('update main.hourly_flow_deltas set persons = persons - 1')
    })
    await runOperation(runtime, 'verify', {})
    expect(await readIntegrity(control)).toMatchObject({ state: 'ok', differences: [] })
  })
})

describe('the baseline', () => {
  it('is there after the first look, and moves on with the day', async () => {
    const { runtime, clock } = await openFolder(await temporaryFolder(), NOW_MS)
    for (const nowMs of [NOW_MS, NOW_MS + DAY_MS]) {
      clock.set(nowMs)
      // What shares the warehouse takes turns.
      for (let turn = 0; turn < 3; turn++) {
        await runtime.dags.tick()
        await runtime.dags.idle()
      }
      expect(await runtime.warehouse.read(readBaselineState)).toMatchObject({ refreshedAtMs: nowMs })
    }
  })
})

describe('purge', () => {
  it('deletes old raw files at the first look and every hour, also where every other schedule is off', async () => {
    const folder = await temporaryFolder()
    const done = join(folder, 'spool/done')
    await mkdir(done, { recursive: true })
    const old = async (name: string): Promise<void> => {
      await writeFile(join(done, name), '{}')
      await utimes(join(done, name), new Date(NOW_MS - 31 * DAY_MS), new Date(NOW_MS - 31 * DAY_MS))
    }
    await old('a.ndjson')
    const { runtime, clock } = await openFolder(folder, NOW_MS, {
      BORDERFLOW_SPOOL_FOLDER: join(folder, 'spool'), BORDERFLOW_DAGS_ENABLED: 'false'
    })
    const { dags } = runtime
    await dags.tick()
    await dags.idle()
    expect(await readdir(done)).toEqual([])
    expect((await dags.status()).map(({ dag, enabled }) => `${dag} ${enabled}`)).toEqual(
      ['day-roll false', 'verify false', 'compact false', 'baseline false', 'purge true'])
    await old('b.ndjson')
    await dags.tick()
    await dags.idle()
    expect(await readdir(done)).toEqual(['b.ndjson'])
    clock.set(NOW_MS + 60 * 60_000)
    await dags.tick()
    await dags.idle()
    expect(await readdir(done)).toEqual([])
  })
})

describe('a changed code list', () => {
  it('is recorded with when and which, and changes the figures once they are rebuilt', async () => {
    const folder = await temporaryFolder()
    const overstays = async (runtime: Awaited<ReturnType<typeof openFolder>>['runtime']): Promise<string> =>
      (await runtime.warehouse.read(async connection =>
        await textRows(connection, 'select sum(fine_usd) as fines from published.overstays')))[0]?.fines ?? ''
    const first = await openFolder(folder, NOW_MS)
    await loadMessages(first.runtime.warehouse, [
      crossing('a', '2024-01-01T08:00:00', 'arrival', 'P1'), crossing('b', '2024-02-09T08:00:00', 'exit', 'P1')
    ])
    await first.runtime.derivation.refresh()
    const before = Number(await overstays(first.runtime))
    expect(before).toBeGreaterThan(0)
    const digest = first.runtime.warehouse.lists.digest
    await first.runtime.close()

    const lists = join(folder, 'lists')
    await mkdir(lists)
    await writeFile(join(lists, 'overstay_fines.csv'),
      'code,usd_per_day,valid_from,valid_to,source,status\ndaily_fine,20,,,a test,verified\n')
    const { runtime } = await openFolder(folder, NOW_MS + DAY_MS, { BORDERFLOW_LISTS_FOLDER: lists })
    const changes = await runtime.warehouse.read(readListChanges)
    expect(changes).toEqual([
      { changedMs: NOW_MS + DAY_MS, before: digest, after: runtime.warehouse.lists.digest, lists: ['overstay_fines'] }
    ])
    const status = async (): Promise<unknown> =>
      (await runOperation(runtime, 'status', {}) as { value: { lists: unknown } }).value.lists
    expect(await status()).toEqual({ digest: runtime.warehouse.lists.digest, rebuildDue: true, changes })
    expect((await runtime.derivation.refresh()).rebuilt).toBe(true)
    expect(Number(await overstays(runtime))).toBe(before * 2)
    expect(await status()).toMatchObject({ rebuildDue: false })
    await runtime.close()

    const again = await openFolder(folder, NOW_MS + 2 * DAY_MS, { BORDERFLOW_LISTS_FOLDER: lists })
    expect(await again.runtime.warehouse.read(readListChanges)).toEqual(changes)
  })
})
