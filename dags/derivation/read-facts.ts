// The ordered selects of the walks, read into columns: chunks are copied whole, no value is touched one by one.
import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
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
  let row = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    if (slices.isOver()) await slices.rest()
    for (const [index, target] of targets.entries()) {
      copyVector(chunk.getColumnVector(index), target, row, chunk.rowCount)
    }
    row += chunk.rowCount
  }
  if (row !== count) throw new Error(`${count} rows were announced, ${row} came`)
  return { count, ...columns } as unknown as Columns
}

interface RawVector { items?: ArrayBufferView, dataView?: DataView }

/** Copies a vector without nulls: keys as four words, 64-bit integers as numbers, everything else as it lies there. */
function copyVector (vector: unknown, target: ColumnData, start: number, count: number): void {
  const { items, dataView } = vector as RawVector
  const raw = items ?? dataView
  if (raw === undefined) throw new Error('the column has no plain values')
  if (target instanceof Float64Array) {
    const words = new Uint32Array(raw.buffer, raw.byteOffset, count * 2)
    for (let i = 0; i < count; i++) {
      target[start + i] = ((words[i * 2 + 1] as number) | 0) * 4294967296 + (words[i * 2] as number)
    }
  } else if (target instanceof Uint32Array) {
    target.set(new Uint32Array(raw.buffer, raw.byteOffset, count * 4), start * 4)
  } else {
    target.set((raw as Int32Array).subarray(0, count), start)
  }
}
