// The demo's sources: today as it happens, at a speed, and the days before it, loaded behind.
import { setTimeout as wait } from 'node:timers/promises'
import { businessDay, DAY_MS, formatDay, PHNOM_PENH_OFFSET_MS } from '../../core/civil-date.ts'
import type { Clock } from '../../core/clock.ts'
import { packMessages, type RawMessage } from '../../core/packed-messages.ts'
import type { BatchTaker, PositionStore, Source, SourceStatus } from '../../core/stage.ts'
import { firstAt, simulateDays, type SimulatedDay } from '../../ingest/simulator/index.ts'

const SOURCE = 'simulator'
const BATCH_MESSAGES = 2_000
const TICK_MS = 250
/** A message reaches the desk's central system within a second of being sent. */
const TRANSIT_MS = 1_000
/** The live feed goes on for so many days before the demo has to be started again. */
const LIVE_DAYS = 60

export interface CountryOptions {
  seed: number
  scale: number
  historyDays: number
  /** Simulated instant at which the demo begins. */
  startAtMs: number
  /** Simulated seconds in a second. */
  speed: number
  onHistoryDay: (day: string) => void
}

/** The simulated clock: it starts at `startAtMs` when the demo does. */
export function demoClock (real: Clock, { startAtMs, speed }: Pick<CountryOptions, 'startAtMs' | 'speed'>): Clock {
  const realStartMs = real.now()
  return { now: () => startAtMs + (real.now() - realStartMs) * speed }
}

/** Today and the days to come, sent when simulated time reaches them. The first batch is today so far. */
export function liveSource (options: CountryOptions, clock: Clock, positions: PositionStore): Source {
  const today = businessDay(options.startAtMs)
  return source('live', positions, async (submit, signal) => {
    const days = simulateDays({
      seed: options.seed,
      scale: options.scale,
      from: formatDay(today),
      to: formatDay(today + LIVE_DAYS),
      // The same country as the history: it lives through the same days first.
      warmUpDays: options.historyDays
    })
    for (const { events } of days) {
      let next = 0
      while (next < events.count && !signal.aborted) {
        const due = Math.min(firstAt(events, clock.now()), next + BATCH_MESSAGES)
        if (due > next) {
          await submit(messagesOf(events, next, due))
          next = due
        } else {
          await wait(TICK_MS, undefined, { signal }).catch(() => {})
        }
      }
      if (signal.aborted) return
    }
  })
}

/** The days before today, oldest first, as fast as they are loaded. */
export function historySource (options: CountryOptions, positions: PositionStore): Source {
  const today = businessDay(options.startAtMs)
  return source('history', positions, async (submit, signal) => {
    const days = simulateDays({
      seed: options.seed, scale: options.scale, from: formatDay(today - options.historyDays), to: formatDay(today - 1)
    })
    for (const { day, events } of days) {
      for (let next = 0; next < events.count && !signal.aborted; next += BATCH_MESSAGES) {
        await submit(messagesOf(events, next, Math.min(next + BATCH_MESSAGES, events.count)))
        await new Promise(resolve => setImmediate(resolve))
      }
      if (signal.aborted) return
      options.onHistoryDay(day)
    }
  })
}

/** Midnight at UTC+7 of the civil date of an instant. */
export function midnight (instantMs: number): number {
  return businessDay(instantMs) * DAY_MS - PHNOM_PENH_OFFSET_MS
}

type Message = Pick<RawMessage, 'receivedAtMs' | 'value'>

function messagesOf (events: SimulatedDay, first: number, next: number): Message[] {
  const messages: Message[] = []
  for (let i = first; i < next; i++) {
    const start = i === 0 ? 0 : (events.ends[i - 1] as number)
    messages.push({
      receivedAtMs: (events.atMs[i] as number) + TRANSIT_MS,
      value: events.bytes.subarray(start, (events.ends[i] as number) - 1)
    })
  }
  return messages
}

function source (
  partition: string, positions: PositionStore,
  feed: (submit: (messages: Message[]) => Promise<void>, signal: AbortSignal) => Promise<void>
): Source {
  const status: SourceStatus = { name: `${SOURCE} ${partition}`, state: 'starting' }
  async function run (taker: BatchTaker, signal: AbortSignal): Promise<void> {
    let offset = (await positions.start(SOURCE, partition, 0)).nextOffset
    let last: Promise<unknown> = Promise.resolve()
    status.state = 'running'
    await feed(async messages => {
      const { durable } = await taker.submit({
        source: SOURCE,
        partition,
        firstOffset: offset,
        nextOffset: offset + messages.length,
        messages: packMessages(messages.map((message, i) => ({ ...message, offset: offset + i })))
      })
      offset += messages.length
      last = durable
    }, signal)
    await last
  }
  return { name: status.name, run, status: () => ({ ...status }) }
}
