// Fills one derived table row by row and appends it block by block.
import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../core/chunk-writer.ts'
import { createColumn, setInstant, setNull, type FixedColumn } from '../../core/column-buffer.ts'
import type { ChunkTarget } from '../../core/table-chunks.ts'
import { DERIVED_COLUMNS, type DerivedTable } from './columns.ts'

export interface TableWriter {
  /** Begins a row and sets its traveller, four words of a key as stored. The values follow in column order. */
  begin (key: Uint32Array, row: number): void
  /** A code, a day, a number or an ordinal; null only where the column allows it. */
  put (value: number | null): void
  /** An instant in milliseconds. */
  putInstant (milliseconds: number | null): void
  /** True if the block is full and has to be appended before many more rows. */
  isFull (): boolean
  /** Appends what was filled; resolves when it is in the table or staged for it. */
  flush (): Promise<void>
  /** Appends what was filled or staged; resolves when the table has it all. */
  finish (): Promise<void>
  /** Rows written so far. */
  rows (): number
}

/** A multiple of the 2,048 rows of a chunk. Appending a block takes a few milliseconds of the event loop. */
const BLOCK_ROWS = 12_288
/** Rows moved into a table of the file at a time: compressing them is then work of the database's threads. */
const STAGED_ROWS = 10 * BLOCK_ROWS
/** So few rows at the end are appended to the table itself: staging them would cost more. */
const UNSTAGED_ROWS = 2048

/** Where the derived tables are: the warehouse's own, or temporary ones beside them. */
export interface DerivedTarget {
  /** `temp`, or the name of the database. */
  catalog: string
  /** Stands before each table's name: a temporary table of the same name would hide the warehouse's own. */
  prefix: string
}

/**
 * A writer into a table of the connection's transaction. An appender works on the thread that calls it, and a table of
 * the file compresses each row group while it is appended to: blocks go to a temporary table first, which does not.
 */
export function createTableWriter (
  connection: DuckDBConnection, { catalog, prefix }: DerivedTarget, table: DerivedTable
): TableWriter {
  let capacity = BLOCK_ROWS
  let columns = emptyColumns(table, capacity)
  let keys = keyWords(columns)
  let count = 0
  let column = 0
  let written = 0
  let staged = 0
  const isFile = catalog !== 'temp'
  const stage = `staged_${table}`
  const target = `"${catalog}".main.${prefix}${table}`

  function grow (): void {
    const grown = emptyColumns(table, capacity * 2)
    grown.forEach((to, i) => {
      const from = columns[i] as FixedColumn
      to.data.set(from.data)
      if (from.validity !== null) to.validity?.set(from.validity)
    })
    columns = grown
    keys = keyWords(columns)
    capacity *= 2
  }

  async function append (to: ChunkTarget): Promise<number> {
    const rows = count
    await appendColumns(connection, to, columns, rows)
    written += rows
    count = 0
    // The appender has copied the block; all its rows start as valid again.
    for (const { validity } of columns) validity?.fill(0xff)
    return rows
  }

  /** A block into the staging table, and all that is staged into the table where that is enough or the last. */
  async function stageBlock (isLast: boolean): Promise<void> {
    if (staged === 0 && count > 0) await connection.run(`create or replace temp table ${stage} as from ${target} limit 0`)
    if (count > 0) staged += await append({ catalog: 'temp', table: stage })
    if (staged === 0 || (staged < STAGED_ROWS && !isLast)) return
    await connection.run(`insert into ${target} from temp.${stage}`)
    await connection.run(`drop table temp.${stage}`)
    staged = 0
  }

  return {
    begin (key, row) {
      if (count === capacity) grow()
      for (let word = 0; word < 4; word++) keys[count * 4 + word] = key[row * 4 + word] as number
      column = 1
      count++
    },
    put (value) {
      const target = columns[column++] as FixedColumn
      if (value === null) setNull(target, count - 1)
      else target.data[count - 1] = value
    },
    putInstant (milliseconds) {
      const target = columns[column++] as FixedColumn
      if (milliseconds === null) setNull(target, count - 1)
      else setInstant(target.data as Uint32Array, count - 1, milliseconds)
    },
    isFull: () => count >= BLOCK_ROWS,
    async flush () {
      if (isFile) await stageBlock(false)
      else if (count > 0) await append({ catalog, table: prefix + table })
    },
    async finish () {
      if (isFile && (staged > 0 || count > UNSTAGED_ROWS)) await stageBlock(true)
      else if (count > 0) await append({ catalog, table: prefix + table })
    },
    rows: () => written + count
  }
}

function emptyColumns (table: DerivedTable, capacity: number): FixedColumn[] {
  return DERIVED_COLUMNS[table].map(({ kind, nullable }) => createColumn(kind, nullable, capacity) as FixedColumn)
}

function keyWords (columns: readonly FixedColumn[]): Uint32Array {
  return new Uint32Array((columns[0] as FixedColumn).data.buffer)
}
