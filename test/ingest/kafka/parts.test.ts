// The parts that need no broker: marks, settings, errors, log, watchdog, timers of kafkajs.
import { createRequire } from 'node:module'
import { logLevel, type KafkaMessage } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { createAssignments, lagOf } from '../../../ingest/kafka/assignments.ts'
import { groupIdOf, kafkaSettings, type KafkaSourceConfig } from '../../../ingest/kafka/config.ts'
import { kafkaFailure } from '../../../ingest/kafka/failures.ts'
import { createLogBridge } from '../../../ingest/kafka/log-bridge.ts'
import { compareMark, markOf } from '../../../ingest/kafka/marks.ts'
import { mendRequestQueue } from '../../../ingest/kafka/quiet-timers.ts'
import { createRestartBudget } from '../../../ingest/kafka/restarts.ts'
import { createWatchdog, type Watchdog } from '../../../ingest/kafka/watchdog.ts'
import { linesLog, quickConfig } from './running-source.ts'

const SECRET = Buffer.from('test')

describe('marks', () => {
  it('tell the end of a key from the beginning of a value, and no key from an empty one', () => {
    const digests = [message(1, 'ab', 'c'), message(1, 'a', 'bc'), message(1, '', 'abc'), message(1, null, 'abc')]
      .map(each => markOf(each, SECRET).digest)
    expect(new Set(digests).size).toBe(4)
  })

  it('compare the record at their offset by time and digest', () => {
    const mark = markOf(message(7, 'k', 'v'), SECRET)
    const around = [message(6, 'k', 'x'), message(7, 'k', 'v'), message(8, 'k', 'y')]
    expect(compareMark(mark, around, 6, 9, SECRET)).toBe('same')
    expect(compareMark({ ...mark, timestampMs: 1 }, around, 6, 9, SECRET)).toBe('other')
    expect(compareMark(mark, [message(7, 'k', 'w')], 7, 8, SECRET)).toBe('other')
    expect(compareMark(mark, [message(9, 'k', 'v')], 7, 10, SECRET)).toBe('gone')
    expect(compareMark(mark, [message(5, 'k', 'v')], 5, 6, SECRET)).toBe('unseen')
    expect(compareMark(mark, [message(9, 'k', 'v')], 9, 10, SECRET)).toBe('unseen')
  })
})

describe('kafka settings', () => {
  it('fill in what is not given and keep what is', () => {
    const needed = { brokers: ['a:1'], clientId: 'c', groupPrefix: 'p', topics: { x: 'y' } }
    const settings = kafkaSettings({ ...needed, fetchWaitMs: undefined, pollMs: 7 })
    expect(settings).toMatchObject({ fetchBytesMax: 1_048_576, partitionFetchBytesMax: 2_097_152 })
    expect(settings).toMatchObject({ sessionTimeoutMs: 45_000, fetchWaitMs: 250, pollMs: 7 })
    expect(groupIdOf(settings, 'w')).toBe('p-w')
  })

  it('refuse no broker, no topic, one topic for two contracts, and a session shorter than its heartbeats', () => {
    const good = quickConfig('a:1', { x: 'y' })
    const faults: Array<Partial<KafkaSourceConfig>> = [
      { brokers: [] }, { topics: {} }, { topics: { a: 't', b: 't' } }, { sessionTimeoutMs: 500 }
    ]
    for (const bad of faults) {
      expect(() => kafkaSettings({ ...good, ...bad })).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }))
    }
  })
})

describe('kafka failures', () => {
  it('name a refused login as such, without the password', () => {
    const login = Object.assign(new Error('SASL PLAIN authentication failed'), { name: 'KafkaJSSASLAuthenticationError' })
    const wrapped = Object.assign(new Error('retries', { cause: login }), { name: 'KafkaJSNumberOfRetriesExceeded' })
    const failure = kafkaFailure(wrapped, 'b:1')
    expect(failure.code).toBe('KAFKA_FAILED')
    expect(failure.message).toContain('kafka.sasl')
  })

  it('tell unreachable from broken', () => {
    const refused = Object.assign(new Error('refused'), { name: 'KafkaJSConnectionError' })
    expect(kafkaFailure(refused, 'b').code).toBe('KAFKA_UNREACHABLE')
    expect(kafkaFailure(new Error('bad crc'), 'b').code).toBe('KAFKA_FAILED')
  })
})

