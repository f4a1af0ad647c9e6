import { describe, expect, it } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { hasCode } from '../../../core/errors.ts'
import { firstAt, linesOf, playLive, simulateDays } from '../../../ingest/simulator/index.ts'

const options = { seed: 13, scale: 0.02, from: '2025-02-01', to: '2025-02-02' }
const days = [...simulateDays(options)].map(({ events }) => events)
const midnight = Date.parse('2025-02-01T00:00:00+07:00')

describe('playLive', () => {
  it('sends exactly the events due at each look at the clock', async () => {
    const clock = fixedClock(1_000_000)
    const stop = new AbortController()
    const sent: string[] = []
    const speed = 3600
    const looks: number[] = []
    await playLive(options, {
      speed,
      clock,
      signal: stop.signal,
      send: async lines => { sent.push(lines.toString()) },
      pause: async () => {
        const nowMs = midnight + (clock.now() - 1_000_000) * speed
        const due = firstAt(days[0]!, nowMs + 1)
        expect(sent.join('') === linesOf(days[0]!, 0, due).toString()).toBe(true)
        looks.push(due)
        if (looks.length === 60) stop.abort()
        clock.set(clock.now() + 250)
      }
    })
    // Sixty quarters of a second at an hour a second: a quarter to three in the afternoon.
    expect(looks.at(-1)).toBe(firstAt(days[0]!, midnight + 59 * 250 * speed + 1))
    expect(looks.at(-1)).toBeGreaterThan(200)
  })

  it('plays from day to day to the end, in whole lines and order, and can begin in the middle', async () => {
    const clock = fixedClock(0)
    const startAtMs = midnight + 12 * 3_600_000
    const sent: Buffer[] = []
    let lines = 0
    const count = await playLive(options, {
      speed: 100_000,
      clock,
      startAtMs,
      batchMessages: 50,
      signal: new AbortController().signal,
      send: async (part, size) => {
        expect(size).toBeLessThanOrEqual(50)
        sent.push(Buffer.from(part))
        lines += size
      },
      pause: async ms => { clock.set(clock.now() + ms) }
    })
    const skipped = firstAt(days[0]!, startAtMs)
    expect(skipped).toBeGreaterThan(0)
    expect(count).toBe(days[0]!.count - skipped + days[1]!.count)
    expect(lines).toBe(count)
    const expected = Buffer.concat([linesOf(days[0]!, skipped, days[0]!.count), days[1]!.bytes])
    expect(Buffer.concat(sent).equals(expected)).toBe(true)
  })

  it('stops on the signal while it waits', async () => {
    const stop = new AbortController()
    const playing = playLive(options, { speed: 0.001, clock: fixedClock(0), signal: stop.signal, send: async () => {} })
    setImmediate(() => { stop.abort() })
    expect(await playing).toBe(0)
  })

  it('refuses a speed that leads nowhere', async () => {
    const failure: unknown = await playLive(options, {
      speed: 0, clock: fixedClock(0), signal: new AbortController().signal, send: async () => {}
    }).catch((error: unknown) => error)
    expect(hasCode(failure, 'USAGE')).toBe(true)
  })
})
