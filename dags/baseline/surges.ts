// Hours and days in which far more people cross than is normal.
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import { BAND_SPREADS, computeExpected, type ComputeContext, type ExpectedCell } from './compute.ts'
import { WHOLE_DAY } from './counts.ts'
import { readBaselineState } from './refresh.ts'

export interface Surge {
  checkpoint: string
  /** `YYYY-MM-DD`. */
  businessDate: string
  /** 0–23 at UTC+7; null for the whole day. */
  hour: number | null
  direction: 'arrival' | 'exit'
  /** Persons admitted. */
  seen: number
  expected: number
  /** The most that would not have been called a surge. */
  high: number
}

export interface SurgeLimits {
  /** Less than so many times the usual is no surge. */
  ratioMin: number
  /** Nor is less than so many persons above it. */
  personsMin: number
}

export const DEFAULT_SURGE_LIMITS: SurgeLimits = { ratioMin: 1.5, personsMin: 100 }

export type SurgesContext = Omit<ComputeContext, 'bandSpreads'> & {
  /** `YYYY-MM-DD`, both inclusive. */
  from: string
  to: string
  limits?: SurgeLimits
  bandSpreads?: number
}

const SURGES = loadSql('dags/baseline/surges.sql')

/**
 * Surges from one date to another, in order. Cheap for the days that the last refresh covers; other days are computed
 * from the weeks and years before them. Throws QUERY_INVALID for what is no date or ends before it begins.
 */
export async function readSurges (connection: DuckDBConnection, context: SurgesContext): Promise<Surge[]> {
  const { limits = DEFAULT_SURGE_LIMITS, bandSpreads = BAND_SPREADS } = context
  const from = dayOf(context.from, 'from')
  const to = dayOf(context.to, 'to')
  if (to < from) {
    throw new BorderflowError('QUERY_INVALID', { expected: `a date from ${context.from} onwards`, found: context.to, where: 'to' })
  }
  const stored = await readBaselineState(connection)
  const isStored = stored !== null && from >= stored.firstDay && to <= stored.lastDay
  if (isStored) return await storedSurges(connection, from, to, limits)
  const codes = new Map([...context.codeNumbers.checkpoint].map(([code, number]) => [number, code]))
  const surges: Surge[] = []
  for await (const { day, cells } of computeExpected(connection, { ...context, bandSpreads }, from, to, 'persons')) {
    const found = cells.flatMap(cell => surgeOf(cell, day, codes.get(cell.checkpoint) ?? 'unknown', limits))
    surges.push(...found.sort(byHour))
  }
  return surges
}

async function storedSurges (
  connection: DuckDBConnection, from: number, to: number, limits: SurgeLimits
): Promise<Surge[]> {
  const rows = await readRows<Surge & { business_date: string }>(connection, SURGES, {
    from: formatDay(from), to: formatDay(to), ratio: limits.ratioMin, persons: limits.personsMin
  })
  return rows.map(({ business_date: businessDate, checkpoint, hour, direction, seen, expected, high }) =>
    ({ checkpoint, businessDate, hour, direction, seen, expected, high }))
}

function surgeOf (cell: ExpectedCell, day: number, checkpoint: string, limits: SurgeLimits): Surge[] {
  const { hour, measure, seen, median } = cell
  if (median === null || cell.high === null) return []
  const high = Math.max(cell.high, median * limits.ratioMin, median + limits.personsMin)
  if (seen <= high) return []
  return [{
    checkpoint,
    businessDate: formatDay(day),
    hour: hour === WHOLE_DAY ? null : hour,
    direction: measure === 'arrivals' ? 'arrival' : 'exit',
    seen,
    expected: median,
    high
  }]
}

/** Hour by hour, the day last; what is furthest above first. */
function byHour (a: Surge, b: Surge): number {
  return (a.hour ?? WHOLE_DAY) - (b.hour ?? WHOLE_DAY) || (b.seen - b.high) - (a.seen - a.high) ||
    compareText(a.checkpoint, b.checkpoint) || compareText(a.direction, b.direction)
}

function compareText (a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function dayOf (text: string, where: string): number {
  const day = parseDay(text)
  if (day === null) throw new BorderflowError('QUERY_INVALID', { expected: 'a date YYYY-MM-DD', found: text, where })
  return day
}
