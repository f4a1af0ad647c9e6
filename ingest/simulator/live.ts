// Plays a simulation at a speed: events are sent when simulated time reaches them.
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import { DAY_MS, PHNOM_PENH_OFFSET_MS } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { firstAt, linesOf } from './day-lines.ts'
import { simulateDays, type SimulatedDay } from './days.ts'
import { resolveOptions, type SimulatorOptions } from './options.ts'

export interface LivePlay {
  /** Simulated seconds in a second of the clock. */
  speed: number
  clock: Clock
  /** Ends the play. */
  signal: AbortSignal
  /** Takes whole lines in order; the next batch waits for it. */
  send(lines: Buffer, count: number): Promise<void>
  /** Simulated instant at which play begins; earlier events are left out. Default: midnight of `from` at UTC+7. */
  startAtMs?: number
  /** Time between two looks at the clock. Default 250 ms. */
  tickMs?: number
  /** Lines in a batch at most. Default 5,000. */
  batchMessages?: number
  /** Waits real milliseconds; a test turns its clock here. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Plays until the last event or until the signal; resolves to the number of events sent. Throws USAGE. */
export async function playLive (options: SimulatorOptions, play: LivePlay): Promise<number> {
  const { speed, clock, signal } = play
  if (!(speed > 0)) {
    throw new BorderflowError('USAGE', { expected: 'a speed above 0', found: String(speed), where: 'speed' })
  }
  const startMs = play.startAtMs ?? resolveOptions(options).fromDay * DAY_MS - PHNOM_PENH_OFFSET_MS
  const clockStartMs = clock.now()
  const simulatedNow = (): number => startMs + (clock.now() - clockStartMs) * speed
  let sent = 0
  for (const { events } of simulateDays(options)) {
    if (signal.aborted) break
    sent += await playDay(events, firstAt(events, startMs), simulatedNow, play)
  }
  return sent
}

async function playDay (
  day: SimulatedDay, from: number, simulatedNow: () => number, play: LivePlay
): Promise<number> {
  const { speed, signal, send, tickMs = 250, batchMessages = 5000, pause = pauseReal } = play
  let next = from
  while (next < day.count && !signal.aborted) {
    const nowMs = simulatedNow()
    const due = Math.min(firstAt(day, Math.floor(nowMs) + 1), next + batchMessages)
    if (due > next) {
      await send(linesOf(day, next, due), due - next)
      next = due
      if (next < day.count && day.atMs[next]! <= nowMs) continue
    }
    if (next === day.count || signal.aborted) break
    const untilNextMs = (day.atMs[next]! - nowMs) / speed
    await pause(Math.max(tickMs, Math.min(untilNextMs, tickMs * 40)), signal)
  }
  return next - from
}

async function pauseReal (ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
