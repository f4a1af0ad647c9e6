// What is true of the whole warehouse, by name: its id, its version, the ids of its keys, the lists it was loaded
// under.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'

/** All properties of the warehouse. */
export async function readProperties (connection: DuckDBConnection): Promise<Map<string, string>> {
  const rows = await readRows<{ name: string, value: string }>(connection, 'select name, value from main.properties')
  return new Map(rows.map(({ name, value }) => [name, value]))
}

/** Sets a property, replacing the value it had. */
export async function writeProperty (connection: DuckDBConnection, name: string, value: string): Promise<void> {
  await transaction(connection, async () => { await replaceProperty(connection, name, value) })
}

/** The same within a transaction that has begun. */
export async function replaceProperty (connection: DuckDBConnection, name: string, value: string): Promise<void> {
  await connection.run('delete from main.properties where name = $name', { name })
  await connection.run('insert into main.properties (name, value) values ($name, $value)', { name, value })
}
