// Age on the business date, from a date of birth that may be partial (docs/method.md §1.3).
import { civilFromDays, daysFromCivil, digits } from '../../core/civil-date.ts'
import { ENUMS } from '../../schemas/enums.ts'

/** Oldest imputed age that is believed, years. */
export const AGE_YEARS_MAX = 130

/** Completed years on the business date, or null if the date of birth cannot be one of a traveller of that day. */
export function ageOn (dateOfBirth: string, businessDay: number): number | null {
  const year = digits(dateOfBirth, 0, 4)
  const month = dateOfBirth.length >= 7 ? digits(dateOfBirth, 5, 2) : 0
  const day = dateOfBirth.length >= 10 ? digits(dateOfBirth, 8, 2) : 0
  return ageOfBorn(year, month, day, businessDay)
}

/** The same for a date of birth in numbers, 0 for a month or day that is missing. */
export function ageOfBorn (year: number, month: number, day: number, businessDay: number): number | null {
  if (daysFromCivil(year, month || 1, day || 1) > businessDay) return null
  // A missing month is July, first day; a missing day is the 15th.
  const imputedMonth = month || 7
  const imputedDay = day || (month === 0 ? 1 : 15)
  // 29 February of a common year runs over into 1 March, which is the rule.
  if (daysFromCivil(year + AGE_YEARS_MAX, imputedMonth, imputedDay) < businessDay) return null
  const thisYear = yearOf(businessDay)
  const hadBirthday = daysFromCivil(thisYear, imputedMonth, imputedDay) <= businessDay
  return Math.max(0, thisYear - year - (hadBirthday ? 0 : 1))
}

/** Messages come a day at a time. */
let lastDay = 0
let lastYear = 1970

function yearOf (day: number): number {
  if (day !== lastDay) {
    lastYear = civilFromDays(day).year
    lastDay = day
  }
  return lastYear
}

/** Ordinal in ENUMS.age_band of each age in completed years, 0 to AGE_YEARS_MAX. */
const BAND_OF_AGE = Uint8Array.from({ length: AGE_YEARS_MAX + 1 }, (_, age) => bandOrdinal(age))

/** Ordinal in ENUMS.age_band of an age in completed years. */
export function ageBandOrdinal (age: number): number {
  return BAND_OF_AGE[age] ?? 0
}

function bandOrdinal (age: number): number {
  return ENUMS.age_band.findIndex(band => {
    if (band === 'unknown') return false
    const [from, to] = band.endsWith('+') ? [parseInt(band), Infinity] : band.split('-').map(Number)
    return age >= (from as number) && age <= (to ?? (from as number))
  })
}
