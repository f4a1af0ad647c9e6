// Runs DAGs. Whatever wakes it, it brings the slot table up to the time, takes what is ready, and runs it: one run of a
// DAG at a time, one of those that share a resource.
import { hostname } from 'node:os'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../core/clock.ts'
import { isFatal, transaction } from '../../core/database.ts'
import { errorText } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { createMutex } from '../../core/mutex.ts'
import { packageVersion } from '../../core/package-root.ts'
import type { Control } from '../../sinks/control/control.ts'
import { claimSlot, endClaim, planSlots, readySlots, recoverRuns, type Claim, type Host } from './claims.ts'
import { orderedTasks, type Dag } from './dag.ts'
import { runByHand, planByHand, type HandContext, type HandPlan, type HandRequest, type HandRun } from './manual.ts'
import { runTasks, type TasksResult } from './run-tasks.ts'
import { dagStatuses, type DagStatus } from './status.ts'
import { startWaking } from './wake.ts'

export interface EngineConfig {
  /** How often the slot table is looked at, whatever the schedules say. */
  watchdogMs: number
  /** How long a task may go on after it was told to end, before its run is written off. */
  graceMs: number
}

export const ENGINE_DEFAULTS: EngineConfig = { watchdogMs: 10_000, graceMs: 10_000 }

export interface EngineDeps {
  dags: readonly Dag[]
  control: Control
  clock: Clock
  /** From 0 to 1, for the jitter of retries. */
  random: () => number
  log: Logger
  /** Told how each run ended, for metrics. */
  onEnded?: (dag: string, status: TasksResult['status'], seconds: number) => void
  /** Told when the database is lost: the process has to end. */
  onFatal?: (error: unknown) => void
}

export interface DagEngine {
  readonly dags: readonly Dag[]
  /** Begins to run what is due; what was missed runs at once. */
  start (): void
  /** Tells what runs to end, and waits until it has. */
  stop (): Promise<void>
  /** Looks once at what is due, and begins it. Resolves when it has begun; `idle` when it is over. */
  tick (): Promise<void>
  /** Resolves when nothing runs. */
  idle (): Promise<void>
  /** What `run` would do. Throws as it does. */
  plan (request: HandRequest): Promise<HandPlan>
  /** Runs periods by hand. Throws NOT_FOUND, USAGE, and REFUSED where something is in the way. */
  run (request: HandRequest): Promise<HandRun[]>
  status (): Promise<DagStatus[]>
}

/** Opens the engine of a control file: runs that a dead process left are recorded as crashed. */
export async function openDagEngine (config: EngineConfig, deps: EngineDeps): Promise<DagEngine> {
  const { dags, control, clock, log, random } = deps
  for (const dag of dags) orderedTasks(dag)
  const host: Host = { host: hostname(), pid: process.pid, version: packageVersion }
  const mutex = createMutex()
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  let waking: { stop (): void } | null = null

  const within = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> =>
    await control.exclusive(async connection => await transaction(connection, async () => await work(connection)))

  const crashed = await within(async connection => await recoverRuns(connection, dags, clock.now(), random))
  if (crashed > 0) log.warn({ runs: crashed }, 'dag runs were left by a process that is gone')

  /** The DAG that keeps another from running now, if there is one. */
  function inTheWay (dag: Dag): string | null {
    if (running.has(dag.name)) return dag.name
    return dags.find(other => running.has(other.name) && other.resource !== undefined &&
      other.resource === dag.resource)?.name ?? null
  }

  async function tick (): Promise<void> {
    if (stopping.signal.aborted) return
    await mutex.run(async () => {
      const enabled = dags.filter(dag => dag.enabled)
      const ready = await within(async connection => {
        await planSlots(connection, enabled, clock.now())
        return await readySlots(connection, enabled, clock.now())
      })
      for (const { dag, slot } of ready) {
        if (inTheWay(dag) !== null || stopping.signal.aborted) continue
        void launch(await within(async connection =>
          await claimSlot(connection, dag, slot, host, { isNew: false, manual: false, nowMs: clock.now() })))
      }
    })
  }

  /** Runs a claim; the DAG is free again when really nothing of it runs any more. */
  function launch (claim: Claim): Promise<TasksResult> {
    const { dag, period, runId, attempt, trigger } = claim
    const about = { dag: dag.name, period: period.key, run: runId, attempt }
    log.info({ ...about, trigger }, 'dag run started')
    const ended = (async () => {
      const result = await runTasks(dag, { runId, period }, stopping.signal, clock, config.graceMs)
      await within(async connection => { await endClaim(connection, claim, result, clock.now(), random) })
      const { status, error, tasks } = result
      if (error === null) log.info({ ...about, status, tasks: tasks.map(({ task, counts }) => ({ task, ...counts })) }, 'dag run ended')
      else log.error({ ...about, status, error }, 'dag run ended')
      deps.onEnded?.(dag.name, status, Math.max(0, clock.now() - claim.startedMs) / 1000)
      return result
    })()
    const over = ended.then(async result => {
      await result.settled
      running.delete(dag.name)
      if (result.fatal !== null) deps.onFatal?.(result.fatal)
      else if (waking !== null) wake()
    }, error => {
      running.delete(dag.name)
      fail(error, 'a dag run could not be recorded')
    })
    running.set(dag.name, over)
    return ended
  }

  function wake (): void {
    void tick().catch(error => { fail(error, 'dags could not be planned') })
  }

  function fail (error: unknown, message: string): void {
    if (stopping.signal.aborted) return
    log.error({ error: errorText(error) }, message)
    if (isFatal(error)) deps.onFatal?.(error)
  }

  const hand: HandContext = { dags, within, clock, host, exclusive: mutex.run, inTheWay, launch }

  return {
    dags,
    start () {
      if (waking !== null) return
      waking = startWaking(dags.filter(dag => dag.enabled), wake, { watchdogMs: config.watchdogMs, log })
      wake()
    },
    async stop () {
      waking?.stop()
      stopping.abort(new Error('the process stops'))
      await mutex.run(async () => {})
      await Promise.all(running.values())
    },
    tick,
    async idle () {
      while (running.size > 0) await Promise.all(running.values())
    },
    plan: async request => await planByHand(hand, request),
    run: async request => await runByHand(hand, request),
    status: async () => await dagStatuses(control, dags, clock.now())
  }
}
