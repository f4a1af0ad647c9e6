// Civil dates in Asia/Phnom_Penh as whole days since 1970-01-01. The zone has been UTC+7 without summer time for all
// dates that the project accepts (2000-01-01 onwards), so the offset is a constant.

export const DAY_MS = 24 * 60 * 60 * 1000
export const HOUR_MS = 60 * 60 * 1000
export const PHNOM_PENH_OFFSET_MS = 7 * HOUR_MS

/** Days since 1970-01-01 of the civil date at UTC+7 of an instant in milliseconds. */
export function businessDay (instantMs: number): number {
  return Math.floor((instantMs + PHNOM_PENH_OFFSET_MS) / DAY_MS)
}

/** Hour 0–23 at UTC+7 of an instant in milliseconds. */
export function businessHour (instantMs: number): number {
  const local = instantMs + PHNOM_PENH_OFFSET_MS
  return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / HOUR_MS)
}

/** Days since 1970-01-01 of a proleptic Gregorian date; month 1–12. After H. Hinnant, days_from_civil. */
export function daysFromCivil (year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** Year, month (1–12) and day of a number of days since 1970-01-01. */
export function civilFromDays (days: number): { year: number, month: number, day: number } {
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) -
    Math.floor(dayOfEra / 146096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** Days in a month (1–12) of a year. */
export function daysInMonth (year: number, month: number): number {
  return daysFromCivil(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - daysFromCivil(year, month, 1)
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01. */
export function formatDay (days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Days since 1970-01-01 of a real date written `YYYY-MM-DD`; null for anything else. */
export function parseDay (text: string): number | null {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return null
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (year < 0 || month < 1 || month > 12 || day < 1) return null
  if (day > 28 && day > daysInMonth(year, month)) return null
  return daysFromCivil(year, month, day)
}

/** The number written in `length` ASCII digits at `start`, or −1 if one of them is not a digit. */
export function digits (text: string, start: number, length: number): number {
  let value = 0
  for (let i = start; i < start + length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}
