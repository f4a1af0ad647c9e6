// The change of day: what falls due by the date alone (overstays, twelve months, limits of stay) is computed again.
import { businessDay, formatDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import type { Task } from '../engine/dag.ts'
import type { Derivation } from '../derivation/derivation.ts'

const TIMEOUT_MS = 60 * 60_000

/** Brings the derived tables to the day after the period; where they are there already nothing is done. */
export function dayRollTask (derivation: Pick<Derivation, 'refresh'>): Task {
  return {
    name: 'roll',
    timeoutMs: TIMEOUT_MS,
    async run ({ period }) {
      const { state, travellers } = await derivation.refresh()
      const day = businessDay(period.endMs)
      if (state.asOf < day) {
        throw new BorderflowError('DAG_FAILED', {
          expected: `derived tables as of ${formatDay(day)} or later`, found: formatDay(state.asOf), where: period.key
        })
      }
      return { travellers }
    }
  }
}
