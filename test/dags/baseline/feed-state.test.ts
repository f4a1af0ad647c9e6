// Live, late, silent, closed: the rule by hand and by properties.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../../core/civil-date.ts'
import {
  chanceOfNone, DEFAULT_FEED_LIMITS, expectedBetween, judgeFeed, type FeedEvidence
} from '../../../dags/baseline/feed-state.ts'
import { sumBands } from '../../../dags/baseline/expected.ts'

const NOW = Date.parse('2026-11-18T14:30:00+07:00')
const MINUTE = 60_000

/** A feed of so many messages an hour in the last twelve hours, whose latest came so many minutes ago. */
function feed (mean: number, minutesAgo: number, more: Partial<FeedEvidence> = {}): FeedEvidence {
  const from = Math.floor(NOW / HOUR_MS) * HOUR_MS - 11 * HOUR_MS
  return {
    hours: Array.from({ length: 12 }, (_, i) => ({ startMs: from + i * HOUR_MS, mean })),
    dispersion: 1,
    isClosed: false,
    seen: 0,
    lastOccurredAtMs: NOW - minutesAgo * MINUTE,
    lastReceivedAtMs: NOW - minutesAgo * MINUTE,
    delaySeconds: null,
    ...more
  }
}

const judge = (evidence: FeedEvidence): string => judgeFeed(evidence, NOW, DEFAULT_FEED_LIMITS)

describe('a feed', () => {
  it('of a busy gate is silent after a quarter of an hour, of a small one only when nothing is unlikely', () => {
    expect(judge(feed(400, 14))).toBe('live')
    expect(judge(feed(400, 16))).toBe('silent')
    // Two an hour: none in three hours has a chance of e^-6, in four of e^-8.
    expect(judge(feed(2, 180))).toBe('live')
    expect(judge(feed(2, 240))).toBe('silent')
  })

  it('that expects nothing is live, however long nothing comes', () => {
    expect(judge(feed(0, 11 * 60))).toBe('live')
    expect(judge(feed(0, 600 * 60))).toBe('live')
  })

  it('that has been quiet for as long as days are compared is not called live', () => {
    const days = 24 * 60
    expect(judge(feed(0, 55 * days))).toBe('live')
    expect(judge(feed(0, 57 * days))).toBe('unknown')
    expect(judge(feed(400, 57 * days))).toBe('silent')
  })

  it('whose messages come in parties may be quiet for longer', () => {
    expect(judge(feed(20, 30))).toBe('silent')
    expect(judge(feed(20, 30, { dispersion: 5 }))).toBe('live')
  })

  it('that is closed by schedule is neither silent nor live, unless something comes', () => {
    expect(judge(feed(0, 600, { isClosed: true }))).toBe('closed')
    expect(judge(feed(0, 1, { isClosed: true, seen: 3 }))).toBe('live')
  })

  it('is late when its messages take long, or tell of times long ago', () => {
    expect(judge(feed(400, 1, { delaySeconds: 901 }))).toBe('late')
    expect(judge(feed(400, 1, { delaySeconds: 20 }))).toBe('live')
    expect(judge(feed(400, 1, { lastOccurredAtMs: NOW - 90 * MINUTE }))).toBe('late')
    expect(judge(feed(2, 1, { lastOccurredAtMs: NOW - 90 * MINUTE }))).toBe('live')
  })

  it('of which nothing can be expected is unknown, or live while something comes', () => {
    const hours = [{ startMs: NOW - HOUR_MS, mean: null }]
    expect(judge(feed(0, 90, { hours }))).toBe('unknown')
    expect(judge(feed(0, 5, { hours }))).toBe('live')
    expect(judge(feed(0, 5, { hours: [], lastReceivedAtMs: null, lastOccurredAtMs: null }))).toBe('unknown')
  })

  it('is the sooner silent the longer it is quiet and the more is expected', () => {
    const minutes = fc.integer({ min: 0, max: 600 })
    const mean = fc.double({ min: 0, max: 500, noNaN: true })
    const clumping = fc.double({ min: 1, max: 20, noNaN: true })
    fc.assert(fc.property(mean, minutes, minutes, clumping, (rate, a, b, dispersion) => {
      const [short, long] = [Math.min(a, b), Math.max(a, b)]
      const evidence = feed(rate, 0, { dispersion })
      const chance = (quiet: number): number => chanceOfNone(evidence, NOW - quiet * MINUTE, NOW)
      expect(chance(long)).toBeLessThanOrEqual(chance(short))
      expect(chance(long)).toBeGreaterThanOrEqual(0)
      expect(chance(0)).toBe(1)
      if (judge(feed(rate, short, { dispersion })) === 'silent') {
        expect(judge(feed(rate, long, { dispersion }))).toBe('silent')
        expect(judge(feed(rate * 2, short, { dispersion }))).toBe('silent')
      }
    }))
  })

  it('expects of two times side by side what it expects of both', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.nat(40 * 60), fc.nat(40 * 60), fc.nat(40 * 60), (means, a, b, c) => {
        const hours = means.map((mean, i) => ({ startMs: i * HOUR_MS, mean }))
        const [from = 0, middle = 0, to = 0] = [a, b, c].sort((x, y) => x - y).map(minute => minute * MINUTE)
        expect(expectedBetween(hours, from, middle) + expectedBetween(hours, middle, to))
          .toBeCloseTo(expectedBetween(hours, from, to), 6)
      }))
  })
})

describe('the band of several gates', () => {
  const band = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000))
    .map(([median, below, above]) => ({ median, low: Math.max(0, median - below), high: median + above }))

  it('has the sum of the medians, and is no wider than the sum of the widths', () => {
    fc.assert(fc.property(fc.array(band, { minLength: 1, maxLength: 20 }), bands => {
      const sum = sumBands(bands.map(each => ({ basis: 'weekday', band: each })))!
      const total = (pick: (each: typeof bands[number]) => number): number =>
        bands.reduce((all, each) => all + pick(each), 0)
      expect(sum.median).toBe(total(each => each.median))
      expect(sum.low).toBeGreaterThanOrEqual(0)
      expect(sum.low).toBeLessThanOrEqual(sum.median)
      expect(sum.high).toBeGreaterThanOrEqual(sum.median)
      expect(sum.high).toBeLessThanOrEqual(total(each => each.high) + 1e-6)
      const together = sumBands(bands.map(each => ({ basis: 'widened', band: each })))!
      expect(together.high).toBeCloseTo(total(each => each.high), 6)
    }))
  })

  it('is none where no gate has one', () => { expect(sumBands([])).toBeNull() })
})
