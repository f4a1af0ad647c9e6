// A warehouse with years of invented crossings, written as the loader would have written them, in minutes.
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { systemClock } from '../../core/clock.ts'
import { readRows, servingThreads } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import type { DeriveContext } from '../../dags/derivation/compute.ts'
import { loadCodeLists } from '../../schemas/code-lists/index.ts'
import { openWarehouse, type Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { models } from '../../transforms/models/index.ts'

/** Three years, so that windows of 487 days end and stays lapse within them. */
const SPAN_DAYS = 1095
const FIRST_DAY = parseDay('2023-01-01') as number
/** Crossings that a traveller leaves within the span, a little less than the mean so that none are missing. */
const CROSSINGS_EACH = 4.2
/** Sequences are one a record: those of crossings, registrations and extensions are kept apart. */
const GAP = 100_000_000
/** The service's default. */
const MEMORY_LIMIT_MB = 768

const STATES = ['CHN', 'DEU', 'FRA', 'KOR', 'LAO', 'THA', 'USA', 'VNM']
const SQL = Object.fromEntries([
  'travellers', 'crossings', 'insert-crossings', 'insert-registrations', 'insert-extensions', 'new-events',
  'new-crossings', 'new-registrations', 'new-corrections'
].map(name => [name, loadSql(`bench/derive/${name}.sql`)])) as Record<string, string>

/** The last day of history, in days since 1970-01-01. */
export const LAST_DAY = FIRST_DAY + SPAN_DAYS

/** Opens the warehouse of a benchmark's folder as the service does. */
export async function openHistory (folder: string, memoryLimitMb = MEMORY_LIMIT_MB): Promise<Warehouse> {
  return await openWarehouse({
    folder, keysFolder: `${folder}/keys`, memoryLimitMb, threads: servingThreads(), checkpointWalMb: 128
  }, { clock: systemClock, lists: loadCodeLists(), views: models })
}

export function contextAt (warehouse: Warehouse, asOf: number, rebuildMemoryLimitMb?: number): DeriveContext {
  const { lists, codeNumbers } = warehouse
  return { lists, codeNumbers, asOf, nowMs: 0, ...(rebuildMemoryLimitMb === undefined ? {} : { rebuildMemoryLimitMb }) }
}

/** Fills an empty warehouse with a history of about this many crossings. */
export async function makeHistory (warehouse: Warehouse, crossings: number): Promise<void> {
  await warehouse.exclusive(async connection => {
    const national = warehouse.codeNumbers.state.get('KHM')
    const states = STATES.map(code => warehouse.codeNumbers.state.get(code))
    await connection.run(`set variable bench_national = ${national}::smallint`)
    await connection.run(`set variable bench_states = [${states.join(', ')}]::smallint[]`)
    await run(connection, 'travellers', { span_days: SPAN_DAYS, travellers: Math.round(crossings / CROSSINGS_EACH) })
    await run(connection, 'crossings', { span_days: SPAN_DAYS, crossings })
    await run(connection, 'insert-crossings', { first_sequence: 0, first_day_ms: FIRST_DAY * 86_400_000 })
    await run(connection, 'insert-registrations', { first_sequence: GAP })
    await run(connection, 'insert-extensions', { first_sequence: 2 * GAP })
    for (const table of ['bench_travellers', 'bench_crossings']) await connection.run(`drop table temp.${table}`)
  })
  await warehouse.checkpoint()
}

/** Appends one batch of new events of the given day to a history, as the loader would have. Returns rows written. */
export async function addEvents (warehouse: Warehouse, day: number, batch: number, events: number): Promise<number> {
  return await warehouse.exclusive(async connection => {
    const [{ crossings } = { crossings: 0n }] = await readRows<{ crossings: bigint }>(connection,
      `select count(*) as crossings from main.crossings where sequence <= ${GAP}`)
    await run(connection, 'travellers', { span_days: SPAN_DAYS, travellers: Math.round(Number(crossings) / CROSSINGS_EACH) })
    await run(connection, 'new-events', {
      first_sequence: 3 * GAP + batch * events, batch, events, crossings: Number(crossings), span_days: SPAN_DAYS
    })
    let rows = await run(connection, 'new-crossings', { day: formatDay(day) })
    rows += await run(connection, 'new-registrations', { day: formatDay(day) })
    rows += await run(connection, 'new-corrections', {})
    for (const table of ['bench_travellers', 'bench_events']) await connection.run(`drop table temp.${table}`)
    return rows
  })
}

async function run (
  connection: DuckDBConnection, name: string, parameters: Record<string, string | number>
): Promise<number> {
  const { rowsChanged } = await connection.run(SQL[name] as string, Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key, typeof value === 'number' ? BigInt(value) : value])))
  return rowsChanged
}
