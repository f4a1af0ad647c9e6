// Folding the log into the file. DuckDB refuses while another transaction (derivation, the baseline) changes rows.
import { setTimeout as sleep } from 'node:timers/promises'
import { errorText } from '../../core/errors.ts'

/** How long a checkpoint that was asked for is tried again. */
const TRY_MS_MAX = 60_000
const TRY_EVERY_MS = 100

/** True where a checkpoint was refused because others are writing: nothing has happened, and it may be tried again. */
export function isCheckpointRefused (error: unknown): boolean {
  return /cannot checkpoint:.*transaction/i.test(errorText(error))
}

/** Tries until nobody else is writing, for a minute at most; then throws as the last try did. */
export async function checkpointWhenFree (attempt: () => Promise<void>, tryMsMax = TRY_MS_MAX): Promise<void> {
  const deadline = performance.now() + tryMsMax
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!isCheckpointRefused(error) || performance.now() >= deadline) throw error
      await sleep(TRY_EVERY_MS)
    }
  }
}
