// The ordered selects of the walks, read into columns: chunks are copied whole, no value is touched one by one.
import type { DuckDBConnection, DuckDBMaterializedResult } from '@duckdb/node-api'
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

async function readCrossings (connection: DuckDBConnection): Promise<CrossingColumns> {
  return await readColumns(connection, SQL.crossings, count => ({
    count,
    key: new Uint32Array(count * 4),
    occurredAt: new Float64Array(count),
    day: new Int32Array(count),
    checkpoint: new Int16Array(count),
    direction: new Uint8Array(count),
    travelMode: new Uint8Array(count),
    documentType: new Uint8Array(count),
    nationality: new Int16Array(count),
    sex: new Uint8Array(count),
    ageBand: new Uint8Array(count),
    residence: new Int16Array(count),
    visaClass: new Int16Array(count),
    permittedUntil: new Int32Array(count),
    purpose: new Uint8Array(count),
    province: new Int16Array(count)
  }))
}

async function readExtensions (connection: DuckDBConnection): Promise<ExtensionColumns> {
  return await readColumns(connection, SQL.extensions, count => ({
    count,
    key: new Uint32Array(count * 4),
    day: new Int32Array(count),
    visaClass: new Int16Array(count),
    permittedUntil: new Int32Array(count)
  }))
}

async function readRegistrations (connection: DuckDBConnection): Promise<RegistrationColumns> {
  return await readColumns(connection, SQL.registrations, count => ({
    count,
    key: new Uint32Array(count * 4),
    registeredAt: new Float64Array(count),
    checkIn: new Int32Array(count),
    province: new Int16Array(count),
    accommodationType: new Uint8Array(count)
  }))
}

type ColumnData = Uint32Array | Float64Array | Int32Array | Int16Array | Uint8Array

/** The select's columns are those of the object that `create` makes, in their order after `count`. */
async function readColumns<Columns extends { count: number }> (
  connection: DuckDBConnection, sql: string, create: (count: number) => Columns
): Promise<Columns> {
  const result: DuckDBMaterializedResult = await connection.run(sql)
  const columns = create(result.rowCount)
  const { count: _, ...data } = columns
  const targets = Object.values(data) as ColumnData[]
  let row = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    for (const [index, target] of targets.entries()) {
      copyVector(chunk.getColumnVector(index), target, row, chunk.rowCount)
    }
    row += chunk.rowCount
  }
  if (row !== columns.count) throw new Error(`${columns.count} rows were announced, ${row} came`)
  return columns
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
