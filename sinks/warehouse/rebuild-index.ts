// The look-up of ids is in memory only: at start it is filled from the current images.
import { type DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { assert } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import { FACT_TABLE } from '../../schemas/columns.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { createIdIndex, type IdIndex } from './id-index.ts'

const currentIds = loadSql('sinks/warehouse/current-ids.sql')
const currentVoidIds = loadSql('sinks/warehouse/current-void-ids.sql')

/** The index over all current images, and the first sequence that is free. */
export async function rebuildIndex (connection: DuckDBConnection): Promise<{ index: IdIndex, nextSequence: number }> {
  const index = createIdIndex()
  let last = 0
  const statements = [...CONTRACTS.map(name => currentIds.replaceAll('fact_table', FACT_TABLE[name])), currentVoidIds]
  for (const statement of statements) {
    // A stream that fails midway ends like one that is complete, so the rows are counted beforehand.
    const [{ count } = { count: 0n }] = await readRows<{ count: bigint }>(connection, `select count(*) as count from (${statement})`)
    const sizeBefore = index.size
    const result = await connection.stream(statement)
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      const words = wordsOf(chunk.getColumnVector(0))
      const sequences = wordsOf(chunk.getColumnVector(1))
      for (let row = 0; row < chunk.rowCount; row++) {
        const sequence = sequences[row] as number
        index.add(words[row * 2] as number, words[row * 2 + 1] as number, sequence)
        if (sequence > last) last = sequence
      }
    }
    assert(index.size - sizeBefore === Number(count), 'all current ids were read')
  }
  // Retractions carry the sequence of what replaced them, so the largest of all rows is the largest of these.
  return { index, nextSequence: last + 1 }
}

/** The 32-bit words of a vector of integers without nulls, read in place. */
function wordsOf (vector: unknown): Uint32Array {
  const { items } = vector as { items: BigUint64Array | Uint32Array }
  return new Uint32Array(items.buffer, items.byteOffset, items.byteLength / 4)
}
