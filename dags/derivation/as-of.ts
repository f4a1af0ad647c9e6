// The tables as of another date: temporary, on the connection that asks; the maintained ones are not touched.
import type { DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../core/database.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'
import { models } from '../../transforms/models/index.ts'
import { computeTravellers, setAsOf, type DeriveContext } from './compute.ts'
import { maintainedTarget } from './rebuild.ts'
import { findFirstFact, lastSequence, walksDigest, writeState } from './state.ts'

/** Where the temporary tables are found: the `schema` option of the query engine. */
export const AS_OF_SCHEMA: readonly string[] = ['temp', 'main']

/** What temporary tables are called: `main.stays` would otherwise be found in the temporary schema first. */
export const TEMPORARY_PREFIX = 'as_of_'

const TABLES = [...DERIVED_TABLES, 'derivation', 'overstay_fine_rates'] as const
const derivedNames = new RegExp(`\\bmain\\.(${TABLES.join('|')})\\b`, 'g')

/**
 * Computes everything as of `context.asOf` into temporary tables of the connection, with a view for every published
 * table under `AS_OF_SCHEMA`. The connection must be the asker's own and be used for these tables only: the views hide
 * tables of the warehouse that have the same names. Its variable `as_of` stays at that date.
 */
export async function deriveAsOf (connection: DuckDBConnection, context: DeriveContext): Promise<void> {
  await setAsOf(connection, context.asOf)
  for (const { name } of models) await connection.run(`drop view if exists temp.${name}`)
  await transaction(connection, async () => { await computeTemporary(connection, context) })
  const { catalog } = await maintainedTarget(connection)
  const warehouse = `"${catalog.replaceAll('"', '""')}".main.`
  for (const { name, sql } of models) {
    const text = sql
      .replace(derivedNames, `temp.${TEMPORARY_PREFIX}$1 as $1`)
      .replaceAll(/\bmain\./g, warehouse)
      .replaceAll(/\bpublished\./g, 'temp.')
    await connection.run(`create temp view ${name} as ${text}`)
  }
}

/** Computes all rows into temporary tables, named as the maintained ones after `TEMPORARY_PREFIX`. */
export async function computeTemporary (connection: DuckDBConnection, context: DeriveContext): Promise<void> {
  for (const table of TABLES) {
    await connection.run(`create or replace temp table ${TEMPORARY_PREFIX}${table} as from main.${table} limit 0`)
  }
  const derivedThrough = await lastSequence(connection, 0)
  const travellers = await computeTravellers(connection, context, {
    target: { catalog: 'temp', prefix: TEMPORARY_PREFIX }, touchedOnly: false
  })
  await writeState(connection, `temp.${TEMPORARY_PREFIX}`, {
    asOf: context.asOf,
    firstFact: await findFirstFact(connection, context.lists),
    derivedThrough,
    travellers,
    listsDigest: context.lists.digest,
    walksDigest,
    derivedAtMs: context.nowMs
  }, context.lists)
}
