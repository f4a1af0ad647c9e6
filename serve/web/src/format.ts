// Numbers, times and dates as people read them, in the chosen language, at UTC+7. Groups by comma and a decimal point
// in both languages; Khmer digits are put in afterwards where they are chosen, for Intl would swap the separators.
import type { Words } from './words/words.ts'

export type Digits = 'latin' | 'khmer'
const ZONE = 'Asia/Phnom_Penh'
const ZONE_MS = 7 * 3_600_000
const KHMER_ZERO = 0x17e0
const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3600

export interface Format {
  number (value: number): string
  /** With a sign: +5, −5, 0. */
  signed (value: number): string
  /** At most one decimal below 10, whole above. */
  rough (value: number): string
  share (value: number): string
  /** `14:05` of an instant. */
  time (instant: string): string
  /** `14:05:09` of milliseconds. */
  clock (ms: number): string
  /** `22 Nov, 14:05` of an instant. */
  moment (instant: string): string
  /** `22 Nov` of a civil date. */
  day (date: string): string
  /** `Sunday 22 November 2026` of a civil date. */
  longDay (date: string): string
  /** `14:00` of an hour. */
  hour (hour: number): string
  /** `12 s`, `5 min`, `3 h`. */
  duration (seconds: number): string
  /** Digits of a text as chosen. */
  digits (text: string): string
}

/** Formats of a language and a choice of digits. */
export function createFormat (digits: Digits, words: Words): Format {
  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
  const one = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
  const inDigits = (text: string): string => digits === 'khmer'
    ? text.replace(/\d/g, digit => String.fromCharCode(KHMER_ZERO + Number(digit)))
    : text
  const times = (seconds: boolean): Intl.DateTimeFormat => new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {})
  })
  const time = times(false)
  const clock = times(true)
  const number = (value: number): string => inDigits(whole.format(value))
  // Civil dates are read as UTC, so no zone moves them.
  const shortDay = (date: Date): string => `${date.getUTCDate()} ${words.monthsShort[date.getUTCMonth()] ?? ''}`
  const localDate = (instant: string): Date => new Date(Date.parse(instant) + ZONE_MS)
  return {
    number,
    signed: value => value === 0 ? number(0) : `${value > 0 ? '+' : '−'}${number(Math.abs(value))}`,
    rough: value => inDigits(Math.abs(value) < 10 ? one.format(value) : whole.format(value)),
    share: value => inDigits(`${one.format(value * 100)}%`),
    time: instant => inDigits(time.format(new Date(instant))),
    clock: ms => inDigits(clock.format(new Date(ms))),
    moment: instant => inDigits(`${shortDay(localDate(instant))} ${time.format(new Date(instant))}`),
    day: date => inDigits(shortDay(new Date(date))),
    longDay: text => {
      const date = new Date(text)
      return inDigits(words.longDate(words.weekdays[date.getUTCDay()] ?? '', String(date.getUTCDate()),
        words.months[date.getUTCMonth()] ?? '', String(date.getUTCFullYear())))
    },
    hour: hour => inDigits(`${String(hour).padStart(2, '0')}:00`),
    duration: seconds => {
      if (seconds < MINUTE_SECONDS) return words.ageSeconds(number(Math.round(seconds)))
      if (seconds < HOUR_SECONDS) return words.ageMinutes(number(Math.round(seconds / MINUTE_SECONDS)))
      return words.ageHours(inDigits(one.format(seconds / HOUR_SECONDS)))
    },
    digits: inDigits
  }
}
