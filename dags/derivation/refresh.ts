// Brings the maintained tables up to the newest facts and to today, by recomputing only the travellers touched.
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatDay } from '../../core/civil-date.ts'
import { readRows, transaction } from '../../core/database.ts'
import { failpoint } from '../../core/failpoint.ts'
import { loadSql } from '../../core/sql.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'
import { computeTravellers, setAsOf, type DeriveContext } from './compute.ts'
import { maintainedTarget, rebuildDerived } from './rebuild.ts'
import { withRoomForDeletion } from './room-for-deletion.ts'
import {
  findFirstFact, lastSequence, readState, walksDigest, writeState, type DerivationState
} from './state.ts'

const SQL = {
  touched: loadSql('dags/derivation/touched-travellers.sql'),
  due: loadSql('dags/derivation/due-travellers.sql'),
  earliest: loadSql('dags/derivation/earliest-touched.sql')
}

export interface RefreshOptions {
  /** A larger share of all travellers touched is a rebuild: it costs less than deleting and inserting them. */
  rebuildShareMax: number
}

export interface Refreshed {
  state: DerivationState
  /** Travellers recomputed; all of them after a rebuild. */
  travellers: number
  rebuilt: boolean
}

/** A rebuild of so few is always cheap, and no share of them says anything. */
const TRAVELLERS_MIN = 1000

/**
 * Follows the facts, in one transaction: readers see the tables of before, whole, until it commits. Rebuilds where
 * there is nothing yet, where lists or walks are others than before, and where the as-of date goes back.
 */
export async function refreshDerived (
  connection: DuckDBConnection, context: DeriveContext, options: RefreshOptions
): Promise<Refreshed> {
  const before = await readState(connection)
  const refreshed = before === null || mustRebuild(before, context)
    ? null
    : await refreshTouched(connection, context, before, options)
  if (refreshed !== null) return refreshed
  const state = await rebuildDerived(connection, context)
  return { state, travellers: state.travellers, rebuilt: true }
}

function mustRebuild (before: DerivationState, { lists, asOf }: DeriveContext): boolean {
  return before.listsDigest !== lists.digest || before.walksDigest !== walksDigest || asOf < before.asOf
}

/** Null if too many are touched. */
async function refreshTouched (
  connection: DuckDBConnection, context: DeriveContext, before: DerivationState, options: RefreshOptions
): Promise<Refreshed | null> {
  await setAsOf(connection, context.asOf)
  const refreshed = await withRoomForDeletion(connection, context.rebuildMemoryLimitMb, async () =>
    await transaction(connection, async () => await refreshWithin(connection, context, before, options)))
  failpoint('refresh-committed')
  return refreshed
}

/** The same within the caller's transaction, on a connection whose as-of date is set. */
export async function refreshWithin (
  connection: DuckDBConnection, context: DeriveContext, before: DerivationState, options: RefreshOptions
): Promise<Refreshed | null> {
  const derivedThrough = await lastSequence(connection, before.derivedThrough)
  if (derivedThrough === before.derivedThrough && context.asOf === before.asOf) {
    return { state: before, travellers: 0, rebuilt: false }
  }
  const touched = await findTouched(connection, context, before)
  if (touched > options.rebuildShareMax * Math.max(before.travellers, TRAVELLERS_MIN)) return null
  failpoint('refresh-begun')
  let travellers = 0
  if (touched > 0) {
    for (const table of DERIVED_TABLES) {
      await connection.run(`delete from main.${table} where traveller_key in (from temp.touched_travellers)`)
    }
    failpoint('refresh-rows-deleted')
    travellers = await computeTravellers(connection, context, {
      target: await maintainedTarget(connection), touchedOnly: true
    })
    failpoint('refresh-rows-written')
  }
  const state: DerivationState = {
    ...before,
    asOf: context.asOf,
    firstFact: await firstFactAfter(connection, context, before),
    derivedThrough,
    travellers: Math.max(before.travellers, travellers),
    derivedAtMs: context.nowMs
  }
  await writeState(connection, 'main.', state, context.lists)
  return { state, travellers, rebuilt: false }
}

async function findTouched (
  connection: DuckDBConnection, context: DeriveContext, before: DerivationState
): Promise<number> {
  await connection.run('create or replace temp table touched_travellers (traveller_key uuid)')
  const { rowsChanged: touched } = await connection.run(since(SQL.touched, context, before))
  if (context.asOf === before.asOf) return touched
  const { rowsChanged: due } = await connection.run(since(SQL.due, context, before))
  return touched + due
}

/** Only what lies at the first fact or before it can move it; then all crossings are asked. */
async function firstFactAfter (
  connection: DuckDBConnection, context: DeriveContext, before: DerivationState
): Promise<number | null> {
  if (before.firstFact !== null && context.lists.coverageFrom === null) {
    const [row] = await readRows<{ earliest: number | null }>(connection,
      since(SQL.earliest, context, before))
    if (row === undefined || row.earliest === null || row.earliest > before.firstFact) return before.firstFact
  }
  return await findFirstFact(connection, context.lists)
}

/** Numbers and dates stand in the text: what is before them is skipped unread only where they are known to the plan. */
function since (sql: string, context: DeriveContext, before: DerivationState): string {
  return sql.replaceAll('$derived_through', String(Math.trunc(before.derivedThrough)))
    .replaceAll('$old_as_of', `date '${formatDay(before.asOf)}'`)
    .replaceAll('$new_as_of', `date '${formatDay(context.asOf)}'`)
}
