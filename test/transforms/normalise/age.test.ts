import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { businessDay, formatDay, parseDay } from '../../../core/civil-date.ts'
import { ENUMS } from '../../../schemas/enums.ts'
import { ageBandOrdinal, ageOn } from '../../../transforms/normalise/age.ts'

const on = (dateOfBirth: string, day: string): number | null => ageOn(dateOfBirth, parseDay(day) as number)

describe('the age', () => {
  it.each([
    ['2000-06-15', '2024-06-14', 23], ['2000-06-15', '2024-06-15', 24], ['2000-06-15', '2024-06-16', 24],
    ['2024-06-15', '2024-06-15', 0],
    // 29 February counts as 1 March in common years.
    ['2004-02-29', '2023-02-28', 18], ['2004-02-29', '2023-03-01', 19], ['2004-02-29', '2024-02-28', 19], ['2004-02-29', '2024-02-29', 20],
    // A missing day is the 15th; a missing month is July, first day.
    ['2000-06', '2024-06-14', 23], ['2000-06', '2024-06-15', 24], ['2000', '2024-06-30', 23], ['2000', '2024-07-01', 24],
    // Born later by imputation, but perhaps before: at least 0.
    ['2024', '2024-01-01', 0], ['2024-06', '2024-06-01', 0],
    // The earliest possible day decides what is too late.
    ['2024-06-16', '2024-06-15', null], ['2024-07', '2024-06-30', null], ['2025', '2024-12-31', null],
    // More than 130 years before by the imputed day.
    ['1894-06-15', '2024-06-15', 130], ['1894-06-14', '2024-06-15', null], ['1894-06', '2024-06-15', 130], ['1894-06', '2024-06-16', null],
    ['1894', '2024-07-01', 130], ['1894', '2024-07-02', null],
    // 130 years after 29 February is a common year: 1 March.
    ['1892-02-29', '2022-03-01', 130], ['1892-02-29', '2022-03-02', null],
    ['0001', '2024-01-01', null], ['9999-12-31', '2024-01-01', null]
  ])('of one born %s is on %s: %s', (dateOfBirth, day, age) => {
    expect(on(dateOfBirth, day)).toBe(age)
  })

  it('grows by one from birthday to birthday', () => {
    const days = { min: parseDay('1900-01-01') as number, max: parseDay('2029-12-31') as number }
    fc.assert(fc.property(fc.integer(days), fc.integer(days), (a, b) => {
      const [born, day] = a < b ? [a, b] : [b, a]
      const [year, month, dayOfMonth] = formatDay(born).split('-').map(Number) as [number, number, number]
      // The plain rule: count the birthdays that have come; JavaScript, too, makes 1 March of a missing 29 February.
      let birthdays = 0
      while (Date.UTC(year + birthdays + 1, month - 1, dayOfMonth) <= day * 86_400_000) birthdays++
      expect(ageOn(formatDay(born), day)).toBe(birthdays)
    }))
  })
})

describe('the age band', () => {
  it('is the one that holds the age', () => {
    for (let age = 0; age <= 130; age++) {
      const band = ENUMS.age_band[ageBandOrdinal(age)] as string
      const [from, to = band.endsWith('+') ? '999' : from] = band.replace('+', '').split('-')
      expect(age >= Number(from) && age <= Number(to), `${age} in ${band}`).toBe(true)
    }
    expect(ENUMS.age_band[ageBandOrdinal(17)]).toBe('15-17')
    expect(ENUMS.age_band[ageBandOrdinal(18)]).toBe('18-19')
    expect(ENUMS.age_band[ageBandOrdinal(85)]).toBe('85+')
  })

  it('is that of the business date in Phnom Penh', () => {
    expect(ageOn('2006-01-01', businessDay(Date.parse('2023-12-31T16:59:59Z')))).toBe(17)
    expect(ageOn('2006-01-01', businessDay(Date.parse('2023-12-31T17:00:00Z')))).toBe(18)
  })
})
