import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastEnded, parsePeriod, PERIOD_UNITS, periodAfter, periodAt } from '../../../dags/engine/period.ts'

const at = (text: string): number => Date.parse(`${text}+07:00`)

describe('a period', () => {
  it.each([
    { unit: 'hour', key: '2026-11-22T23', start: '2026-11-22T23:00:00', end: '2026-11-23T00:00:00' },
    { unit: 'day', key: '2026-11-22', start: '2026-11-22T00:00:00', end: '2026-11-23T00:00:00' },
    { unit: 'week', key: '2026-W47', start: '2026-11-16T00:00:00', end: '2026-11-23T00:00:00' },
    { unit: 'week', key: '2026-W53', start: '2026-12-28T00:00:00', end: '2027-01-04T00:00:00' },
    { unit: 'week', key: '2024-W01', start: '2024-01-01T00:00:00', end: '2024-01-08T00:00:00' },
    { unit: 'month', key: '2024-02', start: '2024-02-01T00:00:00', end: '2024-03-01T00:00:00' },
    { unit: 'month', key: '2026-12', start: '2026-12-01T00:00:00', end: '2027-01-01T00:00:00' }
  ] as const)('$key is the $unit from $start to $end at UTC+7', ({ unit, key, start, end }) => {
    const period = { unit, key, startMs: at(start), endMs: at(end) }
    expect(parsePeriod(unit, key)).toEqual(period)
    expect(periodAt(unit, at(start))).toEqual(period)
    expect(periodAt(unit, at(end) - 1)).toEqual(period)
    expect(lastEnded(unit, at(end))).toEqual(period)
    expect(lastEnded(unit, at(end) - 1).key).not.toBe(key)
    expect(periodAfter(period).startMs).toBe(at(end))
  })

  it.each([
    ['hour', '2026-11-22T24'], ['hour', '2026-11-22'], ['day', '2026-02-29'], ['day', '2026-11'], ['week', '2026-W54'],
    ['week', '2025-W53'], ['week', '2026-W00'], ['week', '2026-11-22'], ['month', '2026-13'], ['month', '2026-1'], ['day', '']
  ] as const)('is no %s: %s', (unit, key) => {
    expect(parsePeriod(unit, key)).toBeNull()
  })

  it('is read back from its key, and joins the next without a gap', () => {
    const instants = fc.integer({ min: at('2000-01-01T00:00:00'), max: at('2100-01-01T00:00:00') })
    fc.assert(fc.property(fc.constantFrom(...PERIOD_UNITS), instants, (unit, instant) => {
      const period = periodAt(unit, instant)
      expect(period.startMs).toBeLessThanOrEqual(instant)
      expect(period.endMs).toBeGreaterThan(instant)
      expect(parsePeriod(unit, period.key)).toEqual(period)
      expect(periodAfter(period).startMs).toBe(period.endMs)
    }))
  })
})
