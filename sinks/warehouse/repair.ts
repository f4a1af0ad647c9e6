// A damaged write-ahead log: it is set aside, never deleted. The warehouse is then as at its last checkpoint, positions
// included, so everything behind them is read again from the sources.
import { existsSync, renameSync } from 'node:fs'
import { openDatabase } from '../../core/database.ts'
import { BorderflowError, hasCode } from '../../core/errors.ts'

const MEMORY_LIMIT_MB = 1024

export interface Repaired {
  /** Where the damaged log was put; null where the file opened as it was. */
  setAside: string | null
}

/**
 * Opens a DuckDB file, and sets its log aside if that is what keeps it from opening. Throws DATA_FOLDER_BUSY, and
 * DATABASE_FAILED where the file itself is damaged: then only a backup helps.
 */
export async function repairDatabase (path: string, nowMs: number): Promise<Repaired> {
  if (await opens(path)) return { setAside: null }
  const log = `${path}.wal`
  if (!existsSync(log)) throw beyondRepair(path)
  const setAside = `${log}.damaged-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`
  renameSync(log, setAside)
  if (await opens(path)) return { setAside }
  renameSync(setAside, log)
  throw beyondRepair(path)
}

async function opens (path: string): Promise<boolean> {
  try {
    await (await openDatabase({ path, memoryLimitMb: MEMORY_LIMIT_MB, threads: 1 })).close()
    return true
  } catch (error) {
    if (hasCode(error, 'DATABASE_FAILED')) return false
    throw error
  }
}

function beyondRepair (path: string): BorderflowError {
  return new BorderflowError('DATABASE_FAILED', {
    expected: 'a DuckDB file that opens without its log',
    found: 'one that is damaged itself',
    where: path,
    remedy: 'Restore the last backup and start: what came later is read again from the sources.'
  })
}
