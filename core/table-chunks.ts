// The chunks through which columns go into tables, used again: one is made of some hundred objects of DuckDB, and
// thousands of these that are let go at once hold the event loop.
import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { ColumnBuffer } from './column-buffer.ts'

/** A table; of the database that was opened, unless another catalog (`temp`) is given. */
export interface ChunkTarget { catalog?: string, table: string }

export interface TakenChunk {
  chunk: DuckDBDataChunk
  /** What it was made for. */
  key: string
}

const unused = new WeakMap<DuckDBConnection, Map<string, DuckDBDataChunk[]>>()

/** An empty chunk of the appender's table, for these columns. A table made anew under its name has the same types. */
export function takeChunk (
  connection: DuckDBConnection, appender: DuckDBAppender, { catalog, table }: ChunkTarget,
  columns: readonly ColumnBuffer[]
): TakenChunk {
  const key = `${catalog ?? ''} ${table} ${columns.map(({ kind }) => kind).join(' ')}`
  const known = unused.get(connection)?.get(key)?.pop()
  if (known !== undefined) return { chunk: known, key }
  const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
  return { chunk: DuckDBDataChunk.create(types), key }
}

/** Empties a chunk for whoever writes the same next. */
export function giveChunk (connection: DuckDBConnection, { chunk, key }: TakenChunk): void {
  chunk.reset()
  const chunks = unused.get(connection) ?? new Map<string, DuckDBDataChunk[]>()
  unused.set(connection, chunks)
  chunks.set(key, [...chunks.get(key) ?? [], chunk])
}
