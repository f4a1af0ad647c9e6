// What a run changes in the control file: each function is one transaction's work, so that slot and run always agree.
import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { beginRun, endRun, listRuns, type NewRun, type RunStatus, type Trigger } from '../../sinks/control/dag-runs.ts'
import {
  addSlots, readMarks, readSlots, recordedPeriods, setSlot, takeBackSlots, writeMark, type Slot
} from '../../sinks/control/dag-slots.ts'
import type { Dag } from './dag.ts'
import { parsePeriod, type Period } from './period.ts'
import { firstSince, newestSlot, slotsDue, superseded } from './plan.ts'
import { retryDelay } from './retry.ts'
import type { TasksResult } from './run-tasks.ts'

/** Who runs, for the record. */
export interface Host { host: string, pid: number, version: string }

/** A slot that is ours to run. */
export interface Claim {
  dag: Dag
  slot: Slot
  period: Period
  runId: string
  attempt: number
  trigger: Trigger
  startedMs: number
}

/** Brings the slot table up to the time. */
export async function planSlots (connection: DuckDBConnection, dags: readonly Dag[], nowMs: number): Promise<void> {
  await takeBackSlots(connection, nowMs)
  const marks = await readMarks(connection)
  for (const dag of dags) {
    const sinceMs = marks.get(dag.name) ?? firstSince(dag, nowMs)
    // A clock that was ahead when the DAG was first seen must not hold it back.
    if (sinceMs > nowMs || !marks.has(dag.name)) await writeMark(connection, dag.name, Math.min(sinceMs, nowMs))
    const newest = newestSlot(dag, sinceMs, nowMs)
    if (newest === null) continue
    const isKnown = (await recordedPeriods(connection, dag.name, newest.period)).size > 0
    if (isKnown && dag.catchUp.kind !== 'all') continue
    await addSlots(connection, slotsDue(dag, sinceMs, await recordedPeriods(connection, dag.name), nowMs))
  }
}

/** The next slot of each DAG that is ready, leaving out what a newer one makes superfluous. */
export async function readySlots (
  connection: DuckDBConnection, dags: readonly Dag[], nowMs: number
): Promise<{ dag: Dag, slot: Slot }[]> {
  const waiting = await readSlots(connection, { state: 'waiting' })
  const ready: { dag: Dag, slot: Slot }[] = []
  for (const dag of dags) {
    const slots = waiting.filter(slot => slot.dag === dag.name)
    const old = superseded(dag, slots)
    for (const slot of old) {
      await setSlot(connection, slot, {
        state: slot.failures > 0 ? 'failed' : 'skipped', failures: slot.failures, notBeforeMs: null, decidedMs: nowMs
      })
    }
    const slot = slots.find(slot => !old.includes(slot) && isReady(dag, slot, nowMs))
    if (slot !== undefined) ready.push({ dag, slot })
  }
  return ready
}

/** A pause longer than there is any was set while the clock was ahead. */
function isReady ({ retry }: Dag, { notBeforeMs }: Slot, nowMs: number): boolean {
  return notBeforeMs === null || notBeforeMs <= nowMs || notBeforeMs > nowMs + retry.capMs
}

/** Takes a slot and begins its run. A slot that is not recorded yet is added. */
export async function claimSlot (
  connection: DuckDBConnection, dag: Dag, slot: Slot, host: Host,
  options: { isNew: boolean, manual: boolean, nowMs: number }
): Promise<Claim> {
  const { nowMs } = options
  const running = { state: 'running', failures: slot.failures, notBeforeMs: null, decidedMs: nowMs } as const
  if (options.isNew) await addSlots(connection, [{ ...slot, ...running }])
  else await setSlot(connection, slot, running)
  const period = parsePeriod(dag.unit, slot.period) ??
    { unit: dag.unit, key: slot.period, startMs: slot.periodStartMs, endMs: slot.periodEndMs }
  const trigger = options.manual ? 'manual' : slot.failures > 0 ? 'retry' : slot.late ? 'catchup' : 'schedule'
  const run: NewRun = {
    ...host,
    runId: randomUUID(),
    dag: dag.name,
    period: slot.period,
    periodStartMs: slot.periodStartMs,
    periodEndMs: slot.periodEndMs,
    trigger,
    startedMs: nowMs
  }
  const attempt = await beginRun(connection, run)
  return { dag, slot, period, runId: run.runId, attempt, trigger, startedMs: nowMs }
}

/** Ends a run, and says when its slot is tried again, if it is. */
export async function endClaim (
  connection: DuckDBConnection, { dag, slot, runId }: Claim, result: TasksResult, nowMs: number, random: () => number
): Promise<void> {
  const { status, error, tasks } = result
  await endRun(connection, runId, { status, endedMs: nowMs, error, tasks })
  if (status === 'success') {
    await setSlot(connection, slot, { state: 'success', failures: slot.failures, notBeforeMs: null, decidedMs: nowMs })
  } else if (status === 'cancelled') {
    const state = slot.planned ? 'waiting' : 'cancelled'
    await setSlot(connection, slot, { state, failures: slot.failures, notBeforeMs: null, decidedMs: nowMs })
  } else {
    await failSlot(connection, dag, slot, { retryable: result.retryable, nowMs, random })
  }
}

/** Runs that a dead process left behind have crashed; their slots follow the retry rule. Returns how many. */
export async function recoverRuns (
  connection: DuckDBConnection, dags: readonly Dag[], nowMs: number, random: () => number
): Promise<number> {
  const runs = await listRuns(connection, { status: 'running', limit: 1_000_000 })
  for (const { runId } of runs) {
    if (runId === null) continue
    await endRun(connection, runId, {
      status: 'crashed' satisfies RunStatus, endedMs: nowMs, error: 'the process ended while it ran', tasks: []
    })
  }
  for (const slot of await readSlots(connection, { state: 'running' })) {
    await failSlot(connection, dags.find(dag => dag.name === slot.dag), slot, { retryable: true, nowMs, random })
  }
  return runs.length
}

/** What a person asked for is not tried again by itself, unless the schedule owed it too. */
async function failSlot (
  connection: DuckDBConnection, dag: Dag | undefined, slot: Slot,
  { retryable, nowMs, random }: { retryable: boolean, nowMs: number, random: () => number }
): Promise<void> {
  const failures = slot.failures + 1
  const delay = dag === undefined || !retryable || !slot.planned ? null : retryDelay(dag.retry, failures, random)
  await setSlot(connection, slot, {
    state: delay === null ? 'failed' : 'waiting',
    failures,
    notBeforeMs: delay === null ? null : nowMs + delay,
    decidedMs: nowMs
  })
}
