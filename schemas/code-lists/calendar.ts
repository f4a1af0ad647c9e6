// What makes a day or an hour unlike others: holidays with the days around them, and the opening hours of checkpoints.
import type { ListEntry } from './list-schemas.ts'
import type { CodeListFiles } from './list-files.ts'
import { groupBy, isValidOn } from './validity.ts'

export type CalendarLists = Pick<CodeListFiles, 'holidays' | 'checkpoint_hours' | 'checkpoints'>

/** A day of a holiday, or near one. */
export interface HolidayDay {
  /** Code of the holiday, the same in every year. */
  code: string
  nameEn: string
  nameKm: string
  part: 'before' | 'during' | 'after'
  /** Days to the first day (before), since the first day (during), since the last day (after). */
  distance: number
  /** How many times ordinary traffic is still normal where no earlier year tells. */
  trafficFactor: number
}

/** Hours 0–24 at UTC+7 from which and to which a gate is open; null where it is closed all day. */
export type Hours = { opens: number, closes: number } | null

/** Look-ups by day (days since 1970-01-01). */
export interface Calendar {
  /** The holiday that shapes traffic on a day; null on an ordinary one. Of several the one that moves most people. */
  holidayOn(day: number): HolidayDay | null
  /** The same day of the same holiday in every year before, latest first, and the days up to `reach` beside it. */
  earlierHolidayDays(day: number, reach: number): number[]
  /** Opening hours of a checkpoint; closed outside its validity, round the clock where no hours are listed. */
  hoursOn(checkpoint: string, day: number): Hours
}

type Holiday = ListEntry<'holidays'>

export function createCalendar (lists: CalendarLists): Calendar {
  const holidays = lists.holidays.rows.map(row => row.entry)
  const byCode = groupBy(holidays, holiday => holiday.code)
  const hours = groupBy(lists.checkpoint_hours.rows.map(row => row.entry), entry => entry.code)
  const checkpoints = groupBy(lists.checkpoints.rows.map(row => row.entry), entry => entry.code)

  function strongest (day: number): { holiday: Holiday, place: HolidayDay } | null {
    let found: { holiday: Holiday, place: HolidayDay } | null = null
    for (const holiday of holidays) {
      const place = placeIn(holiday, day)
      if (place === null) continue
      const isStronger = found === null || place.trafficFactor > found.place.trafficFactor ||
        (place.trafficFactor === found.place.trafficFactor && place.part === 'during' && found.place.part !== 'during')
      if (isStronger) found = { holiday, place }
    }
    return found
  }

  return {
    holidayOn: day => strongest(day)?.place ?? null,
    earlierHolidayDays (day, reach) {
      const now = strongest(day)
      if (now === null) return []
      return (byCode.get(now.holiday.code) ?? [])
        .filter(earlier => earlier.firstDay < now.holiday.firstDay)
        .toSorted((a, b) => b.firstDay - a.firstDay)
        .flatMap(earlier => aroundPlace(earlier, now.place, reach))
    },
    hoursOn (checkpoint, day) {
      const periods = checkpoints.get(checkpoint)
      if (periods !== undefined && !periods.some(period => isValidOn(period, day))) return null
      const listed = hours.get(checkpoint)?.find(entry => isValidOn(entry, day))
      if (listed === undefined) return { opens: 0, closes: 24 }
      const { opens, closes } = listed
      return opens === null || closes === null ? null : { opens, closes }
    }
  }
}

/** Notes holidays that end before they begin or meet themselves, and hours that are none. */
export function checkCalendar (lists: CalendarLists, faults: string[]): void {
  const { path, rows } = lists.holidays
  for (const [code, ofCode] of groupBy(rows, row => row.entry.code)) {
    const ordered = ofCode.toSorted((a, b) => a.entry.firstDay - b.entry.firstDay)
    for (const [index, { line, entry }] of ordered.entries()) {
      if (entry.lastDay < entry.firstDay) faults.push(`${path}:${line}: ${code} ends before it begins`)
      const before = ordered[index - 1]
      if (before !== undefined && windowEnd(before.entry) >= entry.firstDay - entry.daysBefore) {
        faults.push(`${path}:${line}: the days of ${code} meet those of line ${before.line}`)
      }
    }
  }
  // A department's own checkpoints need no hours of ours: rows of codes that it does not have do no harm.
  for (const { line, entry: { opens, closes } } of lists.checkpoint_hours.rows) {
    const where = `${lists.checkpoint_hours.path}:${line}`
    const whole = [opens, closes].every(hour => hour === null || Number.isInteger(hour))
    if (!whole || (opens === null) !== (closes === null) || (opens !== null && closes !== null && closes <= opens)) {
      faults.push(`${where}: opens and closes are both empty (closed), or whole hours, closes after opens`)
    }
  }
}

function windowEnd (holiday: Holiday): number {
  return holiday.lastDay + holiday.daysAfter
}

function placeIn (holiday: Holiday, day: number): HolidayDay | null {
  const { code, nameEn, nameKm, firstDay, lastDay, daysBefore, trafficFactor } = holiday
  if (day < firstDay - daysBefore || day > windowEnd(holiday)) return null
  const named = { code, nameEn, nameKm, trafficFactor }
  if (day < firstDay) return { ...named, part: 'before', distance: firstDay - day }
  if (day > lastDay) return { ...named, part: 'after', distance: day - lastDay }
  return { ...named, part: 'during', distance: day - firstDay }
}

/** The days of another year's holiday that lie where a place lies in its own, and those beside them. */
function aroundPlace (holiday: Holiday, { part, distance }: HolidayDay, reach: number): number[] {
  const { firstDay, lastDay, daysBefore } = holiday
  const middle = part === 'before'
    ? firstDay - distance
    : part === 'after' ? lastDay + distance : Math.min(firstDay + distance, lastDay)
  const days: number[] = []
  for (let day = middle - reach; day <= middle + reach; day++) {
    if (day >= firstDay - daysBefore && day <= windowEnd(holiday)) days.push(day)
  }
  return days
}
