// What a query asks for beside its figures: a comparison, totals, shares, labels. Refused where they would mean
// nothing, with what would.
import type { TableDeclaration, TableMeasure } from '../schemas/tables/index.ts'
import type { Key } from './check.ts'
import { type Shift, shiftOf } from './compare.ts'
import {
  COMPARISONS, type Comparison, type LabelMode, LABELS, type Share, SHARES, type TableQuery
} from './query.ts'
import { choice, invalid } from './refusal.ts'
import { timeDimension } from './time.ts'

export interface Extras {
  compare?: Shift & { suffix: string }
  totals: boolean
  shares?: Share
  labels: LabelMode
  /** Names of the columns that these add. */
  added: string[]
}

interface Asked {
  declaration: TableDeclaration
  by: readonly Key[]
  measures: readonly TableMeasure[]
  where: readonly { key: Key }[]
  range: { first?: number, last?: number }
}

/** Throws QUERY_INVALID. */
export function checkExtras (query: TableQuery, asked: Asked): Extras {
  const comparison = choice(query.compare, COMPARISONS, 'compare')
  const shares = choice(query.shares, SHARES, 'shares')
  const compare = comparison === undefined
    ? undefined
    : { ...checkCompare(comparison, asked), suffix: comparison.replace('-', '_') }
  if (shares !== undefined) checkShares(shares, asked)
  const totals = checkTotals(query.totals, asked)
  const added = asked.measures.flatMap(measure => [
    ...compare === undefined ? [] : comparedNames(measure.name, compare.suffix),
    ...shares === undefined || measure.summable === 'none' ? [] : [shareName(measure.name)]
  ])
  return { compare, totals, shares, labels: choice(query.labels, LABELS, 'labels') ?? 'code', added }
}

/** The value before, the difference, and the change in percent. */
export function comparedNames (measure: string, suffix: string): [string, string, string] {
  return [`${measure}_${suffix}`, `${measure}_difference`, `${measure}_change_percent`]
}

export function shareName (measure: string): string {
  return `${measure}_share_percent`
}

/** True for a date, a month, or a period over them. */
export function isTimeKey ({ dimension, group }: Key): boolean {
  return group === undefined && (dimension.type === 'date' || dimension.type === 'month')
}

function checkCompare (comparison: Comparison, { declaration, by, measures, where, range }: Asked): Shift {
  const time = timeDimension(declaration)
  if (time.name === 'as_of') {
    throw invalid('a table of many dates', `${declaration.id}, which is of one date`, 'compare',
      'Ask for it as of each of the two dates (`asOf`).')
  }
  const kept = by.filter(isTimeKey)
  const filtered = where.map(({ key }) => key).filter(isTimeKey)
  const bounded = kept.length > 0 || filtered.length > 0 || range.first !== undefined ||
    measures.every(({ summable }) => summable === 'last')
  if (!bounded) {
    throw invalid('a period kept, or a range that begins', 'all of time', 'compare',
      'Keep a period (`by`: day, week, month, quarter or year), or give `from`.')
  }
  return shiftOf(comparison, {
    timeType: time.type as 'date' | 'month',
    periods: (kept.length > 0 ? kept : filtered).map(key => periodName(key)),
    range
  })
}

function periodName ({ dimension, period }: Key): string {
  return period?.name ?? (dimension.type === 'date' ? 'day' : 'month')
}

function checkShares (shares: Share, { declaration, by, measures }: Asked): void {
  const summable = measures.filter(measure => measure.summable !== 'none')
  if (summable.length === 0) {
    throw invalid('a measure that can be summed', measures.map(({ name }) => name).join(', '), 'shares')
  }
  const time = by.some(isTimeKey)
  if (shares === 'period' && !time) {
    throw invalid('a period kept', 'none', 'shares', 'Keep one (`by`), or ask for shares of the whole.')
  }
  if (shares === 'whole' && time && summable.some(measure => measure.summable === 'last')) {
    throw invalid(`shares of the period, because ${declaration.id} is not summed over time`, 'shares of the whole',
      'shares', 'Ask for shares `period`.')
  }
}

function checkTotals (totals: unknown, { by, measures }: Asked): boolean {
  if (totals === undefined || totals === false) return false
  if (totals !== true) throw invalid('true or false', String(JSON.stringify(totals)), 'totals')
  if (by.length === 0) throw invalid('a dimension kept', 'none: the answer is the total', 'totals')
  if (measures.every(({ summable }) => summable === 'none')) {
    throw invalid('a measure that can be summed', measures.map(({ name }) => name).join(', '), 'totals')
  }
  return true
}
