// Periods: whole hours, days, weeks (from Monday, ISO 8601) and months at UTC+7. A run is of a period, whenever it
// runs.
import {
  civilFromDays, DAY_MS, daysFromCivil, formatDay, HOUR_MS, parseDay, PHNOM_PENH_OFFSET_MS
} from '../../core/civil-date.ts'

export const PERIOD_UNITS = ['hour', 'day', 'week', 'month'] as const
export type PeriodUnit = (typeof PERIOD_UNITS)[number]

export interface Period {
  unit: PeriodUnit
  /** `2026-11-22T14`, `2026-11-22`, `2026-W47` or `2026-11`. */
  key: string
  /** The first millisecond, and the first one behind. */
  startMs: number
  endMs: number
}

/** How each unit's key is written. */
export const PERIOD_FORMATS: Readonly<Record<PeriodUnit, string>> = {
  hour: 'YYYY-MM-DDTHH', day: 'YYYY-MM-DD', week: 'YYYY-Www', month: 'YYYY-MM'
}

const WEEK_DAYS = 7

/** The period that an instant lies in. */
export function periodAt (unit: PeriodUnit, instantMs: number): Period {
  const local = instantMs + PHNOM_PENH_OFFSET_MS
  if (unit === 'hour') {
    const hour = Math.floor(local / HOUR_MS)
    const day = Math.floor(hour / 24)
    return spanning(unit, `${formatDay(day)}T${padded(hour - day * 24)}`, hour * HOUR_MS, (hour + 1) * HOUR_MS)
  }
  const day = Math.floor(local / DAY_MS)
  if (unit === 'day') return ofDays(unit, formatDay(day), day, day + 1)
  if (unit === 'week') {
    const monday = day - (day + 3) % WEEK_DAYS
    return ofDays(unit, weekKey(monday), monday, monday + WEEK_DAYS)
  }
  const { year, month } = civilFromDays(day)
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)
  return ofDays(unit, formatDay(day).slice(0, 7), daysFromCivil(year, month, 1), next)
}

/** The last period that has ended at an instant. */
export function lastEnded (unit: PeriodUnit, instantMs: number): Period {
  return periodAt(unit, periodAt(unit, instantMs).startMs - 1)
}

/** The period after. */
export function periodAfter ({ unit, endMs }: Period): Period {
  return periodAt(unit, endMs)
}

/** The period of a key; null for anything else. */
export function parsePeriod (unit: PeriodUnit, key: string): Period | null {
  const startMs = startOf(unit, key)
  if (startMs === null) return null
  const period = periodAt(unit, startMs)
  return period.key === key ? period : null
}

function startOf (unit: PeriodUnit, key: string): number | null {
  const week = /^(\d{4})-W(\d{2})$/.exec(key)
  if (unit === 'week') {
    return week === null ? null : atMidnight(firstMonday(Number(week[1])) + (Number(week[2]) - 1) * WEEK_DAYS)
  }
  if (unit === 'hour') {
    const hour = /^(.{10})T([01]\d|2[0-3])$/.exec(key)
    const day = parseDay(hour?.[1] ?? '')
    return day === null ? null : atMidnight(day) + Number(hour?.[2]) * HOUR_MS
  }
  const day = parseDay(unit === 'month' ? `${key}-01` : key)
  return day === null ? null : atMidnight(day)
}

/** The week belongs to the year that its Thursday is in. */
function weekKey (monday: number): string {
  const { year } = civilFromDays(monday + 3)
  return `${String(year).padStart(4, '0')}-W${padded((monday - firstMonday(year)) / WEEK_DAYS + 1)}`
}

/** The Monday of a year's first week, the one with 4 January in it. */
function firstMonday (year: number): number {
  const fourth = daysFromCivil(year, 1, 4)
  return fourth - (fourth + 3) % WEEK_DAYS
}

function ofDays (unit: PeriodUnit, key: string, from: number, to: number): Period {
  return spanning(unit, key, from * DAY_MS, to * DAY_MS)
}

function spanning (unit: PeriodUnit, key: string, localStartMs: number, localEndMs: number): Period {
  return { unit, key, startMs: localStartMs - PHNOM_PENH_OFFSET_MS, endMs: localEndMs - PHNOM_PENH_OFFSET_MS }
}

function atMidnight (day: number): number {
  return day * DAY_MS - PHNOM_PENH_OFFSET_MS
}

function padded (number: number): string {
  return String(number).padStart(2, '0')
}
