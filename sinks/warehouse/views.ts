// The tables as they are asked for: views in the schema `published`, made anew at every start from the models given.
import { type DuckDBConnection } from '@duckdb/node-api'

export interface View { name: string, sql: string }

/** Makes the views, in the order given. */
export async function createViews (connection: DuckDBConnection, views: readonly View[]): Promise<void> {
  await connection.run('create schema if not exists published')
  for (const { name, sql } of views) await connection.run(`create or replace view published.${name} as ${sql}`)
}
