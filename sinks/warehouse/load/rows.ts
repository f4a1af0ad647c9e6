// Reading single values back out of the columns of a batch, for the few rows whose id has been seen before.
import { textAt, type ColumnBuffer, type PackedTextColumn } from '../../../core/column-buffer.ts'
import type { DecodedRows } from '../../../schemas/decoded-batch.ts'

const INDEX_OF = ['record_id', 'id_hash', 'revision', 'fingerprint', 'received_at'].reduce(
  (index, name, position) => ({ ...index, [name]: position }), {} as Record<string, number>)

export function recordId (rows: DecodedRows, row: number): string {
  return textAt(columnNamed(rows, 'record_id') as PackedTextColumn, row)
}

export function idHash (rows: DecodedRows): Uint32Array {
  return data(rows, 'id_hash') as Uint32Array
}

export function revisions (rows: DecodedRows): Int32Array {
  return data(rows, 'revision') as Int32Array
}

const FINGERPRINT_BYTES = 16
const reversed = Buffer.alloc(FINGERPRINT_BYTES)

/** A fingerprint as DuckDB prints the UUID it stores, without its dashes. */
export function fingerprintHex (rows: DecodedRows, row: number): string {
  const bytes = data(rows, 'fingerprint') as Uint8Array
  const end = (row + 1) * FINGERPRINT_BYTES
  for (let i = 0; i < FINGERPRINT_BYTES; i++) reversed[i] = bytes[end - 1 - i] as number
  // Stored with the highest bit turned over, so that signed numbers are in the order of their texts.
  reversed[0] = (reversed[0] as number) ^ 0x80
  return reversed.toString('hex')
}

/** A column by its name in the table, of those that all fact tables have. */
export function columnNamed (rows: DecodedRows, name: string): ColumnBuffer {
  return rows.columns[INDEX_OF[name] as number] as ColumnBuffer
}

function data (rows: DecodedRows, name: string): ColumnBuffer['data'] {
  return columnNamed(rows, name).data
}
