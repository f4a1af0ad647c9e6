// Dates and instants read from the bytes of a message, by the same rules by which parseDay and parseInstant read text.
import { DAY_MS, daysFromCivil, daysInMonth } from './civil-date.ts'

/** What stands for "no date": no day of a four-digit year comes near it. */
export const NO_DAY = -2_147_483_648

const ZERO = 0x30
const HYPHEN = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const PLUS = 0x2b
const LETTER_T = 0x54
const LETTER_Z = 0x5a
/** The years that messages mostly speak of: their days are computed once. */
const CACHED_FROM = 1900
const CACHED_YEARS = 200

const cached = new Int32Array(CACHED_YEARS * 12 * 31).fill(NO_DAY)

/** Days since 1970-01-01 of a real date; NO_DAY if there is none of these numbers. */
export function dayOf (year: number, month: number, day: number): number {
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) return NO_DAY
  const place = ((year - CACHED_FROM) * 12 + month - 1) * 31 + day - 1
  const isCached = year >= CACHED_FROM && year < CACHED_FROM + CACHED_YEARS
  if (isCached && cached[place] !== NO_DAY) return cached[place] as number
  if (day > daysInMonth(year, month)) return NO_DAY
  const days = daysFromCivil(year, month, day)
  if (isCached) cached[place] = days
  return days
}

/** Days since 1970-01-01 of a real date written `YYYY-MM-DD` at `start`; NO_DAY for anything else. */
export function dayAt (bytes: Uint8Array, start: number): number {
  if (start + 10 > bytes.length || bytes[start + 4] !== HYPHEN || bytes[start + 7] !== HYPHEN) return NO_DAY
  return dayOf(number4(bytes, start), number2(bytes, start + 5), number2(bytes, start + 8))
}

/** Milliseconds since 1970 of an RFC 3339 date-time in [start, end), cut to the millisecond; NaN for anything else. */
export function instantAt (bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20 || bytes[start + 10] !== LETTER_T ||
    bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return NaN
  const day = dayAt(bytes, start)
  const hour = number2(bytes, start + 11)
  const minute = number2(bytes, start + 14)
  const second = number2(bytes, start + 17)
  if (day === NO_DAY || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN
  let at = start + 19
  let millisecond = 0
  if (bytes[at] === DOT) {
    const from = ++at
    for (let scale = 100; at < end && isDigit(bytes[at] as number); at++, scale = Math.trunc(scale / 10)) {
      millisecond += ((bytes[at] as number) - ZERO) * scale
    }
    if (at === from) return NaN
  }
  const offset = offsetMinutes(bytes, at, end)
  return day * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond
}

/** The number of two digits at `start`; negative if they are none. */
export function number2 (bytes: Uint8Array, start: number): number {
  const tens = (bytes[start] as number) - ZERO
  const ones = (bytes[start + 1] as number) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

/** The number of four digits at `start`; negative if they are none. */
export function number4 (bytes: Uint8Array, start: number): number {
  const high = number2(bytes, start)
  const low = number2(bytes, start + 2)
  return high < 0 || low < 0 ? -1 : high * 100 + low
}

/** Minutes east of UTC of `Z` or `±hh:mm` in [at, end); NaN for anything else. */
function offsetMinutes (bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]
  if (sign === LETTER_Z) return end === at + 1 ? 0 : NaN
  if ((sign !== PLUS && sign !== HYPHEN) || end !== at + 6 || bytes[at + 3] !== COLON) return NaN
  const hours = number2(bytes, at + 1)
  const minutes = number2(bytes, at + 4)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN
  return (sign === HYPHEN ? -1 : 1) * (hours * 60 + minutes)
}

function isDigit (byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}