describe('log bridge', () => {
  it('passes known fields and levels on, and nothing else', () => {
    const lines: string[] = []
    const write = createLogBridge(linesLog(lines))(logLevel.INFO)
    const secret = { payload: { number: 'N1234567' }, stack: 'N1234567' }
    const log = { timestamp: '', message: 'Response', topic: 't', error: new Error('why'), ...secret }
    write({ namespace: 'Connection', level: logLevel.ERROR, label: 'ERROR', log })
    write({ namespace: 'Consumer', level: logLevel.ERROR, label: 'ERROR', log })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, namespace: 'Connection', topic: 't', error: 'why' })
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 50, namespace: 'Consumer' })
    expect(lines.join('')).not.toContain('N1234567')
  })
})

describe('watchdog', () => {
  const limits = { stallTimeoutMs: 60, stuckTimeoutMs: 150 }
  let nowMs = 0
  const begin = (): Watchdog => createWatchdog(limits, 'here', () => nowMs)

  it('is content while brokers answer and fetches go on', () => {
    const watchdog = begin()
    for (let at = 0; at < 10; at++) {
      nowMs += 50
      watchdog.answered()
      watchdog.fetched()
      expect(watchdog.verdict(0)).toBeUndefined()
    }
  })

  it('tells silence, a dead fetch loop and undelivered records apart', () => {
    const [silent, idle, stuck] = [begin(), begin(), begin()]
    nowMs += 200
    idle.answered()
    stuck.answered()
    stuck.fetched()
    expect(silent.verdict(0)?.message).toContain('silence')
    expect(idle.verdict(0)?.message).toContain('fetches')
    expect(stuck.verdict(5)?.message).toContain('5 waiting')
    expect(stuck.verdict(5)).toMatchObject({ code: 'KAFKA_STALLED', retryable: true })
  })

  it('counts the time that records wait from when they came, not from the last ones', () => {
    const watchdog = begin()
    const look = (lag: number): unknown => {
      nowMs += 50
      watchdog.answered()
      watchdog.fetched()
      return watchdog.verdict(lag)
    }
    for (let at = 0; at < 10; at++) expect(look(0)).toBeUndefined()
    expect([look(1), look(1), look(1)]).toEqual([undefined, undefined, undefined])
    expect(look(1)).toBeDefined()
  })

  it('does not blame Kafka while the loader is waited for', () => {
    const watchdog = begin()
    const done = watchdog.waiting()
    nowMs += 500
    watchdog.answered()
    expect(watchdog.verdict(5)).toBeUndefined()
    done()
    expect(watchdog.verdict(5)).toBeUndefined()
  })
})

describe('restart budget', () => {
  it('runs out, and fills again with time', () => {
    let nowMs = 0
    const budget = createRestartBudget({ max: 2, withinMs: 80 }, linesLog([]), () => nowMs)
    const allowed = (): boolean => budget.allow(new Error('x'))
    expect([allowed(), allowed(), allowed()]).toEqual([true, true, false])
    nowMs = 80
    expect(allowed()).toBe(true)
  })
})

describe('assignments', () => {
  it('keep batches in flight over a new assignment and count lag from what is covered', () => {
    const assignments = createAssignments({ x: 'y' })
    const [first] = assignments.assign({ y: [0] })
    first?.flights.add(Promise.resolve())
    const [second] = assignments.assign({ y: [0] })
    if (!first || !second) throw new Error('no partition')
    expect(assignments.isCurrent(first)).toBe(false)
    expect(assignments.flights()).toHaveLength(1)
    expect(second).toMatchObject({ name: 'y/0', contract: 'x', status: 'checking' })
    Object.assign(second, { status: 'reading', next: 3, covered: 5, low: 0, high: 9 })
    expect(lagOf(assignments.all())).toBe(4)
    Object.assign(second, { status: 'lost', covered: 2, low: 6 })
    expect(lagOf(assignments.all())).toBe(3)
  })
})

describe('request queue of kafkajs', () => {
  it('sets no timer while nothing is pending, and one while something is', () => {
    mendRequestQueue()
    mendRequestQueue()
    const load = createRequire(import.meta.url)
    const RequestQueue = load('kafkajs/src/network/requestQueue/index.js') as new (options: object) => {
      pending: unknown[], throttleCheckTimeoutId: unknown, scheduleCheckPendingRequests (): void, destroy (): void
    }
    const queue = new RequestQueue({ requestTimeout: 1, clientId: 'c', broker: 'b', logger: {} })
    queue.scheduleCheckPendingRequests()
    expect(queue.throttleCheckTimeoutId).toBeNull()
    queue.pending.push({})
    queue.scheduleCheckPendingRequests()
    expect(queue.throttleCheckTimeoutId).not.toBeNull()
    queue.destroy()
  })
})

function message (offset: number, key: string | null, value: string): KafkaMessage {
  return {
    offset: String(offset),
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value),
    timestamp: '1700000000000',
    attributes: 0,
    headers: {}
  }
}
