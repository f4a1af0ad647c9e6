// The runs of DAGs and of their tasks, kept for good.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { appendRows, bigint, instant, integer, text, uuid } from '../../core/row-appender.ts'
import { loadSql } from '../../core/sql.ts'

const LIST = loadSql('sinks/control/list-runs.sql')
const OUTCOMES = loadSql('sinks/control/run-outcomes.sql')

export const RUN_STATUSES = [
  'queued', 'running', 'success', 'failed', 'skipped', 'cancelled', 'timed_out', 'crashed'
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]
export type Trigger = 'schedule' | 'catchup' | 'retry' | 'manual'
export type TaskStatus = 'success' | 'failed' | 'cancelled' | 'timed_out' | 'upstream_failed'

export interface Run {
  /** Null for a slot that waits for its first attempt or was left out. */
  runId: string | null
  dag: string
  period: string
  periodStartMs: number
  periodEndMs: number
  trigger: Trigger
  attempt: number
  status: RunStatus
  startedMs: number | null
  endedMs: number | null
  host: string | null
  pid: number | null
  version: string | null
  error: string | null
}

export interface TaskRun {
  task: string
  status: TaskStatus
  startedMs: number | null
  endedMs: number | null
  counts: Record<string, number>
  error: string | null
}

export type NewRun = Omit<Run, 'runId' | 'status' | 'endedMs' | 'error' | 'attempt' | 'startedMs' | 'host' | 'pid' | 'version'> & {
  runId: string, startedMs: number, host: string, pid: number, version: string
}

/** Adds a run that begins now. Returns which attempt at its slot it is. */
export async function beginRun (connection: DuckDBConnection, run: NewRun): Promise<number> {
  const [row] = await readRows<{ ordinal: bigint, attempts: bigint }>(connection,
    'select coalesce(max(ordinal), 0) + 1 as ordinal, count(*) filter (dag = $dag and period = $period) as attempts ' +
    'from main.dag_runs', { dag: run.dag, period: run.period })
  const attempt = Number(row?.attempts ?? 0) + 1
  await appendRows(connection, 'dag_runs', [[
    uuid(run.runId), bigint(Number(row?.ordinal ?? 1)), text(run.dag), text(run.period), instant(run.periodStartMs),
    instant(run.periodEndMs), text(run.trigger), integer(attempt), text('running'), instant(run.startedMs), instant(null),
    text(run.host), integer(run.pid), text(run.version), text(null)
  ]])
  return attempt
}

/** Ends a run, with its tasks in the order in which they ran. */
export async function endRun (
  connection: DuckDBConnection, runId: string,
  end: { status: RunStatus, endedMs: number, error: string | null, tasks: readonly TaskRun[] }
): Promise<void> {
  const { status, endedMs, error, tasks } = end
  await connection.run('update main.dag_runs set status = $status, ended_at = make_timestamptz($ended::bigint * 1000), ' +
    'error = $error where run_id::varchar = $id', { status, ended: BigInt(endedMs), error, id: runId })
  await appendRows(connection, 'dag_task_runs', tasks.map((task, index) => [
    uuid(runId), integer(index), text(task.task), text(task.status), instant(task.startedMs), instant(task.endedMs),
    text(JSON.stringify(task.counts)), text(task.error)
  ]))
}

/** Runs, and slots that wait or were left out unless attempts only are asked for; the newest first. */
export async function listRuns (
  connection: DuckDBConnection,
  filter: { dag?: string, status?: RunStatus, limit: number, attemptsOnly?: boolean }
): Promise<Run[]> {
  const { dag, status, limit, attemptsOnly = false } = filter
  const rows = await readRows<Omit<Run, 'runId' | 'periodStartMs' | 'periodEndMs' | 'startedMs' | 'endedMs'> & {
    run_id: string | null
    period_start_ms: bigint
    period_end_ms: bigint
    started_ms: bigint | null
    ended_ms: bigint | null
  }>(connection, LIST, {
    dag: dag ?? null, status: status ?? null, limit: BigInt(limit), attempts_only: attemptsOnly
  })
  return rows.map(row => ({
    runId: row.run_id,
    dag: row.dag,
    period: row.period,
    periodStartMs: Number(row.period_start_ms),
    periodEndMs: Number(row.period_end_ms),
    trigger: row.trigger,
    attempt: row.attempt,
    status: row.status,
    startedMs: row.started_ms === null ? null : Number(row.started_ms),
    endedMs: row.ended_ms === null ? null : Number(row.ended_ms),
    host: row.host,
    pid: row.pid,
    version: row.version,
    error: row.error
  }))
}

/** The tasks of a run. */
export async function listTaskRuns (connection: DuckDBConnection, runId: string): Promise<TaskRun[]> {
  const rows = await readRows<{
    task: string
    status: TaskStatus
    started_ms: bigint | null
    ended_ms: bigint | null
    counts: string
    error: string | null
  }>(connection, 'select task, status, epoch_ms(started_at) as started_ms, epoch_ms(ended_at) as ended_ms, counts, error ' +
    'from main.dag_task_runs where run_id::varchar = $id order by ordinal', { id: runId })
  return rows.map(row => ({
    task: row.task,
    status: row.status,
    startedMs: row.started_ms === null ? null : Number(row.started_ms),
    endedMs: row.ended_ms === null ? null : Number(row.ended_ms),
    counts: JSON.parse(row.counts) as Record<string, number>,
    error: row.error
  }))
}

/** By DAG, in milliseconds since 1970: when it last succeeded, and when it first failed since then. */
export async function outcomesByDag (
  connection: DuckDBConnection
): Promise<Map<string, { lastSuccessMs: number | null, failingSinceMs: number | null }>> {
  const rows = await readRows<{
    dag: string, success_ms: bigint | null, failing_ms: bigint | null
  }>(connection, OUTCOMES)
  return new Map(rows.map(row => [row.dag, {
    lastSuccessMs: row.success_ms === null ? null : Number(row.success_ms),
    failingSinceMs: row.failing_ms === null ? null : Number(row.failing_ms)
  }]))
}
