// The query object: what the command line, the API and a saved view all send, and the columns of the answer.
import { type TableDeclaration, type Unit } from '../schemas/tables/index.ts'

export interface TableQuery {
  /** Id of a published table. */
  table: string
  /** First and last date or month, inclusive: `YYYY-MM-DD` or `YYYY-MM`, whichever the table's own time is. */
  from?: string
  to?: string
  /** Dimension (or period: week, month, quarter, year) to the values to keep, any of them. */
  where?: Record<string, string[]>
  /** Dimensions and periods to keep, in this order; all dimensions by default, none gives one total. */
  by?: string[]
  /** Measures to show; all by default. */
  measures?: string[]
  /** The table as it is for facts up to this date, `YYYY-MM-DD`. */
  asOf?: string
  /** Columns to order by before the kept dimensions; `-name` is descending. */
  sort?: string[]
  /** At most so many rows, the first by the order. There is no limit by default. */
  limit?: number
}

export interface AnswerColumn {
  name: string
  role: 'dimension' | 'measure'
  type: 'date' | 'text' | 'integer' | 'number'
  /** True where the values are codes that a label can name. */
  coded: boolean
  /** Of measures. */
  unit?: Unit
}

export interface BuildOptions {
  /** Path of the DuckDB schema that holds the tables, `['published']` by default. */
  schema?: readonly string[]
  /** The date through which the tables of that schema are computed, where it is known. */
  asOf?: string
  /** Finds declarations; those of the package by default. */
  declare?: (id: string) => TableDeclaration
}

/** The DuckDB schema in which the warehouse shows each available table as a view named by its id. */
export const PUBLISHED_SCHEMA = 'published'
