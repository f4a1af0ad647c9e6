// Reads single fields of a scanned message as codes, days and texts. Every reader answers BAD, NO_DAY or NO_INSTANT for
// what the contract or its lists would not accept.
import { ABSENT, endOf, kindOf, lengthOf, NULL, OBJECT, startOf, TEXT } from './fields'
import { BAD, findCode } from './tables'
import { dayAt, daysFromCivil, dayOf, instantAt, NO_DAY, NO_INSTANT, number2, number4, yearOfDay } from './times'

/** The value of a code that is not there. */
export const NONE: i32 = -2
/** The age of whom no date of birth is given. */
export const NO_AGE: i32 = -2

const HYPHEN: u32 = 0x2d
/** Oldest imputed age that is believed, years. */
const AGE_YEARS_MAX: i32 = 130

export function isGone (field: u32): bool {
  const kind = kindOf(field)
  return kind === ABSENT || kind === NULL
}

export function isText (field: u32, lengthMax: usize): bool {
  return kindOf(field) === TEXT && lengthOf(field) > 0 && lengthOf(field) <= lengthMax
}

export function isTextOrNone (field: u32, lengthMax: usize): bool {
  return isGone(field) || isText(field, lengthMax)
}

/** The value of a code in a table, or BAD. */
export function code (field: u32, table: usize): i32 {
  return kindOf(field) === TEXT ? findCode(table, startOf(field), lengthOf(field), 0) : BAD
}

/** The same, or NONE. */
export function codeOrNone (field: u32, table: usize): i32 {
  return isGone(field) ? NONE : code(field, table)
}

/** An object that may be missing: 1 if it is there, 0 if it is not, BAD if it is something else. */
export function optionalObject (field: u32): i32 {
  return kindOf(field) === OBJECT ? 1 : isGone(field) ? 0 : BAD
}

/** Milliseconds since 1970, or NO_INSTANT. */
export function instant (field: u32): i64 {
  return kindOf(field) === TEXT ? instantAt(startOf(field), endOf(field)) : NO_INSTANT
}

/** Days since 1970-01-01, or NO_DAY. */
export function day (field: u32): i32 {
  return kindOf(field) === TEXT && lengthOf(field) === 10 ? dayAt(startOf(field)) : NO_DAY
}

/** Completed years on a day, or NO_AGE or BAD (docs/method.md §1.3). */
export function age (field: u32, businessDay: i32): i32 {
  if (isGone(field)) return NO_AGE
  if (kindOf(field) !== TEXT) return BAD
  const start = startOf(field)
  const size = lengthOf(field)
  if (size !== 10 && size !== 7 && size !== 4) return BAD
  const year = number4(start)
  const month = size === 4 ? 0 : number2(start + 5)
  const dayOfMonth = size === 10 ? number2(start + 8) : 0
  const isDate = size === 10
    ? dayAt(start) !== NO_DAY
    : (size === 4 || load<u8>(start + 4) === HYPHEN) && dayOf(year, size === 4 ? 1 : month, 1) !== NO_DAY
  return isDate ? ageOfBorn(year, month, dayOfMonth, businessDay) : BAD
}

/** Age of one born on a date whose month or day may be missing, as 0; BAD if nobody of that day can be. */
function ageOfBorn (year: i32, month: i32, dayOfMonth: i32, businessDay: i32): i32 {
  if (daysFromCivil(year, month === 0 ? 1 : month, dayOfMonth === 0 ? 1 : dayOfMonth) > businessDay) return BAD
  // A missing month is July, first day; a missing day is the 15th.
  const imputedMonth = month === 0 ? 7 : month
  const imputedDay = dayOfMonth !== 0 ? dayOfMonth : month === 0 ? 1 : 15
  // 29 February of a common year runs over into 1 March, which is the rule.
  if (daysFromCivil(year + AGE_YEARS_MAX, imputedMonth, imputedDay) < businessDay) return BAD
  const thisYear = yearOfDay(businessDay)
  const hadBirthday = daysFromCivil(thisYear, imputedMonth, imputedDay) <= businessDay
  return max(0, thisYear - year - (hadBirthday ? 0 : 1))
}
