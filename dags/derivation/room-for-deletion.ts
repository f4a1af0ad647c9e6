// Memory for taking out rows of the derived tables. Travellers that are touched lie all over the tables, and DuckDB
// keeps a mark of 8 bytes for every row of each block of 2,048 in which one is deleted, in memory, not to be spilled. A
// deletion for which there is too little leaves its rows locked until the process ends, so there must be enough.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { memoryLimitMb, withMemoryLimit } from '../../core/memory-limit.ts'
import { DERIVED_TABLES } from '../../sinks/derived/columns.ts'

const MARK_BYTES = 8
const MIB = 1024 * 1024
/** The rest is for reading, computing and writing. */
const MARKS_SHARE_MAX = 1 / 3

/** Runs work that takes rows out of the derived tables: under the limit of a rebuild where the usual one is too low. */
export async function withRoomForDeletion<T> (
  connection: DuckDBConnection, rebuildMemoryLimitMb: number | undefined, work: () => Promise<T>
): Promise<T> {
  const isMore = needsMore(await derivedRows(connection), await memoryLimitMb(connection))
  return await withMemoryLimit(connection, isMore ? rebuildMemoryLimitMb : undefined, work)
}

/** True if the marks of so many rows would take too much of the limit. */
export function needsMore (rows: number, limitMb: number): boolean {
  return rows * MARK_BYTES / MIB > limitMb * MARKS_SHARE_MAX
}

async function derivedRows (connection: DuckDBConnection): Promise<number> {
  const [row] = await readRows<{ rows: number }>(connection, `
    select coalesce(sum(estimated_size), 0)::double as rows from duckdb_tables()
    where database_name = current_database() and schema_name = 'main'
      and table_name in (${DERIVED_TABLES.map(table => `'${table}'`).join()})`)
  return row?.rows ?? 0
}
