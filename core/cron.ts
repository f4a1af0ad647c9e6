// Cron expressions of five fields (minute, hour, day of month, month, weekday), as times of day at UTC+7. The zone has
// no summer time, so every matching minute is there once.
import { civilFromDays, DAY_MS, PHNOM_PENH_OFFSET_MS } from './civil-date.ts'

export interface Cron {
  expression: string
  /** Minutes of the day at which it fires, ascending. */
  minutesOfDay: readonly number[]
  /** Whether it fires on a day, given as days since 1970-01-01. */
  isDay (day: number): boolean
}

/** The zone that expressions are meant in. */
export const CRON_ZONE = 'Asia/Phnom_Penh'

const MINUTE_MS = 60_000
const MINUTES_OF_HOUR = 60
const FIELDS = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'weekday', from: 0, to: 7 }
] as const
/** 29 February is at most eight years after the one before. */
const DAYS_SEARCHED_MAX = 8 * 366

/** Reads an expression. Throws an Error that says what is wrong with it. */
export function parseCron (expression: string): Cron {
  const texts = expression.trim().split(/\s+/)
  if (texts.length !== FIELDS.length) {
    throw new Error(`expected five fields (minute hour day-of-month month weekday), found ${texts.length}`)
  }
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, index) => parseField(texts[index] ?? '', field)) as
    [number[], number[], number[], number[], number[]]
  // Classic cron takes either, other programs take both: nobody could be sure what was meant.
  if (texts[2] !== '*' && texts[4] !== '*') throw new Error('expected a day of month or a weekday, not both')
  const cron: Cron = {
    expression,
    minutesOfDay: hours.flatMap(hour => minutes.map(minute => hour * MINUTES_OF_HOUR + minute)),
    isDay: day => {
      const civil = civilFromDays(day)
      return months.includes(civil.month) && days.includes(civil.day) && weekdays.includes((day + 4) % 7)
    }
  }
  if (nextFire(cron, 0) === null) throw new Error('expected a date that exists')
  return cron
}

/** The first time after an instant, in milliseconds since 1970; null if there is none within eight years. */
export function nextFire (cron: Cron, afterMs: number): number | null {
  const first = localMinute(afterMs) + 1
  const firstDay = Math.floor(first / (DAY_MS / MINUTE_MS))
  for (let day = firstDay; day <= firstDay + DAYS_SEARCHED_MAX; day++) {
    if (!cron.isDay(day)) continue
    const minute = cron.minutesOfDay.find(minute => dayMinute(day) + minute >= first)
    if (minute !== undefined) return instantOf(dayMinute(day) + minute)
  }
  return null
}

/** The last time at an instant or before it, in milliseconds since 1970; null if there is none within eight years. */
export function lastFire (cron: Cron, atMs: number): number | null {
  const last = localMinute(atMs)
  const lastDay = Math.floor(last / (DAY_MS / MINUTE_MS))
  for (let day = lastDay; day >= lastDay - DAYS_SEARCHED_MAX; day--) {
    if (!cron.isDay(day)) continue
    const minute = cron.minutesOfDay.findLast(minute => dayMinute(day) + minute <= last)
    if (minute !== undefined) return instantOf(dayMinute(day) + minute)
  }
  return null
}

function parseField (text: string, { name, from, to }: (typeof FIELDS)[number]): number[] {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part)
    const [, first, last, step] = match ?? []
    const low = first === undefined ? from : Number(first)
    const high = last !== undefined ? Number(last) : first === undefined || step !== undefined ? to : low
    const by = step === undefined ? 1 : Number(step)
    if (match === null || low < from || high > to || low > high || by < 1) {
      throw new Error(`expected a ${name} from ${from} to ${to}, found '${part}'`)
    }
    for (let value = low; value <= high; value += by) values.add(name === 'weekday' ? value % 7 : value)
  }
  return [...values].sort((a, b) => a - b)
}

function localMinute (instantMs: number): number {
  return Math.floor((instantMs + PHNOM_PENH_OFFSET_MS) / MINUTE_MS)
}

function dayMinute (day: number): number {
  return day * (DAY_MS / MINUTE_MS)
}

function instantOf (minute: number): number {
  return minute * MINUTE_MS - PHNOM_PENH_OFFSET_MS
}
