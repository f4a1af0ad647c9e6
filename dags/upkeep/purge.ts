// Raw input is deleted when it is old: the one place where personal data rests may not grow for ever.
import type { Clock } from '../../core/clock.ts'
import { purgeSpool } from '../../ingest/files/purge.ts'
import type { Task } from '../engine/dag.ts'

export interface PurgeDeps {
  /** Days that raw input is kept. */
  rawDays: number
  /** The spool folder; null where there is none. */
  spool: string | null
  /** Deletes the intake's old segments, and returns how many. */
  purgeSegments: (rawDays: number) => Promise<number>
  clock: Clock
}

const TIMEOUT_MS = 10 * 60_000

/** Segments and spooled files, each by itself: what hinders one must not keep the other. */
export function purgeTasks ({ rawDays, spool, purgeSegments, clock }: PurgeDeps): Task[] {
  return [
    {
      name: 'segments',
      after: [],
      timeoutMs: TIMEOUT_MS,
      run: async () => ({ deleted: await purgeSegments(rawDays) })
    },
    {
      name: 'files',
      after: [],
      timeoutMs: TIMEOUT_MS,
      run: async () => ({ deleted: spool === null ? 0 : await purgeSpool(spool, rawDays, clock) })
    }
  ]
}
