// Writes columns into a DuckDB table by chunks of 2,048 rows: one copy a column and chunk.
import bindings from '@duckdb/node-bindings'
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { BYTES_PER_ROW, type ColumnBuffer } from './column-buffer.ts'
import { createRowSelector } from './column-rows.ts'
import { fillPacked } from './packed-texts.ts'
import { createSlices } from './slices.ts'
import { type ChunkTarget, giveChunk, takeChunk, type TakenChunk } from './table-chunks.ts'

const CHUNK_ROWS = 2048
/** One for all: what is chosen goes into a chunk before anything else is chosen. */
const selector = createRowSelector(CHUNK_ROWS)

/** Rows of columns, which are the table's columns in order: the first `rows`, or those that `chosen` numbers. */
export type ColumnBlock = { columns: readonly ColumnBuffer[] } & ({ rows: number } | { chosen: Uint32Array })

/** Appends the first `rows` rows of the columns, which are the table's columns in order. */
export async function appendColumns (
  connection: DuckDBConnection, target: ChunkTarget, columns: readonly ColumnBuffer[], rows: number
): Promise<void> {
  await appendBlocks(connection, target, [{ columns, rows }])
}

/** Appends blocks one after the other; many small ones cost little more than one of their size. */
export async function appendBlocks (
  connection: DuckDBConnection, target: ChunkTarget, blocks: Iterable<ColumnBlock>
): Promise<void> {
  const appender = await connection.createAppender(target.table, 'main', target.catalog)
  try {
    let taken: TakenChunk | undefined
    const slices = createSlices()
    await slices.rest()
    let unflushed = 0
    for (const block of blocks) {
      const { columns } = block
      taken ??= takeChunk(connection, appender, target, columns)
      const { chunk } = taken
      checkColumns(chunk, columns)
      const rows = 'chosen' in block ? block.chosen.length : block.rows
      for (let start = 0; start < rows; start += CHUNK_ROWS) {
        const count = Math.min(CHUNK_ROWS, rows - start)
        if (!('chosen' in block)) fillChunk(chunk, columns, start, count)
        else fillChunk(chunk, selector.select(columns, block.chosen.subarray(start, start + count)), 0, count)
        // Chunk by chunk, a turn each: flushing is synchronous, and a large block at once would hold the event loop.
        if (unflushed + count > CHUNK_ROWS) {
          appender.flushSync()
          unflushed = 0
          await slices.rest()
        }
        appender.appendDataChunk(chunk)
        unflushed += count
        if (slices.isOver()) await slices.rest()
      }
    }
    appender.flushSync()
    if (taken !== undefined) giveChunk(connection, taken)
    await slices.rest()
  } finally {
    appender.closeSync()
  }
}

function checkColumns ({ columnCount }: DuckDBDataChunk, columns: readonly ColumnBuffer[]): void {
  if (columnCount === columns.length) return
  throw new Error(`a table of ${columns.length} columns was expected, it has ${columnCount}`)
}

function fillChunk (chunk: DuckDBDataChunk, columns: readonly ColumnBuffer[], start: number, count: number): void {
  chunk.reset()
  chunk.rowCount = count
  for (let index = 0; index < columns.length; index++) {
    fillVector(chunk, index, columns[index] as ColumnBuffer, start, count)
  }
}

function fillVector (chunk: DuckDBDataChunk, index: number, column: ColumnBuffer, start: number, count: number): void {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index)
  if (column.kind === 'text') {
    fillPacked(vector, column, start, count)
    return
  }
  const { data, validity } = column
  const bytes = BYTES_PER_ROW[column.kind]
  bindings.copy_data_to_vector(vector, 0, data.buffer as ArrayBuffer, data.byteOffset + start * bytes, count * bytes)
  if (validity !== null) {
    bindings.vector_ensure_validity_writable(vector)
    bindings.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer,
      validity.byteOffset + start / 8, Math.ceil(count / 64) * 8)
  }
}
