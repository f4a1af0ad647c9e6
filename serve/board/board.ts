// The board of a running service: computed in the background by one reader when something has changed, kept in memory
// as bytes, told to whoever listens. Whoever asks gets what is there and costs nothing.
import { randomBytes } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { type CodeNames, composeBoard, type ServiceState } from './compose.ts'
import { countRecent, nextMinuteMs } from './count.ts'
import type { Judge } from './judgements.ts'
import type { Pace } from './paced.ts'
import { createParts, type PartsConfig } from './parts.ts'
import { createRecent } from './recent.ts'
import { type BoardVersion, createVersion } from './version.ts'

export interface BoardConfig extends PartsConfig {
  /** How often the board is computed while facts come. */
  board: Pace
  /** Without anybody asking for so long, it is computed only so often. */
  idleAfterMs: number
  idleEveryMs: number
}

export const BOARD_DEFAULTS: BoardConfig = {
  board: { everyMs: 500, costShareMax: 0.04, everyMsMax: 1_000 },
  waiting: { everyMs: 1_000, costShareMax: 0.01, everyMsMax: 10_000 },
  derived: { everyMs: 2_000, costShareMax: 0.02, everyMsMax: 120_000 },
  judgements: { everyMs: 10_000, costShareMax: 0.02, everyMsMax: 300_000 },
  idleAfterMs: 60_000,
  idleEveryMs: 10_000
}

export interface BoardDeps {
  /** The board's own: nothing else runs on them. The second is for what costs a scan. */
  connection: DuckDBConnection
  partsConnection: DuckDBConnection
  lists: Pick<CodeLists, 'checkpoints' | 'codes'>
  names: CodeNames
  /** Number of the nationality of nationals. */
  nationals: number
  /** The instant the board is of: now, or the simulated one. */
  now: () => number
  service: () => Promise<ServiceState>
  judge?: Judge
  /** Told after each computation how long it took. */
  onComputed?: (seconds: number) => void
  onError: (error: unknown) => void
}

export interface BoardService {
  /** Begins to compute it, now and whenever something has changed. */
  start (): void
  /** Stops; resolves when nothing runs any more. */
  stop (): Promise<void>
  /** To be called when something was loaded or derived. */
  wake (): void
  /** What there is. Rejects only before the first could be computed. */
  current (): Promise<BoardVersion>
  /** Keeps it fresh for somebody who is looking on without asking. */
  touch (): void
  /** Called with every new version, in their order; returns how to end it. */
  subscribe (listener: (version: BoardVersion) => void): () => void
}

/** So long the board waits for parts that cost a scan; then it goes out without, and again when they are read. */
const WAIT_MS = 50
const FIRST_WAIT_MS = 500
const RETRY_MS = 2_000
const IDLE_POLL_MS = 250

/** A board over a connection of a warehouse. */
export function createBoard (config: BoardConfig, deps: BoardDeps): BoardService {
  const recent = createRecent(deps.nationals)
  const parts = createParts(config, {
    connection: deps.partsConnection,
    judge: deps.judge,
    onLate: wake,
    onError: error => { if (!stopped) deps.onError(error) }
  })
  const process = randomBytes(4).toString('hex')
  const listeners = new Set<(version: BoardVersion) => void>()
  let version: BoardVersion | null = null
  let stopped = true
  let dirty = true
  let loop: Promise<void> = Promise.resolve()
  let computing: Promise<void> | null = null
  let askedMs = performance.now()
  let computedMs = -Infinity
  let ring: () => void = () => {}

  async function compute (): Promise<void> {
    dirty = false
    const started = performance.now()
    const nowMs = deps.now()
    await recent.read(deps.connection, nowMs)
    const read = await parts.read(nowMs, version === null ? FIRST_WAIT_MS : WAIT_MS)
    const service = await deps.service()
    const board = composeBoard({
      nowMs,
      counts: countRecent(recent, nowMs),
      ...read,
      service: { ...service, loadedThroughMs: service.loadedThroughMs ?? recent.receivedMs() }
    }, deps.lists, deps.names)
    version = createVersion(board, (version?.number ?? 0) + 1, process)
    computedMs = performance.now()
    deps.onComputed?.((computedMs - started) / 1000)
    for (const listener of listeners) listener(version)
  }

  /** One computation at a time, whoever asks. */
  async function computeOnce (): Promise<void> {
    computing ??= compute().finally(() => { computing = null })
    await computing
  }

  function wake (): void {
    dirty = true
    ring()
  }

  const isIdle = (): boolean => performance.now() - askedMs > config.idleAfterMs

  async function pause (milliseconds: number, untilWoken: boolean): Promise<void> {
    if (stopped) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      ring = () => {
        if (!untilWoken && !stopped) return
        clearTimeout(timer)
        resolve()
      }
    })
    ring = () => {}
  }

  async function follow (): Promise<void> {
    while (!stopped) {
      const started = performance.now()
      let restMs = RETRY_MS
      try {
        await computeOnce()
        const { everyMs, costShareMax, everyMsMax } = config.board
        restMs = Math.min(Math.max(everyMs, (performance.now() - started) / costShareMax), everyMsMax)
      } catch (error) {
        if (!stopped) deps.onError(error)
      }
      await pause(restMs - (performance.now() - started), false)
      while (!stopped && isIdle() && performance.now() - computedMs < config.idleEveryMs) {
        await pause(IDLE_POLL_MS, false)
      }
      // Nothing new: until there is, or until time itself changes what the board shows.
      const untilMs = Math.min(nextMinuteMs(deps.now()) - deps.now(), parts.restMs())
      if (!dirty) await pause(Math.max(config.board.everyMs, untilMs), true)
    }
  }

  return {
    start () {
      if (!stopped) return
      stopped = false
      loop = follow()
    },
    async stop () {
      stopped = true
      ring()
      listeners.clear()
      await loop
      await computing?.catch(() => {})
      await parts.idle()
    },
    wake,
    async current () {
      const wasIdle = isIdle()
      askedMs = performance.now()
      // After a time without readers what is there may be seconds old: the first reader has it computed anew.
      if (version === null || (wasIdle && !stopped && performance.now() - computedMs > config.board.everyMs)) {
        await computeOnce()
      }
      return version!
    },
    touch () { askedMs = performance.now() },
    subscribe (listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    }
  }
}
