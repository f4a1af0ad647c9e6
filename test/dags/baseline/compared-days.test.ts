// Which days are compared: holidays that move, and the weekdays that they leave.
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { formatDay } from '../../../core/civil-date.ts'
import { comparedDays } from '../../../dags/baseline/index.ts'
import { codeLists } from '../../support/warehouse.ts'
import { day } from './history.ts'

const compared = (text: string): { weekdays: string[], holidays: string[], factor: number | null } => {
  const { weekdays, holidays, factor } = comparedDays(codeLists, day(text))
  return { weekdays: weekdays.map(formatDay), holidays: holidays.map(formatDay), factor }
}

describe('the days compared', () => {
  it('are the same weekday of the eight weeks before on an ordinary day', () => {
    // The eighth, 18 June, is a holiday.
    expect(compared('2025-08-13')).toEqual({
      weekdays: ['2025-08-06', '2025-07-30', '2025-07-23', '2025-07-16', '2025-07-09', '2025-07-02', '2025-06-25'],
      holidays: [],
      factor: null
    })
  })

  it('are the same day of a festival by the moon, whatever its date', () => {
    // Pchum Ben: 1–3 October 2024, 21–23 September 2025, 10–12 October 2026.
    expect(compared('2026-10-11').holidays).toEqual([
      '2025-09-21', '2025-09-22', '2025-09-23', '2024-10-01', '2024-10-02', '2024-10-03', '2023-10-13', '2023-10-14', '2023-10-15'
    ])
    // Water Festival: 14–16 November 2024, 4–6 November 2025; a day before it and three days after.
    expect(compared('2025-11-03').holidays.slice(0, 3)).toEqual(['2024-11-12', '2024-11-13', '2024-11-14'])
    expect(compared('2025-11-09').holidays.slice(0, 2)).toEqual(['2024-11-18', '2024-11-19'])
  })

  it('leave out holidays and the travel around them, and reach further back for enough weekdays', () => {
    const { weekdays } = compared('2025-05-20')
    expect(weekdays.filter(each => each >= '2025-03-31' && each <= '2025-04-24')).toEqual([])
    expect(weekdays.length).toBeGreaterThanOrEqual(4)
  })

  it('are always before the day, of its weekday, and no holidays', () => {
    fc.assert(fc.property(fc.integer({ min: day('2024-01-01'), max: day('2028-12-31') }), each => {
      const { weekdays, holidays, factor } = comparedDays(codeLists, each)
      expect(weekdays.length).toBeGreaterThanOrEqual(4)
      for (const before of weekdays) {
        expect((each - before) % 7).toBe(0)
        expect(before).toBeLessThan(each)
        expect(codeLists.holidayOn(before)).toBeNull()
      }
      for (const before of holidays) expect(before).toBeLessThan(each - 200)
      expect(factor === null).toBe(codeLists.holidayOn(each) === null)
    }))
  })
})

describe('the calendar', () => {
  it('agrees with the festivals of the simulated country', async () => {
    const { readFileSync } = await import('node:fs')
    const { packageFile } = await import('../../../core/package-root.ts')
    const codes: Record<string, string> = {
      'Khmer New Year': 'khmer_new_year', 'Pchum Ben': 'pchum_ben', 'Water Festival': 'water_festival',
      'Chinese New Year': 'chinese_new_year', 'New Year': 'new_year'
    }
    const rows = readFileSync(packageFile('ingest/simulator/festivals.csv'), 'utf8').trim().split('\n').slice(1)
    expect(rows.length).toBeGreaterThan(10)
    for (const row of rows) {
      const [name, from, to] = row.split(',') as [string, string, string]
      for (const each of [from, to]) expect(codeLists.holidayOn(day(each))?.code, row).toBe(codes[name])
    }
  })

  it('knows opening hours, closures and the validity of a gate', () => {
    expect(codeLists.hoursOn('KHC-POI', day('2025-06-06'))).toEqual({ opens: 6, closes: 22 })
    expect(codeLists.hoursOn('KHC-POI', day('2025-06-07'))).toEqual({ opens: 8, closes: 16 })
    expect(codeLists.hoursOn('KHC-POI', day('2026-01-01'))).toBeNull()
    expect(codeLists.hoursOn('KHC-PNH', day('2025-09-10'))).toBeNull()
    expect(codeLists.hoursOn('KHC-KTI', day('2025-09-09'))).toEqual({ opens: 0, closes: 24 })
    expect(codeLists.hoursOn('KHC-DSY', day('2025-09-09'))).toEqual({ opens: 0, closes: 24 })
  })
})
