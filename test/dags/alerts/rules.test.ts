// The rules: what was seen, and what is alerted of it.
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../../core/settings/index.ts'
import type { Feed, Surge } from '../../../dags/baseline/index.ts'
import type { Figures, Observation } from '../../../dags/alerts/observation.ts'
import { judge, type RuleLimits } from '../../../dags/alerts/rules.ts'

const NOW_MS = Date.parse('2026-05-04T03:20:00Z')
const settings = loadSettings({})
const limits: RuleLimits = { ...settings.alerts, ...settings.feeds }

const feed = (change: Partial<Feed> = {}): Feed => ({
  source: 'gdi.crossing.v1',
  checkpoint: 'KHC-POI',
  state: 'live',
  expected: 40,
  seen: 38,
  silentSinceMs: null,
  lastOccurredAtMs: NOW_MS - 5_000,
  lastReceivedAtMs: NOW_MS - 4_000,
  delayDeskSecondsP50: 2,
  delayBoardSecondsP50: 1,
  ...change
})

const surge = (hour: number | null): Surge => ({
  checkpoint: 'KHC-BVT', businessDate: '2026-05-04', hour, direction: 'arrival', seen: 900, expected: 200, high: 310.4
})

function observation (change: Partial<Omit<Observation, 'figures'>> = {}, figures: Partial<Figures> = {}): Observation {
  return {
    nowMs: NOW_MS,
    figures: { feeds: [feed()], surges: [], returnees: [], gapsOpen: 0, baseline: 'good', ...figures },
    received: [{ source: 'http', messages: 1_000, quarantined: 50, inFuture: 0, isWhole: true }],
    sources: [{ name: 'kafka', state: 'running', lag: 100_000 }],
    derivedLagSeconds: 300,
    diskFreePercent: 10,
    keyFault: null,
    clockStepSeconds: 30,
    integrity: { state: 'ok', checkedMs: NOW_MS, differences: [] },
    ...change
  }
}

const of = (seen: Observation): string[] =>
  judge(seen, limits).map(({ kind, subject, state, value, threshold }) => [kind, subject, state, value, threshold].join(' '))

describe('the rules', () => {
  it('find nothing where all is well, up to the thresholds', () => {
    expect(of(observation())).toEqual([])
  })

  it('find a silent feed, and one that stopped where nothing is known to be usual', () => {
    const silent = feed({ state: 'silent', seen: 0, lastReceivedAtMs: NOW_MS - 1_900_000 })
    expect(of(observation({}, { feeds: [silent] }))).toEqual(['silence KHC-POI holds 1900 900'])
    const stopped = (seconds: number, state: Feed['state'], expected: number | null = null): string[] =>
      of(observation({}, { baseline: 'none', feeds: [feed({ state, expected, lastReceivedAtMs: NOW_MS - seconds * 1000 })] }))
    expect(stopped(14_400, 'unknown')).toEqual(['silence KHC-POI holds 14400 14400'])
    expect(stopped(14_399, 'unknown')).toEqual([])
    expect(stopped(90_000, 'closed')).toEqual([])
    expect(stopped(90_000, 'live', 0)).toEqual([])
    expect(of(observation({}, { feeds: [feed({ state: 'unknown', expected: null, lastReceivedAtMs: null })] })))
      .toEqual(['silence KHC-POI unjudged  '])
  })

  it('say of what rests on the baseline or the warehouse that it cannot be known', () => {
    expect(of(observation({}, { baseline: 'old', surges: null }))).toEqual(['silence  unknown  ', 'surge  unknown  '])
    expect(of(observation({}, { baseline: 'none', surges: null }))).toEqual([])
    expect(of({ ...observation(), figures: null })).toEqual([
      'silence  unknown  ', 'surge  unknown  ', 'returnee_surge  unknown  ', 'lag  unknown  ', 'verify gaps unjudged  '
    ])
    expect(of(observation({ diskFreePercent: null, keyFault: 'unknown', integrity: null })))
      .toEqual(['disk  unknown  ', 'key  unknown  ', 'verify  unknown  '])
  })

  it('find a surge in this hour, the last, or the day, and none of long ago', () => {
    // 10:20 at UTC+7.
    for (const hour of [10, 9, null]) expect(of(observation({}, { surges: [surge(hour)] }))).toEqual(['surge KHC-BVT holds 900 310'])
    expect(of(observation({}, { surges: [surge(8), surge(11)] }))).toEqual([])
  })

  it('find a surge of returnees above both the least and the usual', () => {
    const with_ = (persons: number, usual: number): string[] =>
      of(observation({}, { returnees: [{ checkpoint: 'KHC-DAU', persons, usual }] }))
    expect(with_(99, 0)).toEqual([])
    expect(with_(100, 0)).toEqual(['returnee_surge KHC-DAU holds 100 100'])
    expect(with_(299, 100)).toEqual([])
    expect(with_(6_485, 100)).toEqual(['returnee_surge KHC-DAU holds 6485 300'])
  })

  it('find much in quarantine and events in the future, by source, where there is enough to say', () => {
    const received = (messages: number, quarantined: number, inFuture = 0, isWhole = true): string[] =>
      of(observation({ received: [{ source: 'http', messages, quarantined, inFuture, isWhole }] }))
    expect(received(1_000, 51)).toEqual(['quarantine_share http holds 5.1 5'])
    expect(received(19, 19)).toEqual([])
    expect(received(19, 19, 0, false)).toEqual(['quarantine_share http unjudged  '])
    expect(received(100, 60, 60)).toEqual(['quarantine_share http holds 60 5', 'clock events in the future: http holds 60 5'])
  })

  it('find lag, little disk, faults of key and clock, differences and gaps', () => {
    const late = feed({ state: 'late', delayDeskSecondsP50: 1_000, delayBoardSecondsP50: 200 })
    expect(of(observation({
      sources: [{ name: 'kafka', state: 'running', lag: 100_001 }],
      derivedLagSeconds: 301.4,
      diskFreePercent: 9.94,
      keyFault: 'missing',
      clockStepSeconds: 3_600,
      integrity: { state: 'differences', checkedMs: NOW_MS, differences: [{ check: 'flows', rows: 3 }] }
    }, { feeds: [late], gapsOpen: 2 }))).toEqual([
      'lag KHC-POI holds 1200 900', 'lag kafka holds 100001 100000', 'lag derived tables holds 301 300', 'disk  holds 9.9 10',
      'key missing holds  ', 'clock step holds 3600 30', 'verify flows holds 3 0', 'verify gaps holds 2 0'
    ])
  })
})
