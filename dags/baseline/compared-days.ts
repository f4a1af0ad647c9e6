// Which days a day is compared with (docs/normal.md): ordinary days with the same weekday of the weeks before, holidays
// left out; days of a holiday with the same holiday of earlier years as well.
import type { CodeLists } from '../../schemas/code-lists/index.ts'

export interface Compared {
  /** Days since 1970-01-01, latest first: same weekday, no holiday. */
  weekdays: number[]
  /** The same day of the same holiday of earlier years and the days beside it, latest year first. */
  holidays: number[]
  /** On a holiday, how many times ordinary traffic is still normal where no earlier year tells; null on other days. */
  factor: number | null
}

const WEEKS = 8
/** Where holidays leave fewer of the eight weeks than this, the weeks before those are taken. */
const WEEKDAYS_MIN = 4
const WEEKS_MAX = 16
/** Days to each side of the same day of the holiday: the weekday of a festival moves, and so do the days of travel. */
const HOLIDAY_REACH = 1
const HOLIDAY_YEARS = 3

/** The days with which a day (days since 1970-01-01) is compared, whether or not there is data of them. */
export function comparedDays (lists: Pick<CodeLists, 'holidayOn' | 'earlierHolidayDays'>, day: number): Compared {
  const weekdays: number[] = []
  for (let week = 1; week <= WEEKS_MAX; week++) {
    if (week > WEEKS && weekdays.length >= WEEKDAYS_MIN) break
    const before = day - 7 * week
    if (lists.holidayOn(before) === null) weekdays.push(before)
  }
  return {
    weekdays,
    holidays: lists.earlierHolidayDays(day, HOLIDAY_REACH).slice(0, HOLIDAY_YEARS * (2 * HOLIDAY_REACH + 1)),
    factor: lists.holidayOn(day)?.trafficFactor ?? null
  }
}
