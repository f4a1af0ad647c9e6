// The stored images of ids that are seen again. A sender that repeats a day has one for each of its messages.
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { appendColumns } from '../../../core/chunk-writer.ts'
import { createSlices } from '../../../core/slices.ts'
import { factStatements } from './fact-statements.ts'
import { rangesOf } from './ranges.ts'

/** The current image of a record as the warehouse has it. */
export interface StoredImage { recordId: string, revision: number, isVoid: boolean, fingerprint: string }

type Row = [sequence: number, recordId: string, revision: number, fingerprint: string, isVoid: boolean]

/**
 * Reads stored images by sequence. They come as JSON, some hundreds in a text: a column of texts is an object of
 * DuckDB's client for each, and takes four times as long.
 */
export async function readImages (
  connection: DuckDBConnection, contract: number, sequences: readonly number[]
): Promise<Map<number, StoredImage>> {
  await connection.run('create or replace temp table wanted_sequences (sequence uinteger)')
  await appendColumns(connection, { catalog: 'temp', table: 'wanted_sequences' },
    [{ kind: 'uinteger', data: Uint32Array.from(sequences), validity: null }], sequences.length)
  const images = new Map<number, StoredImage>()
  for (const range of rangesOf(sequences)) {
    const blocks = textsOf(await connection.run(factStatements[contract]!.readImages(range)))
    for await (const block of blocks) {
      for (const [sequence, recordId, revision, fingerprint, isVoid] of JSON.parse(block) as Row[]) {
        images.set(sequence, { recordId, revision, isVoid, fingerprint })
      }
    }
  }
  return images
}

/** The texts of a result that has one column of them, in slices. */
async function * textsOf (result: DuckDBResult): AsyncGenerator<string> {
  const slices = createSlices()
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    const texts = chunk.getColumnVector(0)
    for (let row = 0; row < chunk.rowCount; row++) {
      if (slices.isOver()) await slices.rest()
      yield String(texts.getItem(row))
    }
  }
}
