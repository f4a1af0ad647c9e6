// What a DAG is: a name, a schedule, a period and tasks. It knows neither when it last ran nor whether it is due.
import type { Cron } from '../../core/cron.ts'
import { assert } from '../../core/errors.ts'
import type { Period, PeriodUnit } from './period.ts'

/** What a task tells of its work: a few numbers. */
export type Counts = Record<string, number>

export interface TaskContext {
  runId: string
  period: Period
  /** Aborted when the time is over or the process stops: the task has to end soon. */
  signal: AbortSignal
}

export interface Task {
  name: string
  /** Tasks that have to succeed before; the one before it in the list unless given. */
  after?: readonly string[]
  timeoutMs: number
  /** Does the work of a period. Done again for the same period it comes to the same. */
  run (context: TaskContext): Promise<Counts>
}

export interface RetryRule {
  /** Attempts in all. */
  attemptsMax: number
  baseMs: number
  factor: number
  /** The longest pause. */
  capMs: number
  /** Share of a pause that chance may take away, 0 to 1. */
  jitter: number
}

/** What becomes of slots that nobody was there for: none of them, the last one, or all of a stretch of time. */
export type CatchUp = { kind: 'none' } | { kind: 'last' } | { kind: 'all', windowMs: number }

export interface Dag {
  name: string
  /** What it is for, in one line. */
  title: string
  schedule: Cron
  /** False: it runs only by hand. */
  enabled: boolean
  /** A slot is of the last period that has ended when the schedule fires. */
  unit: PeriodUnit
  catchUp: CatchUp
  /** The first slot ever: the one that was last due, or the next to come. */
  begins: 'last' | 'next'
  /** DAGs that name the same thing never run at the same time. */
  resource?: string
  retry: RetryRule
  tasks: readonly Task[]
}

/** Stops on a declaration that cannot be meant. Returns the tasks, each behind those that it waits for. */
export function orderedTasks ({ name, tasks }: Pick<Dag, 'name' | 'tasks'>): { task: Task, after: readonly string[] }[] {
  const names = tasks.map(task => task.name)
  assert(tasks.length > 0 && new Set(names).size === names.length, `${name}: tasks have names of their own`)
  const waiting = tasks.map((task, index) =>
    ({ task, after: task.after ?? names.slice(Math.max(0, index - 1), index) }))
  const ordered: { task: Task, after: readonly string[] }[] = []
  while (ordered.length < tasks.length) {
    const next = waiting.find(({ task, after }) => !ordered.some(done => done.task === task) &&
      after.every(needed => ordered.some(done => done.task.name === needed)))
    assert(next !== undefined, `${name}: tasks wait for others of the DAG, and not in a circle`)
    ordered.push(next)
  }
  return ordered
}
