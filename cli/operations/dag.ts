// DAGs: what there is, how each is doing, what ran, and running one by hand.
import * as z from 'zod'
import { orderedTasks } from '../../dags/engine/dag.ts'
import { findDag } from '../../dags/engine/manual.ts'
import { listRuns, listTaskRuns, RUN_STATUSES } from '../../sinks/control/dag-runs.ts'
import { operation } from './operation.ts'

/** Runs that `dag show` tells of. */
const RECENT = 10

const request = z.strictObject({
  name: z.string(),
  period: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  again: z.boolean().optional()
})

export const dagList = operation('dag.list', z.strictObject({}), async ({ dags }) => ({ value: await dags.status() }))

export const dagShow = operation('dag.show', z.strictObject({ name: z.string() }), async ({ dags, control }, { name }) => {
  const dag = findDag(dags.dags, name)
  const status = (await dags.status()).find(status => status.dag === name)
  return {
    value: await control.exclusive(async connection => {
      const runs = await listRuns(connection, { dag: name, limit: RECENT })
      const last = status?.lastRun?.runId ?? null
      return {
        ...status,
        catchUp: dag.catchUp,
        retry: dag.retry,
        tasks: orderedTasks(dag).map(({ task, after }) =>
          ({ task: task.name, after, timeoutSeconds: task.timeoutMs / 1000 })),
        runs,
        lastTasks: last === null ? [] : await listTaskRuns(connection, last)
      }
    })
  }
})

export const dagRuns = operation('dag.runs', z.strictObject({
  name: z.string().optional(), status: z.enum(RUN_STATUSES).optional(), limit: z.int().min(1).max(10_000)
}), async ({ dags, control }, { name, status, limit }) => {
  if (name !== undefined) findDag(dags.dags, name)
  const runs = await control.exclusive(async connection => await listRuns(connection, { dag: name, status, limit }))
  return { value: runs }
})

export const dagPlan = operation('dag.plan', request, async ({ dags }, { name, ...rest }) => ({
  value: await dags.plan({ dag: name, ...rest })
}))

export const dagRun = operation('dag.run', request, async ({ dags }, { name, ...rest }) => ({
  value: await dags.run({ dag: name, ...rest })
}))
