// The state machine of alerts: by hand, and as properties over random conditions with a clock of the test.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { step, type AlertTimes, type Condition } from '../../../dags/alerts/step.ts'
import type { AlertEvent } from '../../../schemas/alerts.ts'
import type { Alert } from '../../../sinks/control/alerts.ts'

const PENDING_MS = 60_000
const KEEP_MS = 300_000
const LOOK_MS = 10_000
const times: AlertTimes = { pendingMs: () => PENDING_MS, keepFiringMs: KEEP_MS }

type Seen = 'holds' | 'unknown' | 'unjudged' | 'clear'

function conditionOf (seen: Seen, value = 7): Condition[] {
  return seen === 'clear' ? [] : [{ kind: 'silence', subject: 'KHC-POI', state: seen, value, threshold: 3 }]
}

interface Told { atMs: number, id: string, event: AlertEvent }

/** One alert over time. */
function machine () {
  let open: Alert[] = []
  let ids = 0
  const told: Told[] = []
  return {
    told,
    open: () => open,
    acknowledge () { open = open.map(alert => ({ ...alert, acknowledgedBy: 'a', acknowledgedAtMs: 1, note: 'n' })) },
    /** As it is read again by another process. */
    restart () { open = JSON.parse(JSON.stringify(open)) as Alert[] },
    look (conditions: readonly Condition[], nowMs: number): Alert | null {
      const after = step(open, conditions, times, nowMs, () => `id-${++ids}`)
      told.push(...after.events.map(({ alert, event }) => ({ atMs: nowMs, id: alert.id, event })))
      open = after.alerts.filter(({ state }) => state !== 'resolved')
      return after.alerts[0] ?? null
    }
  }
}

function run (seen: readonly Seen[]) {
  const one = machine()
  return { ...one, states: seen.map((each, i) => one.look(conditionOf(each), i * LOOK_MS)?.state ?? null) }
}

const repeat = (seen: Seen, looks: number): Seen[] => Array.from({ length: looks }, () => seen)

describe('an alert', () => {
  it('is pending, fires after its time, and is resolved when it was clear for long enough', () => {
    const { states, told } = run([...repeat('holds', 8), ...repeat('clear', 32)])
    expect(states.slice(0, 8)).toEqual([...Array.from({ length: 6 }, () => 'pending'), 'firing', 'firing'])
    expect(states.slice(8, 38)).toEqual(Array.from({ length: 30 }, () => 'firing'))
    expect(states.slice(38)).toEqual(['resolved', null])
    expect(told.map(({ event, atMs }) => [event, atMs])).toEqual([['firing', 60_000], ['resolved', 380_000]])
  })

  it('is forgotten untold if it was clear before it fired', () => {
    const { states, told } = run([...repeat('holds', 6), 'clear', ...repeat('holds', 6)])
    expect(states).toEqual([...repeat('holds', 6).map(() => 'pending'), null, ...repeat('holds', 6).map(() => 'pending')])
    expect(told).toEqual([])
  })

  it('says that it cannot be known only after the same time, and fires when it is known to hold', () => {
    const { states, told } = run([...repeat('unknown', 7), ...repeat('holds', 7)])
    expect(states).toEqual([...repeat('unknown', 6).map(() => 'pending'), ...repeat('holds', 7).map(() => 'no_data'), 'firing'])
    expect(told.map(({ event }) => event)).toEqual(['no_data', 'firing'])
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
  })

  it('stays firing while it cannot be known, and stays as it is while it is not judged', () => {
    const { states } = run([...repeat('holds', 7), ...repeat('unknown', 60), ...repeat('unjudged', 60)])
    expect(new Set(states.slice(6))).toEqual(new Set(['firing']))
    expect(run(repeat('unjudged', 3)).states).toEqual([null, null, null])
  })

  it('stays as it is while all of its kind cannot be known', () => {
    const one = machine()
    for (let i = 0; i < 7; i++) one.look(conditionOf('holds'), i * LOOK_MS)
    const blind: Condition = { kind: 'silence', subject: '', state: 'unknown', value: null, threshold: null }
    for (let i = 7; i < 100; i++) one.look([blind], i * LOOK_MS)
    expect(one.open().map(({ subject, state }) => [subject, state])).toEqual([['KHC-POI', 'firing'], ['', 'no_data']])
  })

  it('keeps the worse of two conditions of one subject, and the value of when it held', () => {
    const one = machine()
    one.look([...conditionOf('unknown'), ...conditionOf('holds', 4), ...conditionOf('holds', 9)], 0)
    one.look([], PENDING_MS)
    for (let i = 0; i < 8; i++) one.look(conditionOf('holds', 9), 100_000 + i * LOOK_MS)
    expect(one.look([], 200_000)).toMatchObject({ state: 'firing', value: 9, threshold: 3 })
  })

  it('does not wait for ever when the clock is set back', () => {
    const one = machine()
    one.look(conditionOf('holds'), 1_000_000_000)
    for (let i = 0; i <= 6; i++) one.look(conditionOf('holds'), i * LOOK_MS)
    expect(one.told.map(({ event }) => event)).toEqual(['firing'])
  })
})

