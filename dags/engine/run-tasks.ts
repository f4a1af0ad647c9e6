// Runs the tasks of one run, one after the other, each with its own time limit.
import { isFatal } from '../../core/database.ts'
import type { Clock } from '../../core/clock.ts'
import { errorText } from '../../core/errors.ts'
import type { TaskRun } from '../../sinks/control/dag-runs.ts'
import { orderedTasks, type Counts, type Dag, type Task, type TaskContext } from './dag.ts'
import { mayRetry } from './retry.ts'

export interface TasksResult {
  status: 'success' | 'failed' | 'cancelled' | 'timed_out'
  /** What failed, for people; null after a success. */
  error: string | null
  /** False if trying again cannot help. */
  retryable: boolean
  /** The database is lost: the process has to end. */
  fatal: unknown
  tasks: TaskRun[]
  /** Resolves when really nothing runs any more: a task may not obey its signal. */
  settled: Promise<void>
}

/** What is kept of an error. */
const ERROR_LENGTH_MAX = 500
/** How long a task may go on after it was told to end, before its run is written off. */
const GRACE_MS = 10_000

/** Runs all tasks; those behind one that failed are not run. `stopping` aborted means that the process stops. */
export async function runTasks (
  dag: Pick<Dag, 'name' | 'tasks'>, context: Omit<TaskContext, 'signal'>, stopping: AbortSignal, clock: Clock,
  graceMs = GRACE_MS
): Promise<TasksResult> {
  const result: TasksResult = {
    status: 'success', error: null, retryable: true, fatal: null, tasks: [], settled: Promise.resolve()
  }
  const done = new Set<string>()
  for (const { task, after } of orderedTasks(dag)) {
    const isBlocked = !after.every(name => done.has(name))
    if (isBlocked || stopping.aborted || result.status === 'timed_out') {
      if (!isBlocked && result.status === 'success') result.status = 'cancelled'
      result.tasks.push(notRun(task, result.status === 'cancelled' ? 'cancelled' : 'upstream_failed'))
      continue
    }
    const startedMs = clock.now()
    const outcome = await runTask(task, context, stopping, graceMs)
    result.tasks.push({
      task: task.name,
      status: outcome.status,
      startedMs,
      endedMs: clock.now(),
      counts: outcome.counts,
      error: outcome.error === undefined ? null : kept(outcome.error)
    })
    if (outcome.status === 'success') {
      done.add(task.name)
      continue
    }
    // The first one that failed tells.
    if (result.status === 'success') {
      result.status = outcome.status
      result.error = `${task.name}: ${kept(outcome.error)}`
    }
    result.retryable &&= outcome.status !== 'failed' || mayRetry(outcome.error)
    if (isFatal(outcome.error)) result.fatal = outcome.error
    result.settled = outcome.settled
  }
  return result
}

interface Outcome {
  status: 'success' | 'failed' | 'cancelled' | 'timed_out'
  counts: Counts
  error?: unknown
  settled: Promise<void>
}

async function runTask (
  task: Task, context: Omit<TaskContext, 'signal'>, stopping: AbortSignal, graceMs: number
): Promise<Outcome> {
  const time = new AbortController()
  const signal = AbortSignal.any([time.signal, stopping])
  const timer = setTimeout(() => {
    time.abort(new Error(`it took longer than ${task.timeoutMs / 1000} s`))
  }, task.timeoutMs).unref()
  const work = Promise.resolve().then(async () => await task.run({ ...context, signal }))
  const settled = work.then(() => {}, () => {})
  try {
    return { status: 'success', counts: await Promise.race([work, afterGrace(signal, settled, graceMs)]), settled }
  } catch (error) {
    const status = stopping.aborted ? 'cancelled' : time.signal.aborted ? 'timed_out' : 'failed'
    return { status, counts: {}, error: status === 'failed' ? error : signal.reason, settled }
  } finally {
    clearTimeout(timer)
  }
}

/** Rejects when a task has been told to end and its grace is over. */
async function afterGrace (signal: AbortSignal, settled: Promise<void>, graceMs: number): Promise<never> {
  return await new Promise<never>((_resolve, reject) => {
    const wait = (): void => {
      const timer = setTimeout(() => { reject(new Error('it did not end when it was told to')) }, graceMs)
      timer.unref()
      void settled.then(() => { clearTimeout(timer) })
    }
    if (signal.aborted) wait()
    else signal.addEventListener('abort', wait, { once: true })
  })
}

function notRun ({ name }: Task, status: 'cancelled' | 'upstream_failed'): TaskRun {
  return { task: name, status, startedMs: null, endedMs: null, counts: {}, error: null }
}

function kept (error: unknown): string {
  const [line = ''] = errorText(error).split('\n')
  return line.slice(0, ERROR_LENGTH_MAX)
}
