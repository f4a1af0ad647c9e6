// The tables as they are asked for: views in the schema `published`, made from the models given, and made anew only if
// a model or a table below has changed: it is half the work of opening, and the log has to be replayed with it.
import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../core/database.ts'
import { newestVersion } from './migrate.ts'
import { readProperties, replaceProperty } from './properties.ts'

export interface View { name: string, sql: string }

const DIGEST = 'views_digest'

/** Makes the views, in the order given, in one transaction, if those of the file are others. */
export async function createViews (connection: DuckDBConnection, views: readonly View[]): Promise<void> {
  const digest = createHash('sha256').update(JSON.stringify([newestVersion, views])).digest('hex')
  if ((await readProperties(connection)).get(DIGEST) === digest) return
  await transaction(connection, async () => {
    await connection.run('create schema if not exists published')
    for (const { name, sql } of views) await connection.run(`create or replace view published.${name} as ${sql}`)
    await replaceProperty(connection, DIGEST, digest)
  })
}
