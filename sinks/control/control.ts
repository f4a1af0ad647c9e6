// The control file: opened once, beside the warehouse, with tables of its own.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabase } from '../../core/database.ts'
import { createMutex } from '../../core/mutex.ts'
import { packageFile } from '../../core/package-root.ts'
import { loadSql } from '../../core/sql.ts'

const FOLDER = 'sinks/control/tables'
const MEMORY_LIMIT_MB = 128

export interface Control {
  /** Runs work on the file, one piece at a time. */
  exclusive<T> (work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Closes the file once what is under way is over. */
  close (): Promise<void>
}

/** The path of the control file in a data folder. */
export function controlFile (folder: string): string {
  return join(folder, 'control.duckdb')
}

/** Opens the control file of a data folder, or makes one. */
export async function openControl (folder: string): Promise<Control> {
  const database = await openDatabase({ path: controlFile(folder), memoryLimitMb: MEMORY_LIMIT_MB, threads: 1 })
  const connection = await database.connect()
  for (const file of readdirSync(packageFile(FOLDER)).filter(name => name.endsWith('.sql')).sort()) {
    await connection.run(loadSql(`${FOLDER}/${file}`))
  }
  const mutex = createMutex()
  return {
    exclusive: async work => await mutex.run(async () => await work(connection)),
    close: async () => { await database.close() }
  }
}
