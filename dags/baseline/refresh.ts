// Keeps what is expected of the days around today in the warehouse, so that readers need not compute it.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, formatDay } from '../../core/civil-date.ts'
import { readRows, transaction } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import { BAND_SPREADS, computeExpected, type ComputeContext, type ExpectedCell } from './compute.ts'
import { storeCells } from './store.ts'

export type BaselineContext = Omit<ComputeContext, 'bandSpreads'> & {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs: number
  bandSpreads?: number
}

export interface BaselineState {
  /** Days since 1970-01-01, both inclusive. */
  firstDay: number
  lastDay: number
  refreshedAtMs: number
}

/** The day before is read until it is over everywhere: silence may have begun in it. */
const DAYS_BACK = 1
const DAYS_AHEAD = 7

const FEEDS = loadSql('dags/baseline/latest-messages.sql')
const STATE = 'insert into main.baseline_state values ' +
  '($first_day::date, $last_day::date, make_timestamptz($now_us::bigint))'

/**
 * Computes and stores what is expected of yesterday, today and the seven days to come; the writes are one transaction.
 * Repeatable; reads the hourly flows of the days compared, and the columns of times once.
 */
export async function refreshBaseline (connection: DuckDBConnection, context: BaselineContext): Promise<BaselineState> {
  const today = businessDay(context.nowMs)
  const state = { firstDay: today - DAYS_BACK, lastDay: today + DAYS_AHEAD, refreshedAtMs: context.nowMs }
  const days: { day: number, cells: ExpectedCell[] }[] = []
  const wide = { bandSpreads: BAND_SPREADS, ...context }
  for await (const day of computeExpected(connection, wide, state.firstDay, state.lastDay)) {
    days.push(day)
  }
  await transaction(connection, async () => {
    await connection.run('delete from main.baseline')
    for (const { day, cells } of days) await storeCells(connection, day, cells)
    await connection.run('delete from main.baseline_feeds')
    await connection.run(`insert into main.baseline_feeds ${FEEDS}`)
    await connection.run('delete from main.baseline_state')
    await connection.run(STATE, {
      first_day: formatDay(state.firstDay),
      last_day: formatDay(state.lastDay),
      now_us: BigInt(Math.trunc(context.nowMs)) * 1000n
    })
  })
  return state
}

/** What is stored; null before the first refresh. */
export async function readBaselineState (connection: DuckDBConnection): Promise<BaselineState | null> {
  const [row] = await readRows<{ first_day: number, last_day: number, refreshed_ms: bigint }>(connection,
    "select first_day - date '1970-01-01' as first_day, last_day - date '1970-01-01' as last_day, " +
    'epoch_ms(refreshed_at) as refreshed_ms from main.baseline_state')
  return row === undefined
    ? null
    : { firstDay: Number(row.first_day), lastDay: Number(row.last_day), refreshedAtMs: Number(row.refreshed_ms) }
}
