// The ordered selects of the walks, read into columns: chunks are copied whole, no value is touched one by one.
import {
  type DuckDBConnection, type DuckDBDataChunk, DuckDBEnumType, type DuckDBMaterializedResult, type DuckDBResult,
  DuckDBTypeId
} from '@duckdb/node-api'
import bindings from '@duckdb/node-bindings'
import { createSlices } from '../../core/slices.ts'
import { loadSql } from '../../core/sql.ts'
import type {
  CrossingColumns, ExtensionColumns, RegistrationColumns
} from '../../transforms/walks/columns.ts'

const SQL = {
  crossings: loadSql('transforms/walks/crossings.sql'),
  extensions: loadSql('transforms/walks/extensions.sql'),
  registrations: loadSql('transforms/walks/registrations.sql')
}

const KEY_BYTES = 16
/** Bytes of a value in a vector, of the types that the selects have. */
const BYTES: { [Id in DuckDBTypeId]?: number } = {
  [DuckDBTypeId.UUID]: KEY_BYTES,
  [DuckDBTypeId.BIGINT]: 8,
  [DuckDBTypeId.DATE]: 4,
  [DuckDBTypeId.SMALLINT]: 2
}

export interface Facts {
  crossings: CrossingColumns
  extensions: ExtensionColumns
  registrations: RegistrationColumns
}

/** Reads the facts of the travellers that the temporary views `chosen_*` choose. */
export async function readFacts (connection: DuckDBConnection): Promise<Facts> {
  return {
    crossings: await readCrossings(connection),
    extensions: await readExtensions(connection),
    registrations: await readRegistrations(connection)
  }
}

/** Makers of the columns, in the order of the select's. */
type Makers<Columns extends { count: number }> = {
  [Name in Exclude<keyof Columns, 'count'>]: (count: number) => Columns[Name] & ColumnData
}

const keys = (count: number): Uint32Array => new Uint32Array(count * 4)
const instants = (count: number): Float64Array => new Float64Array(count)
const days = (count: number): Int32Array => new Int32Array(count)
const codes = (count: number): Int16Array => new Int16Array(count)
const values = (count: number): Uint8Array => new Uint8Array(count)

async function readCrossings (connection: DuckDBConnection): Promise<CrossingColumns> {
  return await readColumns<CrossingColumns>(connection, SQL.crossings, {
    key: keys,
    occurredAt: instants,
    day: days,
    checkpoint: codes,
    direction: values,
    travelMode: values,
    documentType: values,
    nationality: codes,
    sex: values,
    ageBand: values,
    residence: codes,
    visaClass: codes,
    permittedUntil: days,
    purpose: values,
    province: codes
  })
}

async function readExtensions (connection: DuckDBConnection): Promise<ExtensionColumns> {
  return await readColumns<ExtensionColumns>(connection, SQL.extensions, {
    key: keys, day: days, visaClass: codes, permittedUntil: days
  })
}

async function readRegistrations (connection: DuckDBConnection): Promise<RegistrationColumns> {
  return await readColumns<RegistrationColumns>(connection, SQL.registrations, {
    key: keys, registeredAt: instants, checkIn: days, province: codes, accommodationType: values
  })
}

type ColumnData = Uint32Array | Float64Array | Int32Array | Int16Array | Uint8Array

async function readColumns<Columns extends { count: number }> (
  connection: DuckDBConnection, sql: string, makers: Makers<Columns>
): Promise<Columns> {
  const result: DuckDBMaterializedResult = await connection.run(sql)
  const count = result.rowCount
  const slices = createSlices()
  const columns: Record<string, ColumnData> = {}
  // Memory that was never touched takes its time when it is: a slice for it too.
  for (const [name, make] of Object.entries<(count: number) => ColumnData>(makers)) {
    if (slices.isOver()) await slices.rest()
    columns[name] = make(count)
  }
  const targets = Object.values(columns)
  checkWidths(result, targets)
  let row = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    if (slices.isOver()) await slices.rest()
    for (const [index, target] of targets.entries()) {
      copyVector(chunk, index, target, row)
    }
    row += chunk.rowCount
  }
  if (row !== count) throw new Error(`${count} rows were announced, ${row} came`)
  return { count, ...columns } as unknown as Columns
}

/**
 * Copies a vector without nulls: keys as four words, 64-bit integers as numbers, everything else as it lies there. By
 * the binding itself: an object of the library is three, and thousands that are let go at once hold the event loop.
 */
function copyVector (chunk: DuckDBDataChunk, index: number, target: ColumnData, start: number): void {
  const count = chunk.rowCount
  const bytes = bindings.vector_get_data(bindings.data_chunk_get_vector(chunk.chunk, index), count * widthOf(target))
  if (target instanceof Float64Array) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * 2)
    for (let i = 0; i < count; i++) {
      target[start + i] = ((words[i * 2 + 1] as number) | 0) * 4294967296 + (words[i * 2] as number)
    }
  } else {
    const inBytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    inBytes.set(bytes, start * widthOf(target))
  }
}

/** Bytes of a value. */
function widthOf (target: ColumnData): number {
  return target instanceof Uint32Array ? KEY_BYTES : target.BYTES_PER_ELEMENT
}

/** Throws if the types of a select are not those of the columns that it is read into. */
function checkWidths (result: DuckDBResult, targets: readonly ColumnData[]): void {
  for (const [index, target] of targets.entries()) {
    const type = result.columnType(index)
    const bytes = type instanceof DuckDBEnumType && type.values.length <= 256 ? 1 : BYTES[type.typeId]
    if (bytes !== widthOf(target)) {
      throw new Error(`column ${index + 1} of a select of the walks: ${widthOf(target)} bytes a value were expected, ` +
        `its type is ${type.toString().slice(0, 40)}; the select and its columns must agree`)
    }
  }
}
