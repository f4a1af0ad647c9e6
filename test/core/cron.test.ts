import fc from 'fast-check'
import cron from 'node-cron'
import { describe, expect, it } from 'vitest'
import { CRON_ZONE, lastFire, nextFire, parseCron } from '../../core/cron.ts'

const MINUTE_MS = 60_000
const at = (text: string): number => Date.parse(`${text}:00+07:00`)

describe('a cron expression', () => {
  it.each([
    { expression: '20 2 * * *', after: '2026-11-22T02:19', next: '2026-11-22T02:20' },
    { expression: '20 2 * * *', after: '2026-11-22T02:20', next: '2026-11-23T02:20' },
    { expression: '0 0 1 * *', after: '2026-12-01T00:00', next: '2027-01-01T00:00' },
    { expression: '*/20 9-10 * * *', after: '2026-11-22T09:41', next: '2026-11-22T10:00' },
    { expression: '0 6 * * 1', after: '2026-11-22T00:00', next: '2026-11-23T06:00' },
    { expression: '0 6 * * 7', after: '2026-11-22T00:00', next: '2026-11-22T06:00' },
    { expression: '30 4 29 2 *', after: '2026-11-22T00:00', next: '2028-02-29T04:30' }
  ])('$expression fires at $next after $after, at UTC+7', ({ expression, after, next }) => {
    const parsed = parseCron(expression)
    expect(nextFire(parsed, at(after))).toBe(at(next))
    expect(lastFire(parsed, at(next))).toBe(at(next))
    expect(lastFire(parsed, at(next) + MINUTE_MS - 1)).toBe(at(next))
  })

  it.each([
    ['* * * *', 'five fields'], ['60 * * * *', 'minute'], ['* 24 * * *', 'hour'], ['* * 0 * *', 'day of month'],
    ['* * * 13 *', 'month'], ['* * * * 8', 'weekday'], ['5-1 * * * *', 'minute'], ['*/0 * * * *', 'minute'],
    ['a * * * *', 'minute'], ['0 0 1 * 1', 'not both'], ['0 0 31 2 *', 'exists'], ['', 'five fields']
  ])('%s is refused with what is wrong: %s', (expression, said) => {
    expect(() => parseCron(expression)).toThrow(said)
  })

  it('fires when node-cron says that it does, and the last time is the one before the next', () => {
    const field = (from: number, to: number): fc.Arbitrary<string> => fc.oneof(
      fc.constant('*'), fc.integer({ min: from, max: to }).map(String),
      fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.integer({ min: 2, max: 9 }).map(step => `*/${step}`))
    const days = fc.oneof(
      fc.tuple(field(1, 28), field(1, 12), fc.constant('*')), fc.tuple(fc.constant('*'), field(1, 12), field(0, 6)))
    const times = fc.tuple(field(0, 59), field(0, 23), days).map(([minute, hour, rest]) => [minute, hour, ...rest].join(' '))
    fc.assert(fc.property(times, fc.integer({ min: at('2024-01-01T00:00'), max: at('2030-01-01T00:00') }), (text, after) => {
      const parsed = parseCron(text)
      const next = nextFire(parsed, after)
      expect(next).not.toBeNull()
      const task = cron.createTask(text, () => {}, { timezone: CRON_ZONE })
      expect(task.match(new Date(next!))).toBe(true)
      expect(lastFire(parsed, next! - 1)!).toBeLessThanOrEqual(after)
      void task.destroy()
    }), { numRuns: 200 })
  })
})
