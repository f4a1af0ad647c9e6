// Everything derived, from the facts, in one transaction: a reader sees the tables of before, whole, until it commits.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { failpoint } from '../../core/failpoint.ts'
import { withMemoryLimit } from '../../core/memory-limit.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'
import type { DerivedTarget } from '../../sinks/derived/table-writer.ts'
import { computeTravellers, setAsOf, type DeriveContext } from './compute.ts'
import { findFirstFact, lastSequence, walksDigest, writeState, type DerivationState } from './state.ts'

/**
 * Recomputes the maintained tables from all facts up to `asOf`, on a connection of its own.
 * Stopped by the signal or by an error it leaves the tables as they were, and can be started again.
 */
export async function rebuildDerived (connection: DuckDBConnection, context: DeriveContext): Promise<DerivationState> {
  await setAsOf(connection, context.asOf)
  return await withMemoryLimit(connection, context.rebuildMemoryLimitMb, async () =>
    await transaction(connection, async () => await rebuildWithin(connection, context)))
}

async function rebuildWithin (connection: DuckDBConnection, context: DeriveContext): Promise<DerivationState> {
  // The first read fixes what the transaction sees: what is loaded from here on belongs to the next refresh.
  const derivedThrough = await lastSequence(connection, 0)
  for (const table of DERIVED_TABLES) await connection.run(`delete from main.${table}`)
  const travellers = await computeTravellers(connection, context, {
    target: await maintainedTarget(connection), touchedOnly: false
  })
  failpoint('rebuild-computed')
  const state: DerivationState = {
    asOf: context.asOf,
    firstFact: await findFirstFact(connection, context.lists),
    derivedThrough,
    travellers,
    listsDigest: context.lists.digest,
    walksDigest,
    derivedAtMs: context.nowMs
  }
  await writeState(connection, 'main.', state, context.lists)
  return state
}

/** The tables of the connection's database, as appenders name them. */
export async function maintainedTarget (connection: DuckDBConnection): Promise<DerivedTarget> {
  const [row] = await readRows<{ name: string }>(connection, 'select current_database() as name')
  return { catalog: row?.name ?? '', prefix: '' }
}
