// The look-up of ids is in memory only: at start it is filled from the current images.
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { assert } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import { FACT_TABLE } from '../../schemas/columns.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { createIdIndex, type IdIndex } from './id-index.ts'

const currentIds = loadSql('sinks/warehouse/current-ids.sql')
const currentVoidIds = loadSql('sinks/warehouse/current-void-ids.sql')

/** Chunks read before others get their turn: a few milliseconds. */
const CHUNKS_A_TURN = 8

/** The index over all current images, and the first sequence that is free. */
export async function rebuildIndex (connection: DuckDBConnection): Promise<{ index: IdIndex, nextSequence: number }> {
  const index = createIdIndex()
  let last = 0
  const statements = [...CONTRACTS.map(name => currentIds.replaceAll('fact_table', FACT_TABLE[name])), currentVoidIds]
  for (const statement of statements) {
    await readIds(connection, statement, (low, high, sequence) => {
      index.add(low, high, sequence)
      if (sequence > last) last = sequence
    })
  }
  // Retractions carry the sequence of what replaced them, so the largest of all rows is the largest of these.
  return { index, nextSequence: last + 1 }
}

/** Reads hash and sequence of every row of a statement. */
export async function readIds (
  connection: DuckDBConnection, statement: string, take: (low: number, high: number, sequence: number) => void,
  values?: Record<string, number>, types?: Record<string, DuckDBType>
): Promise<void> {
  // A stream that fails midway ends like one that is complete, so the rows are counted beforehand.
  const counted = await connection.runAndReadAll(`select count(*) from (${statement})`, values, types)
  const count = Number(counted.getRowsJS()[0]?.[0])
  const result = await connection.stream(statement, values, types)
  let read = 0
  for (let chunks = 1; ; chunks++) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    const words = wordsOf(chunk.getColumnVector(0))
    const sequences = wordsOf(chunk.getColumnVector(1))
    for (let row = 0; row < chunk.rowCount; row++) {
      take(words[row * 2] as number, words[row * 2 + 1] as number, sequences[row] as number)
    }
    read += chunk.rowCount
    if (chunks % CHUNKS_A_TURN === 0) await new Promise(resolve => setImmediate(resolve))
  }
  assert(read === count, 'all ids were read')
}

/** The 32-bit words of a vector of integers without nulls, read in place. */
function wordsOf (vector: unknown): Uint32Array {
  const { items } = vector as { items: BigUint64Array | Uint32Array }
  return new Uint32Array(items.buffer, items.byteOffset, items.byteLength / 4)
}