const looks = fc.array(fc.record({
  seen: fc.constantFrom<Seen>('holds', 'holds', 'clear', 'clear', 'unknown', 'unjudged'),
  // Long stretches of the same make everything happen.
  times: fc.integer({ min: 1, max: 40 }),
  acknowledged: fc.boolean(),
  restarted: fc.boolean()
}), { minLength: 1, maxLength: 12 })

const ORDERS = ['firing', 'no_data', 'firing resolved', 'no_data firing', 'no_data resolved', 'no_data firing resolved']

interface History { atMs: number, seen: Seen, alert: Alert | null }

describe('whatever is seen', () => {
  it('never fires before its time, tells each event of an alert once and in order, and resolves only what was quiet', () => {
    fc.assert(fc.property(looks, segments => {
      const one = machine()
      const history: History[] = []
      for (const { seen, times: count, acknowledged, restarted } of segments) {
        for (let i = 0; i < count; i++) {
          const atMs = history.length * LOOK_MS
          history.push({ atMs, seen, alert: one.look(conditionOf(seen), atMs) })
        }
        if (acknowledged) one.acknowledge()
        if (restarted) one.restart()
      }
      const since = (fromMs: number, toMs: number): Seen[] =>
        history.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).map(({ seen }) => seen)
      for (const { atMs, event } of one.told) {
        if (event === 'firing') expect(since(atMs - PENDING_MS, atMs)).not.toContain('clear')
        if (event === 'firing') expect(since(atMs, atMs)).toEqual(['holds'])
        if (event === 'no_data') expect(since(atMs, atMs)).toEqual(['unknown'])
        if (event !== 'resolved') continue
        const quiet = since(atMs - KEEP_MS, atMs)
        expect([quiet.includes('holds'), quiet.includes('unknown')]).toEqual([false, false])
      }
      for (const id of new Set(one.told.map(told => told.id))) {
        const events = one.told.filter(told => told.id === id).map(({ event }) => event)
        expect(ORDERS).toContain(events.join(' '))
      }
      expect(one.open().length).toBeLessThanOrEqual(1)
    }), { numRuns: 300 })
  })

  it('comes to the same with a restart after every look, and with everything acknowledged', () => {
    fc.assert(fc.property(looks, segments => {
      const [plain, other] = [machine(), machine()]
      let atMs = 0
      for (const { seen, times: count } of segments) {
        for (let i = 0; i < count; i++, atMs += LOOK_MS) {
          plain.look(conditionOf(seen), atMs)
          other.look(conditionOf(seen), atMs)
          other.restart()
          other.acknowledge()
        }
      }
      expect(other.told).toEqual(plain.told)
      const shown = ({ state, sinceMs }: Alert): unknown => [state, sinceMs]
      expect(other.open().map(shown)).toEqual(plain.open().map(shown))
    }), { numRuns: 100 })
  })

  it('tells nothing more of what comes and goes faster than it is quiet', () => {
    const flap = fc.tuple(fc.integer({ min: 1, max: 29 }), fc.integer({ min: 1, max: 10 }))
    fc.assert(fc.property(fc.array(flap, { maxLength: 20 }), flaps => {
      const seen: Seen[] = repeat('holds', 7)
      for (const [clear, holding] of flaps) seen.push(...repeat('clear', clear), ...repeat('holds', holding))
      expect(run(seen).told.map(({ event }) => event)).toEqual(['firing'])
    }), { numRuns: 100 })
  })
})
