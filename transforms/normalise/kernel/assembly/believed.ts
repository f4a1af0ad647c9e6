// Which times are believed (docs/method.md §1.3, *Times*); the rules of transforms/normalise/times.ts.
import { businessDay } from './times'

/** Bounds, given by the host: milliseconds, and days since 1970-01-01 or of a span. */
export let futureMsMax: f64 = 0
export let firstDay: i32 = 0
export let checkInAheadDaysMax: i32 = 0

export function isBelieved (instantMs: i64, receivedAtMs: f64): bool {
  return <f64>instantMs <= receivedAtMs + futureMsMax && businessDay(instantMs) >= firstDay
}

/** The same for a check-in, judged against the business date of its registration. */
export function isCheckInBelieved (checkInDay: i32, registrationDay: i32): bool {
  return checkInDay <= registrationDay + checkInAheadDaysMax && checkInDay >= firstDay
}
