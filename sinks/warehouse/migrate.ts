// A migration is a folder of one-statement, repeatable .sql files. Each is followed by a checkpoint (replaying a log
// with table changes in it has failed before), and the version is written last, so that an interrupted one is run
// again.
import { readdirSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { packageFile } from '../../core/package-root.ts'
import { loadSql } from '../../core/sql.ts'
import { readProperties, writeProperty } from './properties.ts'

const FOLDER = 'sinks/warehouse/migrations'
const VERSION = 'schema_version'

/** The newest version that this program knows. */
export const newestVersion = migrationNames().length

/**
 * Brings a warehouse to the newest version. Throws WAREHOUSE_VERSION if it is newer than this program.
 * @returns the versions that were applied
 */
export async function migrate (connection: DuckDBConnection): Promise<number[]> {
  const version = await currentVersion(connection)
  if (version > newestVersion) {
    throw new BorderflowError('WAREHOUSE_VERSION', {
      expected: `a warehouse of version ${newestVersion} or older`,
      found: `version ${version}`,
      remedy: 'It was written by a newer borderflow: install that one, or restore a backup from before the upgrade.'
    })
  }
  const applied: number[] = []
  for (const [index, name] of migrationNames().entries()) {
    if (index < version) continue
    for (const file of readdirSync(packageFile(`${FOLDER}/${name}`)).filter(file => file.endsWith('.sql')).sort()) {
      await connection.run(loadSql(`${FOLDER}/${name}/${file}`))
      failpoint('migration-step')
    }
    await connection.run('checkpoint')
    await writeProperty(connection, VERSION, String(index + 1))
    applied.push(index + 1)
  }
  return applied
}

async function currentVersion (connection: DuckDBConnection): Promise<number> {
  const tables = await readRows(connection, "select 1 from duckdb_tables() where schema_name = 'main' and table_name = 'properties'")
  return tables.length === 0 ? 0 : Number((await readProperties(connection)).get(VERSION) ?? 0)
}

function migrationNames (): string[] {
  return readdirSync(packageFile(FOLDER), { withFileTypes: true })
    .filter(entry => entry.isDirectory()).map(entry => entry.name).sort()
}
