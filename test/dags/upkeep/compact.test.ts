import { describe, expect, it } from 'vitest'
import { compactTasks } from '../../../dags/upkeep/compact.ts'
import { foldableDates, foldDates } from '../../../sinks/warehouse/compact.ts'
import { verify } from '../../../sinks/verify/verify.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { stream } from '../../process/messages.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../../support/warehouse.ts'
import { openFolder } from './support.ts'

const RECEIVED_MS = Date.parse('2030-01-01T00:00:00Z')
const MESSAGES: TestMessage[] = stream({ from: '2026-03-02', to: '2026-03-04', scale: 0.01, seed: 3 })
  .map(({ value }) => ({ bytes: value, receivedAtMs: RECEIVED_MS }))
const FIGURES = [
  'from published.flows order by all', 'from published.flows_hourly order by all', 'from published.data_quality order by all'
]

async function figures (warehouse: Warehouse): Promise<unknown> {
  return await warehouse.read(async connection =>
    await Promise.all([...FIGURES, 'from main.positions order by all'].map(async sql => await textRows(connection, sql))))
}

async function rowsOf (warehouse: Warehouse, table: string): Promise<number> {
  return await warehouse.read(async connection =>
    Number((await textRows(connection, `select count(*) as rows from main.${table}`))[0]?.rows))
}

describe('compaction', () => {
  it('makes tables of changes smaller and no figure another, and loading goes on behind it', async () => {
    const { runtime: { warehouse, dags } } = await openFolder(await temporaryFolder(), RECEIVED_MS)
    const half = Math.floor(MESSAGES.length / 2)
    expect(half).toBeGreaterThan(300)
    await loadMessages(warehouse, MESSAGES.slice(0, half), 50)
    const before = await figures(warehouse)
    const tables = ['flow_deltas', 'hourly_flow_deltas', 'accounting'] as const
    const rowsBefore = await Promise.all(tables.map(async table => await rowsOf(warehouse, table)))
    const [run] = await dags.run({ dag: 'compact' })
    expect(run).toMatchObject({
      status: 'success', tasks: [
        { task: 'flow-deltas' }, { task: 'hourly-flow-deltas' }, { task: 'accounting' }, { task: 'checkpoint' }
      ]
    })
    for (const [index, table] of tables.entries()) {
      const { before, after } = run?.tasks[index]?.counts ?? {}
      expect(after, table).toBeLessThan(before ?? 0)
      expect(await rowsOf(warehouse, table), table).toBeLessThan(rowsBefore[index] ?? 0)
    }
    expect(await figures(warehouse)).toEqual(before)
    expect(warehouse.walBytes()).toBeLessThan(100_000)
    await loadMessages(warehouse, MESSAGES.slice(half), 50)
    const checks = await warehouse.read(verify)
    expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
    expect(checks.length).toBeGreaterThan(5)
  })

  it('goes on beside the loader, and comes to what loading alone comes to', async () => {
    const alone = await openTestWarehouse(await temporaryFolder())
    const together = await openTestWarehouse(await temporaryFolder())
    await loadMessages(alone, MESSAGES, 40)
    let isLoading = true
    const loading = loadMessages(together, MESSAGES, 40).finally(() => { isLoading = false })
    const tasks = compactTasks(together, { loaderBusy: () => false, pollMs: 1, patienceMs: 1, busyShareMax: 0.5 })
    const period = { unit: 'day', key: '2026-03-02', startMs: 0, endMs: 0 } as const
    let rounds = 0
    while (isLoading) {
      for (const task of tasks) await task.run({ runId: '', period, signal: new AbortController().signal })
      rounds++
    }
    await loading
    expect(rounds).toBeGreaterThan(1)
    expect(await figures(together)).toEqual(await figures(alone))
    await alone.close()
    await together.close()
  })

  it('takes whole dates in parts, leaves out those that are sums already, and drops what came to nothing', async () => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    await loadMessages(warehouse, MESSAGES, 50)
    await warehouse.exclusive(async connection => {
      const figure = 'select sum(persons) as persons, count(distinct business_date) as dates from main.hourly_flow_deltas'
      const before = await textRows(connection, figure)
      const parts = await foldableDates(connection, 'hourly_flow_deltas', 1)
      expect(parts.length).toBeGreaterThan(1)
      expect(parts.every(dates => dates.length === 1)).toBe(true)
      expect((await foldableDates(connection, 'hourly_flow_deltas', 1_000_000)).length).toBe(1)
      const [first = []] = parts
      await foldDates(connection, 'hourly_flow_deltas', first)
      expect(await foldableDates(connection, 'hourly_flow_deltas', 1)).toEqual(parts.slice(1))
      for (const dates of parts) await foldDates(connection, 'hourly_flow_deltas', dates)
      expect(await foldableDates(connection, 'hourly_flow_deltas', 1)).toEqual([])
      expect(await textRows(connection, figure)).toEqual(before)
      // A single combination that is taken back again.
      await connection.run('insert into main.hourly_flow_deltas select * replace (-persons as persons) ' +
        'from main.hourly_flow_deltas where business_date = (select min(business_date) from main.hourly_flow_deltas)')
      const [again = []] = await foldableDates(connection, 'hourly_flow_deltas', 1_000_000)
      expect((await foldDates(connection, 'hourly_flow_deltas', again)).after).toBe(0)
    })
    await warehouse.close()
  })
})
