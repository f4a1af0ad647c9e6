// The slots of DAGs: what was or is to be run. All within the caller's transaction.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { appendRows, boolean, instant, integer, text } from '../../core/row-appender.ts'

/** `waiting` for its turn or its next attempt; `skipped` and `cancelled` were not run to an end. */
export type SlotState = 'waiting' | 'running' | 'success' | 'failed' | 'skipped' | 'cancelled'

export interface Slot {
  dag: string
  /** The key of its period, which it is known by within its DAG. */
  period: string
  periodStartMs: number
  periodEndMs: number
  dueMs: number
  /** False where a person asked before the schedule did. */
  planned: boolean
  /** Nobody was there when it came due. */
  late: boolean
  state: SlotState
  /** Attempts that failed. */
  failures: number
  notBeforeMs: number | null
  /** What the clock said when the state was set. */
  decidedMs: number
}

type Change = Pick<Slot, 'state' | 'failures' | 'notBeforeMs' | 'decidedMs'>

/** Since when each DAG is known. */
export async function readMarks (connection: DuckDBConnection): Promise<Map<string, number>> {
  const rows = await readRows<{ dag: string, since_ms: bigint }>(connection,
    'select dag, min(epoch_ms(since)) as since_ms from main.dag_marks group by dag')
  return new Map(rows.map(row => [row.dag, Number(row.since_ms)]))
}

/** Sets since when a DAG is known. */
export async function writeMark (connection: DuckDBConnection, dag: string, sinceMs: number): Promise<void> {
  await connection.run('delete from main.dag_marks where dag = $dag', { dag })
  await appendRows(connection, 'dag_marks', [[text(dag), instant(sinceMs)]])
}

/** The slots that the answer of `where` is true for, by the time they came due. */
export async function readSlots (
  connection: DuckDBConnection, filter: { dag?: string, state?: SlotState } = {}
): Promise<Slot[]> {
  const conditions = Object.keys(filter).map(name => ` and ${name} = $${name}`).join('')
  const rows = await readRows<Omit<Slot, 'periodStartMs' | 'periodEndMs' | 'dueMs' | 'notBeforeMs' | 'decidedMs'> & {
    start_ms: bigint, end_ms: bigint, due_ms: bigint, not_before_ms: bigint | null, decided_ms: bigint
  }>(connection, 'select dag, period, planned, late, state, failures, epoch_ms(period_start) as start_ms, ' +
    'epoch_ms(period_end) as end_ms, epoch_ms(due_at) as due_ms, epoch_ms(not_before) as not_before_ms, ' +
    `epoch_ms(decided_at) as decided_ms from main.dag_slots where true${conditions} order by due_at, period`, { ...filter })
  return rows.map(({ dag, period, planned, late, state, failures, ...times }) => ({
    dag,
    period,
    planned,
    late,
    state,
    failures,
    periodStartMs: Number(times.start_ms),
    periodEndMs: Number(times.end_ms),
    dueMs: Number(times.due_ms),
    notBeforeMs: times.not_before_ms === null ? null : Number(times.not_before_ms),
    decidedMs: Number(times.decided_ms)
  }))
}

/** Adds slots that are not there yet. */
export async function addSlots (connection: DuckDBConnection, slots: readonly Slot[]): Promise<void> {
  await appendRows(connection, 'dag_slots', slots.map(slot => [
    text(slot.dag), text(slot.period), instant(slot.periodStartMs), instant(slot.periodEndMs), instant(slot.dueMs),
    boolean(slot.planned), boolean(slot.late), text(slot.state), integer(slot.failures), instant(slot.notBeforeMs),
    instant(slot.decidedMs)
  ]))
}

/** Sets the state of a slot. */
export async function setSlot (
  connection: DuckDBConnection, { dag, period }: Pick<Slot, 'dag' | 'period'>, change: Change
): Promise<void> {
  await connection.run('update main.dag_slots set state = $state, failures = $failures, ' +
    'not_before = make_timestamptz($not_before::bigint * 1000), decided_at = make_timestamptz($decided::bigint * 1000) ' +
    'where dag = $dag and period = $period', {
    dag,
    period,
    state: change.state,
    failures: change.failures,
    not_before: change.notBeforeMs === null ? null : BigInt(change.notBeforeMs),
    decided: BigInt(change.decidedMs)
  })
}

/** The periods of a DAG that are recorded; of one alone if it is named. */
export async function recordedPeriods (
  connection: DuckDBConnection, dag: string, period: string | null = null
): Promise<Set<string>> {
  const rows = await readRows<{ period: string }>(connection,
    'select period from main.dag_slots where dag = $dag and ($period is null or period = $period)', { dag, period })
  return new Set(rows.map(row => row.period))
}

/** Takes back what was decided at a time that, by the clock, is still to come: slots put forward or left out. */
export async function takeBackSlots (connection: DuckDBConnection, nowMs: number): Promise<number> {
  const { rowsChanged } = await connection.run('delete from main.dag_slots where planned and failures = 0 ' +
    "and decided_at > to_now and (state = 'skipped' or (state = 'waiting' and due_at > to_now))"
      .replaceAll('to_now', 'make_timestamptz($now::bigint * 1000)'), { now: BigInt(nowMs) })
  return rowsChanged
}
