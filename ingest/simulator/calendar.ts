// How many people a day brings: month, weekday and festivals, and how far the Thai border is closed.
import { civilFromDays, daysFromCivil, daysInMonth } from '../../core/civil-date.ts'
import { CLOSURES, FESTIVALS, NATIONALITIES, VOLUMES } from './calibration.ts'

export interface DayPlan {
  /** Mean foreign arrivals at scale 1. */
  foreigners: number
  /** Mean departures of Cambodians at scale 1. */
  nationals: number
  /** Cambodians living abroad who come home for a festival. */
  homecoming: number
  /** Last day of that festival. */
  festivalEnds: number
  /** 0 while the Thai border is open, ½ while its hours are cut, 1 once it is closed to people. */
  closedness: number
}

// Monday first. Assumption: weekends draw the neighbours.
const WEEKDAY = [0.95, 0.92, 0.92, 0.95, 1.04, 1.15, 1.07]
const monthMeans = new Map<string, number>()
const sharesByRegime = new Map<number, Float64Array>()

export function planOf (day: number): DayPlan {
  const { year, month } = civilFromDays(day)
  const volume = volumeOf(year, month)
  const closedness = closednessOn(day)
  const factor = dayWeight(day) / meanWeight(year, month)
  const home = FESTIVALS.find(festival => day >= festival.homeFromDay && day <= festival.toDay)
  return {
    foreigners: volume.foreigners * factor,
    nationals: volume.nationals * factor,
    homecoming: home === undefined ? 0 : closedness === 1 ? home.homeClosed : home.homeOpen,
    festivalEnds: home?.toDay ?? day,
    closedness
  }
}

/** Share of each nationality in foreign arrivals, summing to 1; Cambodians 0. */
export function nationalityShares (closedness: number): Float64Array {
  let shares = sharesByRegime.get(closedness)
  if (shares === undefined) {
    const weights = NATIONALITIES.map(entry => entry.normal * (1 - closedness) + entry.closed * closedness)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    shares = Float64Array.from(weights, weight => weight / total)
    sharesByRegime.set(closedness, shares)
  }
  return shares
}

function closednessOn (day: number): number {
  const closure = CLOSURES.find(row => row.route === 'thailand' && day >= row.fromDay && day <= row.toDay)
  return closure === undefined ? 0 : closure.admits === 'all' ? 0.5 : 1
}

/** A month outside the table takes the same month of its nearest year. */
function volumeOf (year: number, month: number): { foreigners: number, nationals: number } {
  const nearest = Math.min(2026, Math.max(2024, year))
  return VOLUMES.get(`${nearest}-${String(month).padStart(2, '0')}`)!
}

function dayWeight (day: number): number {
  const festival = FESTIVALS.find(row => day >= row.fromDay && day <= row.toDay)
  // 1970-01-01 was a Thursday.
  return WEEKDAY[(day + 3) % 7]! * (festival?.foreignFactor ?? 1)
}

function meanWeight (year: number, month: number): number {
  const key = `${year}-${month}`
  let mean = monthMeans.get(key)
  if (mean === undefined) {
    const first = daysFromCivil(year, month, 1)
    const length = daysInMonth(year, month)
    let sum = 0
    for (let i = 0; i < length; i++) sum += dayWeight(first + i)
    monthMeans.set(key, mean = sum / length)
  }
  return mean
}
