// What "a year before" and "the period before" are: an expression that moves an earlier date or month onto the one it
// is compared with. Filters, roll-ups and the as-of date are then applied to the moved time, so that both sides are
// asked for the same days: a month that is not over is compared with as many days of the month before.
//
// - last-year, by day: the same date; 29 February has no counterpart, either way. By week (kept, or filtered by): the
//   same weekday of the ISO week of the same number; week 53 has none where the other year has 52. Otherwise the
//   same part of the calendar year, where 29 February belongs to the end of February.
// - previous: the day, week, month, quarter or year before, by the shortest that is kept, else that is filtered by;
//   with neither the range of equal length before, in whole months where it is whole months.
import { civilFromDays, daysInMonth } from '../core/civil-date.ts'
import { BorderflowError } from '../core/errors.ts'
import type { Comparison } from './query.ts'

export interface Shift {
  /** The SQL expression of the time that a row is compared with, null for none, over the quoted time column. */
  forward: (column: string) => string
  /** Bounds of the days between both. */
  daysMin: number
  daysMax: number
}

export interface ShiftBasis {
  timeType: 'date' | 'month'
  /** Names of the periods kept, `day` or `month` for the table's own time; else of those filtered by. */
  periods: readonly string[]
  range: { first?: number, last?: number }
}

const ORDER = ['day', 'week', 'month', 'quarter', 'year'] as const
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }

/** Throws QUERY_INVALID where there is no period to go back by. */
export function shiftOf (compare: Comparison, { timeType, periods, range }: ShiftBasis): Shift {
  const shortest = ORDER.find(name => periods.includes(name))
  if (compare === 'last-year') {
    if (timeType === 'month') return byMonths(12, timeType)
    return shortest === 'week' || (shortest === 'day' && periods.includes('week'))
      ? ISO_YEAR
      : shortest === 'day' ? SAME_DATE : byMonths(12, timeType)
  }
  if (shortest === 'day') return byDays(1)
  if (shortest === 'week') return byDays(7)
  if (shortest !== undefined) return byMonths(MONTHS[shortest]!, timeType)
  const { first, last } = range
  if (first === undefined || last === undefined) {
    throw new BorderflowError('QUERY_INVALID', {
      expected: 'a period to go back by',
      found: 'no period kept and no whole range',
      where: 'compare',
      remedy: 'Keep a period (`by`: day, week, month, quarter or year), or give both ends (`from`, `to`).'
    })
  }
  const months = wholeMonths(first, last)
  if (months !== null) return byMonths(months, timeType)
  return timeType === 'month' ? byMonths(monthsTouched(first, last), timeType) : byDays(last - first + 1)
}

const SAME_DATE: Shift = {
  forward: column => `case when strftime(${column}, '%m-%d') <> '02-29' ` +
    `then cast(${column} + interval 1 year as date) end`,
  daysMin: 365,
  daysMax: 366
}

/** 4 January is in week 1 by definition. Week 53 moved into a year of 52 weeks would land in the year after. */
const ISO_YEAR: Shift = {
  forward: column => {
    const moved = `cast(date_trunc('week', make_date(isoyear(${column}) + 1, 1, 4)) as date) + ` +
      `cast((weekofyear(${column}) - 1) * 7 + isodow(${column}) - 1 as integer)`
    return `case when weekofyear(${moved}) = weekofyear(${column}) then ${moved} end`
  },
  daysMin: 364,
  daysMax: 371
}

function byDays (days: number): Shift {
  return { forward: column => `${column} + ${days}`, daysMin: days, daysMax: days }
}

/** A day that the later month does not have moves to its last. */
function byMonths (months: number, timeType: 'date' | 'month'): Shift {
  return {
    forward: timeType === 'date'
      ? column => `cast(${column} + interval ${months} month as date)`
      : column => `strftime(cast(${column} || '-01' as date) + interval ${months} month, '%Y-%m')`,
    daysMin: months * 28,
    daysMax: months * 31 + 3
  }
}

function monthsTouched (first: number, last: number): number {
  const [from, to] = [civilFromDays(first), civilFromDays(last)]
  return (to.year - from.year) * 12 + to.month - from.month + 1
}

function wholeMonths (first: number, last: number): number | null {
  const to = civilFromDays(last)
  const whole = civilFromDays(first).day === 1 && to.day === daysInMonth(to.year, to.month)
  return whole ? monthsTouched(first, last) : null
}
