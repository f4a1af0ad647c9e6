// Which times are believed (docs/method.md §1.3, *Times*).
import { businessDay, daysFromCivil } from '../../core/civil-date.ts'
import type { Reason } from '../../schemas/reasons.ts'

/** A desk's clock may be this far ahead of the receiver's. */
export const FUTURE_MS_MAX = 5 * 60 * 1000
/** 2000-01-01: nothing before it is believed. */
export const FIRST_DAY = daysFromCivil(2000, 1, 1)
/** A stay may be registered this many days ahead of its check-in. */
export const CHECK_IN_AHEAD_DAYS_MAX = 366

/** The reason why an instant is not believed, or null. */
export function judgeInstant (instantMs: number, receivedAtMs: number): Reason | null {
  if (instantMs > receivedAtMs + FUTURE_MS_MAX) return 'in_future'
  return businessDay(instantMs) < FIRST_DAY ? 'too_old' : null
}

/** The same for a civil date. */
export function judgeDay (day: number, receivedAtMs: number): Reason | null {
  if (day > businessDay(receivedAtMs + FUTURE_MS_MAX)) return 'in_future'
  return day < FIRST_DAY ? 'too_old' : null
}

/** The same for a check-in, judged against the business date of its registration. */
export function judgeCheckIn (checkInDay: number, registrationDay: number): Reason | null {
  if (checkInDay > registrationDay + CHECK_IN_AHEAD_DAYS_MAX) return 'in_future'
  return checkInDay < FIRST_DAY ? 'too_old' : null
}
