// Writes what is expected into the warehouse's table.
import { DuckDBDataChunk, DuckDBDateValue, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import type { ExpectedCell } from './compute.ts'

const CHUNK_ROWS = 2048

/** Appends the cells of a day (days since 1970-01-01) to `main.baseline`. */
export async function storeCells (
  connection: DuckDBConnection, day: number, cells: readonly ExpectedCell[]
): Promise<void> {
  const appender = await connection.createAppender('baseline', 'main')
  try {
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
    const date = new DuckDBDateValue(day)
    for (let start = 0; start < cells.length; start += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(types)
      chunk.setRows(cells.slice(start, start + CHUNK_ROWS).map(cell => rowOf(date, cell)))
      appender.appendDataChunk(chunk)
      appender.flushSync()
    }
  } finally {
    appender.closeSync()
  }
}

/** In the order of the table's columns. */
function rowOf (date: DuckDBDateValue, cell: ExpectedCell): DuckDBValue[] {
  return [
    date, cell.hour, cell.source, cell.checkpoint, cell.measure, cell.basis, cell.isClosed, cell.samples, cell.median,
    cell.low, cell.high, cell.mean, cell.dispersion
  ]
}
