// Deletes intake segments once they are loaded and old: raw input is personal data and rests no longer than it must.
import { unlink } from 'node:fs/promises'
import { DAY_MS } from '../../core/civil-date.ts'
import type { Clock } from '../../core/clock.ts'
import { failpoint } from '../../core/failpoint.ts'
import type { PositionStore } from '../../core/stage.ts'
import { listSegments } from './segment-files.ts'
import { storedOrdinal } from './source.ts'

/**
 * Deletes segments all of whose messages are below the stored position and that were last written more than `rawDays`
 * days ago. The last segment stays, for only the one behind it tells where it ends. Returns the number deleted.
 */
export async function purgeSegments (
  folder: string, rawDays: number, deps: { clock: Clock, positions: PositionStore }
): Promise<number> {
  const durable = await storedOrdinal(deps.positions)
  const oldestMs = deps.clock.now() - rawDays * DAY_MS
  const files = await listSegments(folder)
  let deleted = 0
  for (const [index, file] of files.entries()) {
    const endOrdinal = files.slice(index + 1).find(later => later.head !== null)?.head?.firstOrdinal
    if (endOrdinal === undefined || endOrdinal > durable || file.modifiedAtMs >= oldestMs) continue
    await unlink(file.path)
    failpoint('segment-purged')
    deleted++
  }
  return deleted
}
