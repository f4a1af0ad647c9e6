// Reading an answer chunk by chunk, so that a large one does not hold the event loop.
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'

type Parameters = NonNullable<globalThis.Parameters<DuckDBConnection['run']>[1]>

/** Gives every row of a statement's answer, in its order. The row is only valid until the next. */
export async function eachRow (
  connection: DuckDBConnection, sql: string, parameters: Parameters, take: (row: readonly DuckDBValue[]) => void
): Promise<void> {
  const result = await connection.stream(sql, parameters)
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const columns = Array.from({ length: chunk.columnCount }, (_, index) => chunk!.getColumnValues(index))
    for (let row = 0; row < chunk.rowCount; row++) take(columns.map(column => column[row] as DuckDBValue))
  }
}
