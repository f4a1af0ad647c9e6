// DuckDB's memory limit is one for the whole file; long work may raise it while it runs.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from './database.ts'

const UNITS: Readonly<Record<string, number>> = { bytes: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10, TiB: 2 ** 20 }

/** The memory limit in force, MiB. */
export async function memoryLimitMb (connection: DuckDBConnection): Promise<number> {
  const text = await limitInForce(connection)
  const [, number = '', unit = ''] = /^([\d.]+) (\w+)$/.exec(text) ?? []
  return Number(number) * (UNITS[unit] ?? NaN)
}

/** Limits that DuckDB would not take back, because more than that was in use. */
const refused = new WeakMap<DuckDBConnection, string>()

/**
 * Runs work under a higher memory limit and puts the old one back. The limit counts for all connections meanwhile.
 * @param limitMb MiB; nothing changes where the limit in force is undefined
 */
export async function withMemoryLimit<T> (
  connection: DuckDBConnection, limitMb: number | undefined, work: () => Promise<T>
): Promise<T> {
  const waiting = refused.get(connection)
  if (waiting !== undefined) await putBack(connection, waiting)
  if (limitMb === undefined) return await work()
  const before = refused.get(connection) ?? await limitInForce(connection)
  await connection.run(`set memory_limit = '${Math.trunc(limitMb)}MiB'`)
  try {
    return await work()
  } finally {
    await putBack(connection, before)
  }
}

/** Puts a limit back; while more than that is in use it is refused, and tried again before the next work. */
async function putBack (connection: DuckDBConnection, before: string): Promise<void> {
  try {
    await connection.run(`set memory_limit = '${before}'`)
    refused.delete(connection)
  } catch {
    refused.set(connection, before)
  }
}

async function limitInForce (connection: DuckDBConnection): Promise<string> {
  const [row] = await readRows<{ value: string }>(connection, "select current_setting('memory_limit') as value")
  return row?.value ?? ''
}
