// Compares what is kept with what comes out of the facts anew, row by row, and checks what must always be true
// (docs/method.md §10). Nothing of a traveller leaves this module but counts.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'
import { computeTemporary, TEMPORARY_PREFIX } from './as-of.ts'
import { setAsOf, type DeriveContext } from './compute.ts'
import { refreshDerived, refreshWithin, type RefreshOptions } from './refresh.ts'
import { withRoomForDeletion } from './room-for-deletion.ts'
import type { DerivationState } from './state.ts'

const SQL = {
  stockIdentity: loadSql('dags/derivation/stock-identity.sql'),
  stayEnds: loadSql('dags/derivation/stay-ends.sql')
}

export interface Verified {
  /** Through what was compared. */
  state: DerivationState
  /** Rows that are on one side only, by table; 0 where all are equal. */
  differentRows: Record<string, number>
  /** Cases that break an identity: dates and nationalities for `stock`, travellers for `stay_ends`. */
  broken: { stock: number, stayEnds: number }
  ok: boolean
}

/** Refreshes, recomputes everything as of the same date beside it, and compares, all in one snapshot of the facts. */
export async function verifyDerived (
  connection: DuckDBConnection, context: DeriveContext, options: RefreshOptions
): Promise<Verified> {
  const { state: before } = await refreshDerived(connection, context, options)
  await setAsOf(connection, context.asOf)
  return await withRoomForDeletion(connection, context.rebuildMemoryLimitMb, async () =>
    await transaction(connection, async () => await verifyWithin(connection, context, before)))
}

async function verifyWithin (
  connection: DuckDBConnection, context: DeriveContext, before: DerivationState
): Promise<Verified> {
  // Facts that came in between are few; whatever their number, both sides must see them.
  const refreshed = await refreshWithin(connection, context, before, { rebuildShareMax: Infinity })
  await computeTemporary(connection, context)
  const differentRows: Record<string, number> = {}
  for (const table of DERIVED_TABLES) differentRows[table] = await countRows(connection, differentTable(table))
  const broken = {
    stock: await countRows(connection, SQL.stockIdentity), stayEnds: await countRows(connection, SQL.stayEnds)
  }
  const faults = [...Object.values(differentRows), ...Object.values(broken)]
  return {
    state: refreshed?.state ?? before, differentRows, broken, ok: faults.every(count => count === 0)
  }
}

/** When a traveller is next due depends on the date of the last computation, and changes no figure. */
function differentTable (table: string): string {
  const columns = table === 'stays' ? '* exclude (due_on)' : '*'
  return different(`select ${columns} from main.${table}`, `select ${columns} from temp.${TEMPORARY_PREFIX}${table}`)
}

function different (kept: string, recomputed: string): string {
  return `((${kept}) except all (${recomputed})) union all ((${recomputed}) except all (${kept}))`
}

async function countRows (connection: DuckDBConnection, sql: string): Promise<number> {
  const [row] = await readRows<{ rows: bigint }>(connection, `select count(*) as rows from (${sql}) as found`)
  return Number(row?.rows ?? 0)
}
