// Decides when the derived tables are refreshed: as soon as facts came or the day changed, and while the loader is busy
// with so much rest in between that loading keeps its share of the machine.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay } from '../../core/civil-date.ts'
import type { Clock } from '../../core/clock.ts'
import { isFatal } from '../../core/database.ts'
import { createMutex } from '../../core/mutex.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { RuleCodes } from '../../transforms/walks/rules.ts'
import type { DeriveContext } from './compute.ts'
import { rebuildDerived } from './rebuild.ts'
import { refreshDerived, type Refreshed } from './refresh.ts'
import { readState, type DerivationState } from './state.ts'
import { verifyDerived, type Verified } from './verify.ts'

export interface DerivationConfig {
  /** Share of the time that derivation runs while the loader is busy; 0.1 leaves nine tenths to loading. */
  busyShareMin: number
  /** The same once the tables are further behind than `lagWantedMs`. */
  busyShareMax: number
  lagWantedMs: number
  /** The same while the loader has a backlog: what was waited for is sooner there if it is loaded first. */
  backlogShare: number
  /** A larger share of all travellers touched is a rebuild. */
  rebuildShareMax: number
  /** How often the date is looked at, and whether the loader is still busy. */
  pollMs: number
}

export const DERIVATION_DEFAULTS: DerivationConfig = {
  busyShareMin: 0.1, busyShareMax: 0.2, lagWantedMs: 5_000, backlogShare: 0.05, rebuildShareMax: 0.1, pollMs: 200
}

export interface DerivationDeps {
  /** Derivation's own: nothing else runs on it. */
  connection: DuckDBConnection
  lists: CodeLists
  codeNumbers: RuleCodes
  clock: Clock
  /** True while the loader has batches waiting. */
  loaderBusy: () => boolean
  /** True while more than a group waits: the loader cannot follow its sources for the moment. */
  loaderBehind: () => boolean
  /** MiB that a rebuild may use; the limit in force unless given. */
  rebuildMemoryLimitMb?: number
  /** The as-of date in days since 1970-01-01; today at UTC+7 by default. */
  asOf?: () => number
  /** Told after each refresh or rebuild, for log and metrics. */
  onRefreshed?: (refreshed: Refreshed, seconds: number) => void
  /** Told how far a rebuild is, from 0 to 1. */
  onProgress?: (share: number) => void
  /** Told when a refresh failed. It is tried again, unless the database is lost: then the process has to end. */
  onError: (error: unknown, fatal: boolean) => void
}

export interface DerivationStatus {
  state: 'stopped' | 'waiting' | 'running' | 'failing'
  /** What the tables are through; null before they are computed for the first time. */
  derived: DerivationState | null
  /** Seconds since the oldest facts came that are not in the tables; 0 if all are. */
  lagSeconds: number
}

export interface Derivation {
  /** Begins to follow the facts. Resolves once the state is read; the first refresh runs by itself. */
  start (): Promise<void>
  /** Stops; what is under way is rolled back. Resolves when nothing runs any more. */
  stop (): Promise<void>
  /** To be called after each loaded group. */
  wake (): void
  status (): DerivationStatus
  refresh (): Promise<Refreshed>
  /** Recomputes everything, as of today or of the date given in days since 1970-01-01. */
  rebuild (options?: { asOf?: number, signal?: AbortSignal }): Promise<DerivationState>
  verify (signal?: AbortSignal): Promise<Verified>
}

const RETRY_MS_FIRST = 1000
const RETRY_MS_MAX = 60_000

