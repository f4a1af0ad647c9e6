import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  businessDay, businessHour, civilFromDays, DAY_MS, daysFromCivil, daysInMonth, formatDay, parseDay
} from '../../core/civil-date.ts'

// Years that `YYYY-MM-DD` can write; JavaScript's own dates are the oracle.
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z')
const LAST_MS = Date.parse('9999-12-31T00:00:00Z')
const someDay = fc.integer({ min: FIRST_MS / DAY_MS, max: LAST_MS / DAY_MS })
const isoDate = (days: number): string => new Date(days * DAY_MS).toISOString().slice(0, 10)

describe('civil dates', () => {
  it('are those of JavaScript, both ways', () => {
    fc.assert(fc.property(someDay, days => {
      const date = new Date(days * DAY_MS)
      const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
      expect(civilFromDays(days)).toEqual(civil)
      expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(days)
      expect(formatDay(days)).toBe(isoDate(days))
      expect(parseDay(isoDate(days))).toBe(days)
    }), { numRuns: 1000 })
  })

  it('know every day of four centuries', () => {
    const first = daysFromCivil(1999, 12, 31)
    for (let days = first; days < first + 146_098; days += 1) {
      // An expectation a day would take seconds: only one that fails is made.
      const text = isoDate(days)
      if (formatDay(days) === text && parseDay(text) === days) continue
      expect([formatDay(days), parseDay(text)]).toEqual([text, days])
    }
    expect(formatDay(first + 146_097)).toBe('2399-12-31')
  })

  it('are read only where they exist', () => {
    const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map(n => String(n).padStart(2, '0'))
    fc.assert(fc.property(fc.integer({ min: 0, max: 9999 }), two(14), two(33), (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${month}-${day}`
      const ms = Date.parse(`${text}T00:00:00Z`)
      const exists = !Number.isNaN(ms) && isoDate(ms / DAY_MS) === text
      expect(parseDay(text)).toBe(exists ? ms / DAY_MS : null)
    }), { numRuns: 2000 })
  })

  it.each(['', '2024-2-29', '2024-02-29 ', ' 2024-02-29', '2024/02/29', '+024-02-29', '2024-02-2x', '２０２４-02-29', '-024-02-29',
    '20240-2-29', '2024-02-29T00:00:00Z', '2023-02-29', '1900-02-29', '2024-04-31', '2024-00-10', '2024-13-01', '2024-01-00'
  ])('refuses %j', text => {
    expect(parseDay(text)).toBeNull()
  })

  it('never throw on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 30 }), text => { parseDay(text) }))
  })

  it('count the days of a month', () => {
    for (const year of [1900, 2000, 2023, 2024]) {
      for (let month = 1; month <= 12; month++) {
        expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate())
      }
    }
  })
})

describe('the business date', () => {
  it('turns at midnight in Phnom Penh', () => {
    expect(formatDay(businessDay(Date.parse('2024-12-31T16:59:59.999Z')))).toBe('2024-12-31')
    expect(formatDay(businessDay(Date.parse('2024-12-31T17:00:00.000Z')))).toBe('2025-01-01')
  })

  it('and its hour are what the time zone database says', () => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'Asia/Phnom_Penh', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23'
    })
    const range = { min: Date.parse('2000-01-01T00:00:00Z'), max: Date.parse('2099-12-31T00:00:00Z') }
    fc.assert(fc.property(fc.integer(range), instant => {
      const parts = Object.fromEntries(format.formatToParts(instant).map(part => [part.type, part.value]))
      expect(formatDay(businessDay(instant))).toBe(`${parts['year']}-${parts['month']}-${parts['day']}`)
      expect(businessHour(instant)).toBe(Number(parts['hour']))
    }), { numRuns: 500 })
  })

  it('are right before 1970, too', () => {
    const instant = Date.parse('1969-07-20T20:17:40Z')
    expect(formatDay(businessDay(instant))).toBe('1969-07-21')
    expect(businessHour(instant)).toBe(3)
  })
})
