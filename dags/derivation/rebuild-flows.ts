// The flows, anew from the facts. Loading keeps them, so they are written on the loader's connection, between groups.
import type { DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'

const FLOWS = [
  { table: 'flow_deltas', sql: loadSql('dags/derivation/flows-from-facts.sql') },
  { table: 'hourly_flow_deltas', sql: loadSql('dags/derivation/hours-from-facts.sql') }
]

/** Replaces the changes of `flows` and `flows_hourly` by what the current images give, in one transaction. */
export async function rebuildFlows (connection: DuckDBConnection): Promise<void> {
  await transaction(connection, async () => {
    // Flows hold every date; readers cut them by theirs.
    await connection.run('reset variable as_of')
    for (const { table, sql } of FLOWS) {
      await connection.run(`delete from main.${table}`)
      await connection.run(`insert into main.${table} ${sql}`)
    }
  })
}
