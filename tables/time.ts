// Time in a query: ranges given as dates or months, and the periods into which a table's dates or months roll up.
import { civilFromDays, daysFromCivil, daysInMonth, digits, formatDay, parseDay } from '../core/civil-date.ts'
import { BorderflowError } from '../core/errors.ts'
import type { TableDeclaration, TableDimension } from '../schemas/tables/index.ts'

export interface Period {
  name: string
  type: 'date' | 'text'
  /** The SQL expression of the period over the quoted time column. */
  expression: (column: string) => string
}

const PERIODS_OF_DATES: readonly Period[] = [
  { name: 'day', type: 'date', expression: column => column },
  // ISO 8601: the week belongs to the year of its Thursday.
  { name: 'week', type: 'text', expression: column => `strftime(${column}, '%G-W%V')` },
  { name: 'month', type: 'text', expression: column => `strftime(${column}, '%Y-%m')` },
  { name: 'quarter', type: 'text', expression: column => `strftime(${column}, '%Y-Q') || quarter(${column})` },
  { name: 'year', type: 'text', expression: column => `strftime(${column}, '%Y')` }
]

const PERIODS_OF_MONTHS: readonly Period[] = [
  {
    name: 'quarter',
    type: 'text',
    expression: column => `left(${column}, 4) || '-Q' || ((cast(right(${column}, 2) as integer) + 2) // 3)`
  },
  { name: 'year', type: 'text', expression: column => `left(${column}, 4)` }
]

/** The table's one date or month dimension. */
export function timeDimension (declaration: TableDeclaration): TableDimension {
  const time = declaration.dimensions.find(({ type }) => type === 'date' || type === 'month')
  if (time === undefined) throw new Error(`table ${declaration.id} declares no date and no month`)
  return time
}

/** The periods that `by` and `where` may name besides the table's dimensions. */
export function periodsOf (declaration: TableDeclaration): readonly Period[] {
  const time = timeDimension(declaration)
  return time.type === 'date' ? PERIODS_OF_DATES : PERIODS_OF_MONTHS
}

/** A range of days since 1970-01-01, both inclusive. Throws QUERY_INVALID for what is no date, or runs backwards. */
export function parseRange (from: string | undefined, to: string | undefined): { first?: number, last?: number } {
  const first = from === undefined ? undefined : parseBound('from', from, 'first')
  const last = to === undefined ? undefined : parseBound('to', to, 'last')
  if (first !== undefined && last !== undefined && first > last) {
    throw new BorderflowError('QUERY_INVALID', {
      expected: 'a range that begins before it ends', found: `from ${from} to ${to}`, where: 'from, to'
    })
  }
  return { first, last }
}

/** Days since 1970-01-01 of `asOf`. Throws QUERY_INVALID for what is no date. */
export function parseAsOf (text: unknown): number {
  const day = typeof text === 'string' ? parseDay(text) : null
  if (day === null) throw badTime('a date YYYY-MM-DD', 'asOf', text)
  return day
}

/** `YYYY-MM` of a day since 1970-01-01. */
export function formatMonth (day: number): string {
  return formatDay(day).slice(0, 7)
}

/** The first day of an existing month written `YYYY-MM`, in days since 1970-01-01; null for anything else. */
function parseMonth (text: string): number | null {
  if (text.length !== 7 || text.charCodeAt(4) !== 45) return null
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  return year < 0 || month < 1 || month > 12 ? null : daysFromCivil(year, month, 1)
}

function parseBound (name: string, text: unknown, edge: 'first' | 'last'): number {
  if (typeof text === 'string') {
    const day = parseDay(text)
    if (day !== null) return day
    const month = parseMonth(text)
    if (month !== null) {
      const civil = civilFromDays(month)
      return edge === 'first' ? month : month + daysInMonth(civil.year, civil.month) - 1
    }
  }
  throw badTime('a date YYYY-MM-DD or a month YYYY-MM', name, text)
}

function badTime (expected: string, where: string, found: unknown): BorderflowError {
  return new BorderflowError('QUERY_INVALID', { expected, found: JSON.stringify(String(found).slice(0, 32)), where })
}