/** Derivation over a warehouse's connection. */
export function createDerivation (config: DerivationConfig, deps: DerivationDeps): Derivation {
  const { connection, clock } = deps
  const mutex = createMutex()
  let stopping = new AbortController()
  let loop: Promise<void> | null = null
  let derived: DerivationState | null = null
  let running = false
  let failing = false
  /** When the oldest facts came that nobody has taken up yet, and the oldest of those that are being taken up. */
  let waitingSinceMs: number | null = null
  let takenUpSinceMs: number | null = null
  let ring: () => void = () => {}

  const context = (signal?: AbortSignal, asOf?: number): DeriveContext => ({
    lists: deps.lists,
    codeNumbers: deps.codeNumbers,
    asOf: asOf ?? deps.asOf?.() ?? businessDay(clock.now()),
    nowMs: clock.now(),
    rebuildMemoryLimitMb: deps.rebuildMemoryLimitMb,
    signal: signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]),
    ...(deps.onProgress === undefined ? {} : { onProgress: deps.onProgress })
  })

  async function run<T> (work: () => Promise<T>, stateOf: (result: T) => DerivationState): Promise<T> {
    return await mutex.run(async () => {
      takenUpSinceMs = waitingSinceMs
      waitingSinceMs = null
      running = true
      try {
        const result = await work()
        derived = stateOf(result)
        failing = false
        return result
      } catch (error) {
        waitingSinceMs = takenUpSinceMs ?? waitingSinceMs
        throw error
      } finally {
        running = false
        takenUpSinceMs = null
      }
    })
  }

  async function refresh (): Promise<Refreshed> {
    const started = performance.now()
    const refreshed = await run(async () => await refreshDerived(connection, context(), config), result => result.state)
    if (refreshed.travellers > 0 || refreshed.rebuilt) {
      deps.onRefreshed?.(refreshed, (performance.now() - started) / 1000)
    }
    return refreshed
  }

  /** Waits until the time is over or it is stopped; new facts end it early only where that is wanted. */
  async function pause (milliseconds: number, untilFacts: boolean): Promise<void> {
    if (stopping.signal.aborted) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      ring = () => {
        if (!untilFacts && !stopping.signal.aborted) return
        clearTimeout(timer)
        resolve()
      }
    })
    ring = () => {}
  }

  const isDue = (): boolean =>
    waitingSinceMs !== null || derived === null || derived.asOf !== (deps.asOf?.() ?? businessDay(clock.now()))

  /** Leaves the machine to the loader for as long as its share demands, or until it has nothing to do. */
  async function rest (workedMs: number): Promise<void> {
    const restOf = (share: number): number => workedMs * (1 / share - 1)
    const shortestMs = restOf(config.busyShareMax)
    const started = performance.now()
    const share = (): number => {
      if (deps.loaderBehind()) return config.backlogShare
      const isBehind = waitingSinceMs !== null && clock.now() - waitingSinceMs >= config.lagWantedMs
      return isBehind ? config.busyShareMax : config.busyShareMin
    }
    const isOver = (): boolean => performance.now() - started >= restOf(share())
    while (deps.loaderBusy() && !isOver() && !stopping.signal.aborted) {
      await new Promise<void>(resolve => { setTimeout(resolve, Math.min(config.pollMs, shortestMs)) })
    }
  }

  async function follow (): Promise<void> {
    let retryMs = RETRY_MS_FIRST
    while (!stopping.signal.aborted) {
      if (!isDue()) {
        await pause(config.pollMs, true)
        continue
      }
      const started = performance.now()
      try {
        await refresh()
        retryMs = RETRY_MS_FIRST
        await rest(performance.now() - started)
      } catch (error) {
        if (stopping.signal.aborted) return
        failing = true
        deps.onError(error, isFatal(error))
        if (isFatal(error)) return
        await pause(retryMs, false)
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX)
      }
    }
  }

  return {
    async start () {
      if (loop !== null) return
      stopping = new AbortController()
      derived = await readState(connection)
      // Facts may have come while nobody followed them.
      waitingSinceMs ??= clock.now()
      loop = follow()
    },
    async stop () {
      stopping.abort(new Error('derivation was stopped'))
      ring()
      await loop
      await mutex.run(async () => {})
      loop = null
    },
    wake () {
      waitingSinceMs ??= clock.now()
      ring()
    },
    status () {
      const sinceMs = takenUpSinceMs ?? waitingSinceMs
      return {
        state: failing ? 'failing' : running ? 'running' : loop === null ? 'stopped' : 'waiting',
        derived,
        lagSeconds: sinceMs === null ? 0 : Math.max(0, clock.now() - sinceMs) / 1000
      }
    },
    refresh,
    rebuild: async ({ asOf, signal } = {}) =>
      await run(async () => await rebuildDerived(connection, context(signal, asOf)), state => state),
    verify: async signal =>
      await run(async () => await verifyDerived(connection, context(signal), config), ({ state }) => state)
  }
}
