// Reading single values back out of the columns of a batch, for the few rows whose id has been seen before.
import { textAt, type ColumnBuffer, type PackedTextColumn } from '../../../core/column-buffer.ts'
import type { DecodedRows } from '../../../schemas/decoded-batch.ts'

const INDEX_OF = ['record_id', 'id_hash', 'revision', 'fingerprint', 'received_at'].reduce(
  (index, name, position) => ({ ...index, [name]: position }), {} as Record<string, number>)

export function recordId (rows: DecodedRows, row: number): string {
  return textAt(rows.columns[INDEX_OF.record_id as number] as PackedTextColumn, row)
}

export function idHash (rows: DecodedRows): Uint32Array {
  return data(rows, 'id_hash') as Uint32Array
}

export function revisions (rows: DecodedRows): Int32Array {
  return data(rows, 'revision') as Int32Array
}

export function receivedAtWords (rows: DecodedRows): Uint32Array {
  return data(rows, 'received_at') as Uint32Array
}

/** A fingerprint as DuckDB prints the UUID it stores. */
export function fingerprintText (rows: DecodedRows, row: number): string {
  const bytes = data(rows, 'fingerprint') as Uint8Array
  let hex = ''
  for (let i = 15; i >= 0; i--) {
    const byte = (bytes[row * 16 + i] ?? 0) ^ (i === 15 ? 0x80 : 0)
    hex += byte.toString(16).padStart(2, '0')
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function data (rows: DecodedRows, name: string): ColumnBuffer['data'] {
  return (rows.columns[INDEX_OF[name] as number] as ColumnBuffer).data
}
