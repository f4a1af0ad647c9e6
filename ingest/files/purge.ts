// Deletes raw input of the spool once it is old: raw files are personal data and rest no longer than they must.
import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS } from '../../core/civil-date.ts'
import type { Clock } from '../../core/clock.ts'

/**
 * Deletes files in `done/` and `failed/` (and their reasons) that were moved there more than `rawDays` days ago.
 * Returns the number of files deleted.
 */
export async function purgeSpool (spool: string, rawDays: number, clock: Clock): Promise<number> {
  const oldestMs = clock.now() - rawDays * DAY_MS
  let deleted = 0
  for (const folder of [join(spool, 'done'), join(spool, 'failed')]) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(emptyIfMissing)) {
      const path = join(folder, entry.name)
      if (!entry.isFile() || (await stat(path)).mtimeMs >= oldestMs) continue
      await unlink(path)
      deleted++
    }
  }
  return deleted
}

function emptyIfMissing (error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
