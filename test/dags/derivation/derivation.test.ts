// Derivation as it runs beside the loader: follows facts and days, rests while the loader is busy, stops and goes on.
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { formatDay } from '../../../core/civil-date.ts'
import { createDerivation, DERIVATION_DEFAULTS, type Derivation, type DerivationConfig } from '../../../dags/derivation/derivation.ts'
import type { Refreshed } from '../../../dags/derivation/refresh.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists, loadMessages, openTestWarehouse, textRows } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing } from './messages.ts'

const MIDNIGHT_MS = Date.parse('2024-02-01T00:00:00+07:00')
const clock = fixedClock(0)
let warehouse: Warehouse
let connection: DuckDBConnection
let derivation: Derivation
let busy: boolean
let behind: boolean
/** How often derivation has asked whether the loader is behind: while it rests, after each stretch of its poll. */
let asked: number
let refreshes: Refreshed[]
let errors: unknown[]

beforeEach(async () => {
  clock.set(MIDNIGHT_MS - 1000)
  warehouse = await openTestWarehouse(await temporaryFolder())
  connection = await warehouse.connect()
  busy = behind = false
  asked = 0
  refreshes = []
  errors = []
  derivation = create(connection)
})
afterEach(async () => {
  await derivation.stop()
  await warehouse.close()
})

function create (own: DuckDBConnection, change: Partial<DerivationConfig> = {}): Derivation {
  return createDerivation({ ...DERIVATION_DEFAULTS, pollMs: 10, ...change }, {
    connection: own,
    lists: codeLists,
    codeNumbers: warehouse.codeNumbers,
    clock,
    loaderBusy: () => busy,
    loaderBehind: () => {
      asked++
      return behind
    },
    onRefreshed: refreshed => { refreshes.push(refreshed) },
    onError: error => { errors.push(error) }
  })
}

async function until (condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition was not met in time')
    await new Promise<void>(resolve => { setTimeout(resolve, 10) })
  }
}

async function load (id: string, at: string, way: 'arrival' | 'exit', number = 'P1'): Promise<void> {
  await loadMessages(warehouse, [crossing(id, at, way, number)], 10, id)
  derivation.wake()
}

const states = async (): Promise<string> => (await textRows(await warehouse.connect(),
  'select state, stays from published.stays_summary order by state')).map(row => `${row['state']} ${row['stays']}`).join()

describe('derivation', () => {
  it('computes what was there before it began, follows what comes, and says through what and how far behind', async () => {
    expect(derivation.status()).toEqual({ state: 'stopped', derived: null, lagSeconds: 0 })
    await load('a', '2024-01-01T08:00:00', 'arrival')
    clock.set(MIDNIGHT_MS - 500)
    expect(derivation.status().lagSeconds).toBe(0.5)
    await derivation.start()
    await until(async () => await states() === 'open 1')
    await load('b', '2024-01-03T08:00:00', 'exit')
    await until(() => refreshes.length === 2)
    expect(await states()).toBe('closed 1')
    const { state, derived, lagSeconds } = derivation.status()
    expect([state, derived?.derivedThrough, formatDay(derived?.asOf ?? 0)]).toEqual(['waiting', 2, '2024-01-31'])
    expect(lagSeconds).toBe(0)
    expect(refreshes.map(({ rebuilt, travellers }) => [rebuilt, travellers])).toEqual([[true, 1], [false, 1]])
  })

  it('comes to the new day at midnight in Phnom Penh, without a fact', async () => {
    await load('a', '2024-01-31T08:00:00', 'arrival')
    await derivation.start()
    await until(() => derivation.status().derived?.asOf !== undefined)
    expect(await textRows(connection, 'select * from published.registration_coverage')).toEqual([])
    clock.set(MIDNIGHT_MS)
    await until(() => formatDay(derivation.status().derived?.asOf ?? 0) === '2024-02-01')
    const [row] = await textRows(await warehouse.connect(), 'select outcome, stays from published.registration_coverage')
    expect(row).toEqual({ outcome: 'never', stays: '1' })
  })

  it('gathers while the loader is busy, and goes on as soon as it is not', async () => {
    await derivation.stop()
    // A share so small that it would rest for hours.
    derivation = create(connection, { busyShareMin: 1e-6, busyShareMax: 1e-6 })
    busy = true
    await load('a', '2024-01-01T08:00:00', 'arrival')
    await derivation.start()
    await until(() => refreshes.length === 1)
    await load('b', '2024-01-03T08:00:00', 'exit')
    await load('c', '2024-01-03T08:00:00', 'arrival', 'P2')
    expect(await states()).toBe('open 1')
    busy = false
    // The tables can be read a moment before the refresh is over: its end is waited for.
    await until(() => refreshes.length === 2)
    expect(await states()).toBe('closed 1,open 1')
  })

  it('rests less once the tables are further behind than is wanted', async () => {
    await derivation.stop()
    derivation = create(connection, { busyShareMin: 1e-6, busyShareMax: 0.9, lagWantedMs: 0 })
    busy = true
    await load('a', '2024-01-01T08:00:00', 'arrival')
    await derivation.start()
    await until(() => refreshes.length === 1)
    await load('b', '2024-01-03T08:00:00', 'exit')
    await until(async () => await states() === 'closed 1')
  })

  it('leaves almost all to a loader that cannot follow, until it can', async () => {
    await derivation.stop()
    derivation = create(connection, { busyShareMin: 0.9, busyShareMax: 0.9, lagWantedMs: 0, backlogShare: 1e-6 })
    busy = behind = true
    await load('a', '2024-01-01T08:00:00', 'arrival')
    await derivation.start()
    await until(() => refreshes.length === 1)
    await load('b', '2024-01-03T08:00:00', 'exit')
    // Longer than the other share would let it rest: a stretch is as long as that at most.
    const before = asked
    await until(() => asked > before + 20)
    expect(await states()).toBe('open 1')
    behind = false
    await until(() => refreshes.length === 2)
    expect(await states()).toBe('closed 1')
  })

  it('goes on after a stop where it was', async () => {
    await derivation.start()
    await load('a', '2024-01-01T08:00:00', 'arrival')
    await until(async () => await states() === 'open 1')
    await derivation.stop()
    await load('b', '2024-01-03T08:00:00', 'exit')
    expect(await states()).toBe('open 1')
    await derivation.start()
    await until(async () => await states() === 'closed 1')
    expect(refreshes.filter(({ rebuilt }) => rebuilt)).toHaveLength(1)
    expect((await derivation.verify()).ok).toBe(true)
    expect(errors).toEqual([])
  })

  it('tells an error and tries again', async () => {
    await connection.run('alter table main.overstay_fine_rates rename to elsewhere')
    await load('a', '2024-01-01T08:00:00', 'arrival')
    await derivation.start()
    await until(() => errors.length > 0)
    expect(derivation.status()).toMatchObject({ state: 'failing', derived: null })
    await (await warehouse.connect()).run('alter table main.elsewhere rename to overstay_fine_rates')
    await until(() => derivation.status().state === 'waiting')
    expect(await states()).toBe('open 1')
  })
})
