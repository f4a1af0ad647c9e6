// Fills one derived table row by row and appends it block by block.
import { type DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../core/chunk-writer.ts'
import { createColumn, setInstant, setNull, type FixedColumn } from '../../core/column-buffer.ts'
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
  /** Appends what was filled; resolves when the table has it. */
  flush (): Promise<void>
  /** Rows written so far. */
  rows (): number
}

/** A multiple of the 2,048 rows of a chunk. Appending a block takes a few milliseconds of the event loop. */
const BLOCK_ROWS = 12_288

/** Where the derived tables are: the warehouse's own, or temporary ones beside them. */
export interface DerivedTarget {
  /** `temp`, or the name of the database. */
  catalog: string
  /** Stands before each table's name: a temporary table of the same name would hide the warehouse's own. */
  prefix: string
}

/** A writer into a table of the connection's transaction. */
export function createTableWriter (
  connection: DuckDBConnection, { catalog, prefix }: DerivedTarget, table: DerivedTable
): TableWriter {
  let capacity = BLOCK_ROWS
  let columns = emptyColumns(table, capacity)
  let keys = keyWords(columns)
  let count = 0
  let column = 0
  let written = 0

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
      if (count === 0) return
      await appendColumns(connection, { catalog, table: prefix + table }, columns, count)
      written += count
      count = 0
      // The appender has copied the block; all its rows start as valid again.
      for (const { validity } of columns) validity?.fill(0xff)
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
