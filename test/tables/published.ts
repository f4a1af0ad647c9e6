// A DuckDB in memory with views in schema `published`, as the warehouse shows them, made of literal rows.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { type Answer, answerRows, type Cell, runQuery, type RunOptions, type TableQuery } from '../../tables/index.ts'
import { tableDeclaration, type TableDeclaration } from '../../schemas/tables/index.ts'

export interface Published {
  connection: DuckDBConnection
  /** Makes or replaces a view of a table from rows in the published column order. */
  show(table: string, rows: readonly (readonly Cell[])[], schema?: string): Promise<void>
  close(): void
}

export async function openPublished (): Promise<Published> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('create schema published')
  return {
    connection,
    show: async (table, rows, schema = 'published') => {
      const { dimensions, measures } = tableDeclaration(table)
      const columns = [
        ...dimensions.map(({ name, type }) =>
          `${name} ${type === 'date' ? 'date' : type === 'integer' ? 'integer' : 'varchar'}`),
        ...measures.map(({ name, type }) => `${name} ${type === 'integer' ? 'bigint' : 'double'}`)
      ]
      await connection.run(`create or replace table ${schema}_${table} (${columns.join(', ')})`)
      if (rows.length > 0) {
        const values = rows.map(row => `(${row.map(literal).join(', ')})`).join(', ')
        await connection.run(`insert into ${schema}_${table} values ${values}`)
      }
      await connection.run(`create or replace view ${schema}.${table} as select * from ${schema}_${table}`)
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    }
  }
}

/** The declarations with every table available, whatever this version computes. */
export const everyTable = {
  declare: (id: string): TableDeclaration => ({ ...tableDeclaration(id), available: true })
}

export async function ask (connection: DuckDBConnection, query: TableQuery, options: RunOptions = {}):
Promise<Cell[][]> {
  return await allRows(await runQuery(connection, query, { ...everyTable, ...options }))
}

export async function allRows (answer: Answer): Promise<Cell[][]> {
  const rows: Cell[][] = []
  for await (const row of answerRows(answer)) rows.push(row)
  return rows
}

function literal (cell: Cell): string {
  return typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell)
}

// Rows of flows in their published columns.
export const FLOWS: readonly (readonly Cell[])[] = [
  ['2026-01-05', 'KHC-POI', 'arrival', 'admitted', 'land', 'THA', 'F', '20-24', 'exempt', 'holiday', 'crossing', 3],
  ['2026-01-05', 'KHC-POI', 'exit', 'admitted', 'land', 'THA', 'M', '25-29', 'exempt', 'unknown', 'crossing', 2],
  ['2026-01-31', 'KHC-KTI', 'arrival', 'admitted', 'air', 'CHN', 'M', '85+', 'T', 'business', 'crossing', 7],
  ['2026-02-01', 'KHC-KTI', 'arrival', 'refused', 'air', 'CHN', 'M', '5-9', 'T', 'holiday', 'crossing', 1],
  ['2026-04-01', 'KHC-CYM', 'exit', 'admitted', 'land', 'KHM', 'U', 'unknown', 'unknown', 'unknown', 'tally', 40],
  ['2025-12-29', 'KHC-CYM', 'exit', 'admitted', 'land', 'KHM', 'F', '10-14', 'unknown', 'visit', 'crossing', 5]
]
