// What is expected of each checkpoint and hour of the days around today, computed again every day.
import type { Clock } from '../../core/clock.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { refreshBaseline } from '../baseline/index.ts'
import type { Task } from '../engine/dag.ts'
import { waitForQuiet, type Yielding } from './yielding.ts'

const TIMEOUT_MS = 60 * 60_000

/** Computes and stores the baseline of the days around today, whatever the period. */
export function baselineTask (
  warehouse: Pick<Warehouse, 'read' | 'lists' | 'codeNumbers'>, clock: Clock, yielding: Yielding, bandSpreads: number
): Task {
  return {
    name: 'baseline',
    timeoutMs: TIMEOUT_MS,
    async run ({ signal }) {
      await waitForQuiet(yielding, signal)
      const { firstDay, lastDay } = await warehouse.read(async connection => await refreshBaseline(connection, {
        lists: warehouse.lists, codeNumbers: warehouse.codeNumbers, nowMs: clock.now(), bandSpreads
      }))
      return { days: lastDay - firstDay + 1 }
    }
  }
}
