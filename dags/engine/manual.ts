// Runs periods by hand: exactly what the schedule does, when a person asks.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../core/clock.ts'
import { nextFire } from '../../core/cron.ts'
import { BorderflowError } from '../../core/errors.ts'
import { readSlots, type Slot } from '../../sinks/control/dag-slots.ts'
import type { TaskRun } from '../../sinks/control/dag-runs.ts'
import { claimSlot, type Claim, type Host } from './claims.ts'
import { orderedTasks, type Dag } from './dag.ts'
import { lastEnded, parsePeriod, periodAfter, PERIOD_FORMATS, type Period } from './period.ts'
import type { TasksResult } from './run-tasks.ts'

export interface HandRequest {
  dag: string
  /** A period's key; the last one that has ended unless given. */
  period?: string
  /** Instead: all periods from one to another. Those that are done are left out. */
  from?: string
  to?: string
  /** Also what is done already. */
  again?: boolean
}

export interface HandRun {
  dag: string
  period: string
  runId: string
  status: TasksResult['status']
  error: string | null
  tasks: TaskRun[]
}

export interface HandPlan {
  dag: string
  tasks: string[]
  periods: { period: string, start: string, end: string, runs: boolean, why: string }[]
}

export interface HandContext {
  dags: readonly Dag[]
  within<T> (work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  exclusive<T> (work: () => Promise<T>): Promise<T>
  clock: Clock
  host: Host
  inTheWay (dag: Dag): string | null
  launch (claim: Claim): Promise<TasksResult>
}

const PERIODS_MAX = 1000

/** What `runByHand` would do, and what keeps it from doing it. */
export async function planByHand (context: HandContext, request: HandRequest): Promise<HandPlan> {
  const dag = findDag(context.dags, request.dag)
  const busy = context.inTheWay(dag)
  const slots = await context.within(async connection => await readSlots(connection, { dag: dag.name }))
  return {
    dag: dag.name,
    tasks: orderedTasks(dag).map(({ task }) => task.name),
    periods: periodsOf(dag, request, context.clock.now()).map(period => {
      const state = slots.find(slot => slot.period === period.key)?.state
      const isDone = state === 'success' && request.again !== true
      const why = busy !== null
        ? `${busy} is running`
        : isDone ? 'done already; --again runs it once more' : state === undefined ? 'never run' : `last: ${state}`
      const runs = busy === null && !isDone
      return { period: period.key, start: iso(period.startMs), end: iso(period.endMs), runs, why }
    })
  }
}

/** Runs periods one after the other, and stops behind the first that does not succeed. */
export async function runByHand (context: HandContext, request: HandRequest): Promise<HandRun[]> {
  const dag = findDag(context.dags, request.dag)
  const isRange = request.from !== undefined
  const runs: HandRun[] = []
  for (const period of periodsOf(dag, request, context.clock.now())) {
    const claim = await context.exclusive(async () =>
      await claimByHand(context, dag, period, request.again === true, isRange))
    if (claim === null) continue
    const { status, error, tasks } = await claim.ended
    runs.push({ dag: dag.name, period: period.key, runId: claim.runId, status, error, tasks })
    if (status !== 'success') break
  }
  return runs
}

/** Takes the slot and begins; null for one that is done where those are to be left out. */
async function claimByHand (
  context: HandContext, dag: Dag, period: Period, again: boolean, leavesOutDone: boolean
): Promise<{ runId: string, ended: Promise<TasksResult> } | null> {
  const busy = context.inTheWay(dag)
  if (busy !== null) {
    throw new BorderflowError('REFUSED', {
      expected: 'nothing in the way of the run', found: `${busy} running`, where: `${dag.name} ${period.key}`,
      remedy: 'Wait until it has ended: `borderflow dag runs`.'
    })
  }
  const claim = await context.within(async connection => {
    const slots = await readSlots(connection, { dag: dag.name })
    const slot = slots.find(slot => slot.period === period.key)
    if (slot?.state === 'success' && !again) {
      if (leavesOutDone) return null
      throw new BorderflowError('REFUSED', {
        expected: 'a period that is not done', found: 'one that is', where: `${dag.name} ${period.key}`,
        remedy: '`--again` runs it once more.'
      })
    }
    return await claimSlot(connection, dag, slot ?? newSlot(dag, period, context.clock.now()), context.host, {
      isNew: slot === undefined, manual: true, nowMs: context.clock.now()
    })
  })
  return claim === null ? null : { runId: claim.runId, ended: context.launch(claim) }
}

/** Throws NOT_FOUND. */
export function findDag (dags: readonly Dag[], name: string): Dag {
  const dag = dags.find(dag => dag.name === name)
  if (dag !== undefined) return dag
  throw new BorderflowError('NOT_FOUND', {
    expected: `one of ${dags.map(dag => dag.name).join(', ')}`, found: name, remedy: 'See `borderflow dag list`.'
  })
}

function periodsOf (dag: Dag, { period, from, to }: HandRequest, nowMs: number): Period[] {
  if ((from === undefined) !== (to === undefined) || (from !== undefined && period !== undefined)) {
    throw new BorderflowError('USAGE', { expected: 'one period, or both --from and --to', found: 'something else' })
  }
  if (from === undefined || to === undefined) {
    return [period === undefined ? lastEnded(dag.unit, nowMs) : endedPeriod(dag, period, nowMs)]
  }
  const last = endedPeriod(dag, to, nowMs)
  const periods: Period[] = []
  for (let next = endedPeriod(dag, from, nowMs); next.startMs <= last.startMs; next = periodAfter(next)) {
    periods.push(next)
    if (periods.length > PERIODS_MAX) {
      throw new BorderflowError('USAGE', { expected: `at most ${PERIODS_MAX} periods`, found: 'more', where: `${from} to ${to}` })
    }
  }
  if (periods.length > 0) return periods
  throw new BorderflowError('USAGE', { expected: '--from before --to', found: `${from} to ${to}` })
}

function endedPeriod (dag: Dag, key: string, nowMs: number): Period {
  const period = parsePeriod(dag.unit, key)
  if (period === null) {
    throw new BorderflowError('USAGE', {
      expected: `a period of ${dag.name}: ${named(dag)}, written ${PERIOD_FORMATS[dag.unit]}`, found: key
    })
  }
  if (period.endMs <= nowMs) return period
  throw new BorderflowError('USAGE', {
    expected: `${named(dag)} that has ended`, found: key, remedy: `The last one is ${lastEnded(dag.unit, nowMs).key}.`
  })
}

function newSlot (dag: Dag, period: Period, nowMs: number): Slot {
  return {
    dag: dag.name,
    period: period.key,
    periodStartMs: period.startMs,
    periodEndMs: period.endMs,
    dueMs: nextFire(dag.schedule, period.endMs - 1) ?? period.endMs,
    planned: false,
    late: false,
    state: 'waiting',
    failures: 0,
    notBeforeMs: null,
    decidedMs: nowMs
  }
}

function iso (ms: number): string {
  return new Date(ms).toISOString()
}

function named ({ unit }: Pick<Dag, 'unit'>): string {
  return unit === 'hour' ? 'an hour' : `a ${unit}`
}
