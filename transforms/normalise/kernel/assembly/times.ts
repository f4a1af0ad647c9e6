// Dates and instants read from the bytes of a message, by the rules of core/byte-times.ts and core/civil-date.ts.

/** What stands for "no date". */
export const NO_DAY: i32 = i32.MIN_VALUE
/** What stands for "no instant". */
export const NO_INSTANT: i64 = i64.MIN_VALUE

const DAY_MS: i64 = 86_400_000
const HOUR_MS: i64 = 3_600_000
const PHNOM_PENH_OFFSET_MS: i64 = 7 * HOUR_MS
const ZERO: i32 = 0x30
const HYPHEN: i32 = 0x2d
const DOT: i32 = 0x2e
const COLON: i32 = 0x3a
const PLUS: i32 = 0x2b
const LETTER_T: i32 = 0x54
const LETTER_Z: i32 = 0x5a
const NO_OFFSET: i32 = i32.MIN_VALUE

const monthDays = memory.data<u8>([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

function byteAt (place: usize): i32 { return <i32>load<u8>(place) }

/** Days since 1970-01-01 of the civil date at UTC+7 of an instant. */
export function businessDay (instantMs: i64): i32 {
  return <i32>floorDivide(instantMs + PHNOM_PENH_OFFSET_MS, DAY_MS)
}

/** Hour 0–23 at UTC+7 of an instant. */
export function businessHour (instantMs: i64): i32 {
  const local = instantMs + PHNOM_PENH_OFFSET_MS
  return <i32>((local - floorDivide(local, DAY_MS) * DAY_MS) / HOUR_MS)
}

/** Days since 1970-01-01 of a proleptic Gregorian date; month 1–12. After H. Hinnant, days_from_civil. */
export function daysFromCivil (year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year
  const era = (y >= 0 ? y : y - 399) / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/** The year of a number of days since 1970-01-01, from the year 0 on. */
export function yearOfDay (days: i32): i32 {
  const shifted = days + 719_468
  const era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shiftedMonth = (5 * dayOfYear + 2) / 153
  return yearOfEra + era * 400 + (shiftedMonth < 10 ? 0 : 1)
}

/** Days since 1970-01-01 of a real date; NO_DAY if there is none of these numbers. */
export function dayOf (year: i32, month: i32, day: i32): i32 {
  if (year < 0 || month < 1 || month > 12 || day < 1) return NO_DAY
  const isLeap = (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0)
  const daysMax = month === 2 && isLeap ? 29 : <i32>load<u8>(monthDays + <usize>month - 1)
  return day > daysMax ? NO_DAY : daysFromCivil(year, month, day)
}

/** Days since 1970-01-01 of a real date written `YYYY-MM-DD` at `start`; NO_DAY for anything else. */
export function dayAt (start: usize): i32 {
  if (byteAt(start + 4) !== HYPHEN || byteAt(start + 7) !== HYPHEN) return NO_DAY
  return dayOf(number4(start), number2(start + 5), number2(start + 8))
}

/** Milliseconds since 1970 of an RFC 3339 date-time in [start, end), cut to the millisecond; else NO_INSTANT. */
export function instantAt (start: usize, end: usize): i64 {
  if (end - start < 20 || byteAt(start + 10) !== LETTER_T ||
    byteAt(start + 13) !== COLON || byteAt(start + 16) !== COLON) return NO_INSTANT
  const day = dayAt(start)
  const hour = number2(start + 11)
  const minute = number2(start + 14)
  const second = number2(start + 17)
  if (day === NO_DAY || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return NO_INSTANT
  }
  let at = start + 19
  let millisecond = 0
  if (byteAt(at) === DOT) {
    const from = ++at
    for (let scale = 100; at < end && isDigit(byteAt(at)); at++, scale /= 10) millisecond += (byteAt(at) - ZERO) * scale
    if (at === from) return NO_INSTANT
  }
  const offset = offsetMinutes(at, end)
  if (offset === NO_OFFSET) return NO_INSTANT
  return <i64>day * DAY_MS + <i64>((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond
}

/** The number of two digits at `start`; negative if they are none. */
export function number2 (start: usize): i32 {
  const tens = byteAt(start) - ZERO
  const ones = byteAt(start + 1) - ZERO
  return <u32>tens <= 9 && <u32>ones <= 9 ? tens * 10 + ones : -1
}

/** The number of four digits at `start`; negative if they are none. */
export function number4 (start: usize): i32 {
  const high = number2(start)
  const low = number2(start + 2)
  return high < 0 || low < 0 ? -1 : high * 100 + low
}

/** Minutes east of UTC of `Z` or `±hh:mm` in [at, end); NO_OFFSET for anything else. */
function offsetMinutes (at: usize, end: usize): i32 {
  if (at >= end) return NO_OFFSET
  const sign = byteAt(at)
  if (sign === LETTER_Z) return end === at + 1 ? 0 : NO_OFFSET
  if ((sign !== PLUS && sign !== HYPHEN) || end !== at + 6 || byteAt(at + 3) !== COLON) return NO_OFFSET
  const hours = number2(at + 1)
  const minutes = number2(at + 4)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NO_OFFSET
  return (sign === HYPHEN ? -1 : 1) * (hours * 60 + minutes)
}

function floorDivide (value: i64, by: i64): i64 {
  return value >= 0 ? value / by : (value - by + 1) / by
}

function isDigit (byte: i32): bool {
  return <u32>(byte - ZERO) <= 9
}
