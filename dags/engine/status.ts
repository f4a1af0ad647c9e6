// How every DAG is doing: what `status`, the metrics and alarms read.
import { nextFire } from '../../core/cron.ts'
import type { Control } from '../../sinks/control/control.ts'
import { listRuns, outcomesByDag, type Run } from '../../sinks/control/dag-runs.ts'
import { readSlots } from '../../sinks/control/dag-slots.ts'
import type { Dag } from './dag.ts'

export interface DagStatus {
  dag: string
  title: string
  enabled: boolean
  schedule: string
  /** The unit of its periods. */
  period: string
  /** The run that began last, under way or ended. */
  lastRun: Run | null
  lastSuccessMs: number | null
  /** When it runs next, by its schedule or as a retry; null if it is off. */
  nextDueMs: number | null
  /** When it first failed since it last succeeded. */
  failingSinceMs: number | null
  /** Slots that wait for their turn or the next attempt. */
  waiting: number
}

/** The status of every DAG. */
export async function dagStatuses (control: Control, dags: readonly Dag[], nowMs: number): Promise<DagStatus[]> {
  return await control.exclusive(async connection => {
    const outcomes = await outcomesByDag(connection)
    const slots = await readSlots(connection, { state: 'waiting' })
    const statuses: DagStatus[] = []
    for (const dag of dags) {
      const [lastRun] = await listRuns(connection, { dag: dag.name, limit: 1, attemptsOnly: true })
      const waiting = slots.filter(slot => slot.dag === dag.name)
      const retriesMs = waiting.map(slot => Math.max(slot.notBeforeMs ?? slot.dueMs, slot.dueMs))
      const scheduledMs = nextFire(dag.schedule, nowMs)
      statuses.push({
        dag: dag.name,
        title: dag.title,
        enabled: dag.enabled,
        schedule: dag.schedule.expression,
        period: dag.unit,
        lastRun: lastRun ?? null,
        lastSuccessMs: outcomes.get(dag.name)?.lastSuccessMs ?? null,
        nextDueMs: dag.enabled ? Math.min(...retriesMs, scheduledMs ?? Infinity) : null,
        failingSinceMs: outcomes.get(dag.name)?.failingSinceMs ?? null,
        waiting: waiting.length
      })
    }
    return statuses
  })
}
