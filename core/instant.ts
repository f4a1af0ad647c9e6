// RFC 3339 instants as the contracts write them: upper-case T and Z, an offset, seconds 00–59, kept to the millisecond.
import { DAY_MS, digits, parseDay } from './civil-date.ts'

const DOT = 46
const COLON = 58
const PLUS = 43
const MINUS = 45
const LETTER_T = 84
const LETTER_Z = 90

/** Milliseconds since 1970 of an RFC 3339 date-time, truncated to the millisecond; null for anything else. */
export function parseInstant (text: string): number | null {
  const length = text.length
  if (length < 20 || text.charCodeAt(10) !== LETTER_T ||
    text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return null
  const day = parseDay(text.slice(0, 10))
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  if (day === null || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null
  let end = 19
  let millisecond = 0
  if (text.charCodeAt(end) === DOT) {
    const start = ++end
    while (end < length && digits(text, end, 1) >= 0) end++
    if (end === start) return null
    // Truncation, not rounding: only the first three digits of the fraction are read.
    millisecond = digits(text.slice(start, Math.min(end, start + 3)).padEnd(3, '0'), 0, 3)
  }
  const offsetMinutes = parseOffset(text, end)
  if (offsetMinutes === null) return null
  return day * DAY_MS + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + millisecond
}

/** Minutes east of UTC of `Z` or `±hh:mm` that ends the text at `start`; null for anything else. */
function parseOffset (text: string, start: number): number | null {
  const sign = text.charCodeAt(start)
  if (sign === LETTER_Z) return text.length === start + 1 ? 0 : null
  if (sign !== PLUS && sign !== MINUS) return null
  if (text.length !== start + 6 || text.charCodeAt(start + 3) !== COLON) return null
  const hours = digits(text, start + 1, 2)
  const minutes = digits(text, start + 4, 2)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return null
  return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes)
}
