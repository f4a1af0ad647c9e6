// DuckDB's memory limit is one for the whole file; long work may raise it while it runs.
import { type DuckDBConnection } from '@duckdb/node-api'
import { readRows } from './database.ts'

const UNITS: Readonly<Record<string, number>> = { bytes: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10, TiB: 2 ** 20 }

/** The memory limit in force, MiB. */
export async function memoryLimitMb (connection: DuckDBConnection): Promise<number> {
  const text = await limitInForce(connection)
  const [, number = '', unit = ''] = /^([\d.]+) (\w+)$/.exec(text) ?? []
  return Number(number) * (UNITS[unit] ?? NaN)
}

/**
 * Runs work under a higher memory limit and puts the old one back. The limit counts for all connections meanwhile.
 * @param limitMb MiB; nothing changes where the limit in force is undefined
 */
export async function withMemoryLimit<T> (
  connection: DuckDBConnection, limitMb: number | undefined, work: () => Promise<T>
): Promise<T> {
  if (limitMb === undefined) return await work()
  const before = await limitInForce(connection)
  await connection.run(`set memory_limit = '${Math.trunc(limitMb)}MiB'`)
  try {
    return await work()
  } finally {
    // Refused while more than that is in use: the limit then stays until the next work has ended.
    await connection.run(`set memory_limit = '${before}'`).catch(() => {})
  }
}

async function limitInForce (connection: DuckDBConnection): Promise<string> {
  const [row] = await readRows<{ value: string }>(connection, "select current_setting('memory_limit') as value")
  return row?.value ?? ''
}
