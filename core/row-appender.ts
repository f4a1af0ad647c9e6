// Appends a few rows of plain values to a table: for what a batch has little of. What it has much of goes by columns.
import { type DuckDBAppender, type DuckDBConnection, DuckDBDateValue, DuckDBTimestampTZValue, DuckDBUUIDValue } from '@duckdb/node-api'
import { createSlices } from './slices.ts'

export type Cell =
  | { kind: 'text', value: string | null }
  | { kind: 'bigint' | 'integer' | 'smallint' | 'date' | 'instant', value: number | null }
  | { kind: 'blob', value: Uint8Array | null }
  | { kind: 'boolean', value: boolean }
  | { kind: 'uuid', value: string }

export const text = (value: string | null): Cell => ({ kind: 'text', value })
/** A whole number that fits 53 bits. */
export const bigint = (value: number | null): Cell => ({ kind: 'bigint', value })
export const integer = (value: number): Cell => ({ kind: 'integer', value })
export const smallint = (value: number): Cell => ({ kind: 'smallint', value })
/** Days since 1970-01-01. */
export const date = (value: number): Cell => ({ kind: 'date', value })
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const instant = (value: number | null): Cell => ({ kind: 'instant', value })
export const blob = (value: Uint8Array | null): Cell => ({ kind: 'blob', value })
export const boolean = (value: boolean): Cell => ({ kind: 'boolean', value })
export const uuid = (value: string): Cell => ({ kind: 'uuid', value })

/**
 * Appends rows, whose cells are the table's columns in order, within the connection's transaction. They are taken one
 * by one, so that what is costly to make may be made on the way.
 */
export async function appendRows (
  connection: DuckDBConnection, table: string, rows: Iterable<readonly Cell[]>
): Promise<void> {
  let appender: DuckDBAppender | undefined
  const slices = createSlices()
  try {
    for (const row of rows) {
      if (slices.isOver()) await slices.rest()
      appender ??= await connection.createAppender(table, 'main')
      for (const cell of row) appendCell(appender, cell)
      appender.endRow()
    }
    appender?.flushSync()
  } finally {
    appender?.closeSync()
  }
}

function appendCell (appender: DuckDBAppender, cell: Cell): void {
  if (cell.value === null) {
    appender.appendNull()
    return
  }
  switch (cell.kind) {
    case 'text': appender.appendVarchar(cell.value); break
    case 'bigint': appender.appendBigInt(BigInt(cell.value)); break
    case 'integer': appender.appendInteger(cell.value); break
    case 'smallint': appender.appendSmallInt(cell.value); break
    case 'date': appender.appendDate(new DuckDBDateValue(cell.value)); break
    case 'instant': appender.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(Math.trunc(cell.value)) * 1000n)); break
    case 'boolean': appender.appendBoolean(cell.value); break
    case 'blob': appender.appendBlob(cell.value); break
    case 'uuid': appender.appendUUID(DuckDBUUIDValue.fromUint128(BigInt(`0x${cell.value.replaceAll('-', '')}`))); break
  }
}
