// The parts of the board that are not read every time, on a connection of their own: some cost a scan, and an event
// that has just been loaded must not wait for them. They are read one after the other, beside the board.
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { HOUR_MS } from '../../core/civil-date.ts'
import { type Judge, type Judgements, NO_JUDGEMENTS } from './judgements.ts'
import { createPaced, type Pace } from './paced.ts'
import { type DerivedFigures, readDerived, readWaiting, type Waiting } from './slow-figures.ts'

export interface PartsConfig {
  /** How often quarantine and gaps are counted, and derived figures and judgements are read. */
  waiting: Pace
  derived: Pace
  judgements: Pace
}

export interface PartsDeps {
  /** The parts' own: nothing else runs on it. */
  connection: DuckDBConnection
  judge?: Judge
  /** Told when parts were read that nobody waited for any more. */
  onLate: () => void
  onError: (error: unknown) => void
}

export interface Parts { waiting: Waiting, derived: DerivedFigures, judgements: Judgements }

export interface PartsReader {
  /** Begins to read what is due and gives what there is, after `waitMs` at most. Never rejects. */
  read (nowMs: number, waitMs: number): Promise<Parts>
  /** Milliseconds until something is due; infinite while it is being read. */
  restMs (): number
  /** Resolves when nothing is being read. */
  idle (): Promise<void>
}

/** A reader of the parts; until they are read for the first time they are empty. */
export function createParts (config: PartsConfig, { connection, judge, onLate, onError }: PartsDeps): PartsReader {
  const waiting = createPaced<Waiting>(config.waiting, { byReason: {}, newestMs: null, share: 0, gapsOpen: 0 })
  const derived = createPaced<DerivedFigures>(config.derived, null)
  const judgements = createPaced<Judgements>(config.judgements, NO_JUDGEMENTS)
  let reading: Promise<void> | null = null
  let isLate = false
  let hour = 0

  async function readDue (nowMs: number): Promise<void> {
    const nowHour = Math.floor(nowMs / HOUR_MS)
    if (nowHour !== hour) judgements.expire()
    hour = nowHour
    try {
      await waiting.value(async () => await readWaiting(connection, nowMs))
      await derived.value(async before => await readDerived(connection, before))
      if (judge !== undefined) await judgements.value(async () => await judge(connection, nowMs))
    } catch (error) {
      onError(error)
    }
    reading = null
    if (isLate) onLate()
    isLate = false
  }

  return {
    async read (nowMs, waitMs) {
      reading ??= readDue(nowMs)
      const timer = new AbortController()
      const isOver = await Promise.race([
        reading.then(() => true), sleep(waitMs, false, { signal: timer.signal }).catch(() => false)])
      timer.abort()
      if (!isOver) isLate = true
      return { waiting: waiting.last(), derived: derived.last(), judgements: judgements.last() }
    },
    restMs: () => reading !== null
      ? Infinity
      : Math.min(waiting.pendingMs(), derived.pendingMs(), judge === undefined ? Infinity : judgements.restMs()),
    idle: async () => { await reading }
  }
}
