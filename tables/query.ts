// The query object: what the command line, the API and a saved view all send, and the columns of the answer.
import type { CodeLists } from '../schemas/code-lists/index.ts'
import type { TableDeclaration, Unit } from '../schemas/tables/index.ts'

export const COMPARISONS = ['last-year', 'previous'] as const
export const SHARES = ['whole', 'period'] as const
export const LABELS = ['code', 'en', 'km', 'both'] as const
export type Comparison = (typeof COMPARISONS)[number]
export type Share = (typeof SHARES)[number]
export type LabelMode = (typeof LABELS)[number]

/**
 * Every field but `table` is optional. What a query may say about columns is said by name everywhere: `by`, `where` and
 * `sort` take the dimensions, the periods over the time dimension (day, week, month, quarter, year) and, of a dimension
 * of states, its groups (`nationality_asean`, `nationality_region`, `nationality_sub_region`).
 */
export interface TableQuery {
  /** Id of a published table. */
  table: string
  /** First and last date or month, inclusive: `YYYY-MM-DD` or `YYYY-MM`, whichever the table's own time is. */
  from?: string
  to?: string
  /**
   * Dimension, period or group to the values to keep, any of them. A dimension of states also takes `asean` and the
   * three digits of an M49 region or sub-region for all their members.
   */
  where?: Record<string, string[]>
  /** Dimensions, periods and groups to keep, in this order; all dimensions by default, none gives one total. */
  by?: string[]
  /** Measures to show; all by default. */
  measures?: string[]
  /** The table as it is for facts up to this date, `YYYY-MM-DD`. */
  asOf?: string
  /** Columns to order by before the kept dimensions; `-name` is descending. */
  sort?: string[]
  /** At most so many rows, the first by the order. There is no limit by default. */
  limit?: number
  /**
   * Beside each measure `m` its value one year, or one period, before: `m_last_year` or `m_previous`, `m_difference`
   * and `m_change_percent`, empty where there is no value. What `before` means is decided in tables/compare.ts.
   */
  compare?: Comparison
  /**
   * Adds the column `row_type` before all others: `figure` for the rows there would be without it, then `period_total`
   * (one a kept period, where other columns are kept too) and `total`; their other dimensions are empty. Totals are of
   * all figures, also those that `limit` leaves out.
   */
  totals?: boolean
  /** Beside each measure `m` that can be summed `m_share_percent`: its share of all figures, or of its period's. */
  shares?: Share
  /**
   * `code` (default); `en` and `km` put names in place of codes (no Khmer name: the English; none: the code); `both`
   * keeps codes and adds `<column>_en` and `<column>_km`.
   */
  labels?: LabelMode
}

export interface AnswerColumn {
  name: string
  role: 'dimension' | 'measure'
  type: 'date' | 'text' | 'integer' | 'number'
  /** True where the values are codes that a label can name. */
  coded: boolean
  /** Of measures. */
  unit?: Unit | 'percent'
  /** What people read at its head, in the language of the labels asked for; absent where codes are asked for. */
  heading?: string
}

/** What names and groups the codes: the lists in force. */
export type QueryLists = Pick<CodeLists, 'codes'>

export interface BuildOptions {
  /** Path of the DuckDB schema that holds the tables, `['published']` by default. */
  schema?: readonly string[]
  /** The date through which the tables of that schema are computed, where it is known: `stock` is much faster then. */
  asOf?: string
  /** The date of the first fact, where it is known. */
  firstFact?: string
  /** Finds declarations; those of the package by default. */
  declare?: (id: string) => TableDeclaration
  /** The code lists in force; those of the package by default. */
  lists?: QueryLists
}

/** The DuckDB schema in which the warehouse shows each available table as a view named by its id. */
export const PUBLISHED_SCHEMA = 'published'
