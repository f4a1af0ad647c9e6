// Audit logs for tests: with a head in memory instead of the control file.
import { onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { silentLog } from '../../../core/log.ts'
import { type Audit, type AuditHead, openAudit } from '../../../sinks/audit/audit.ts'

export const START_MS = Date.parse('2026-05-04T03:00:00Z')
export const FACTS = { person: 'Sok Dara', role: 'statistician', action: 'table.read', target: 'stock' }

export interface Head { value: AuditHead | null }

/** Opens the log of a folder; closed when the test has ended at the latest. */
export async function openLog (folder: string, head: Head): Promise<Audit> {
  const audit = await openAudit(folder, {
    clock: fixedClock(START_MS),
    log: silentLog(),
    heads: {
      read: async () => head.value,
      write: async value => { head.value = value }
    }
  })
  onTestFinished(async () => { await audit.close().catch(() => {}) })
  return audit
}

/** Writes a log of so many entries, the beginning among them, and returns its lines. */
export async function writeLog (folder: string, head: Head, entries: number): Promise<Audit> {
  const audit = await openLog(folder, head)
  for (let number = 1; number < entries; number++) {
    await audit.append({ ...FACTS, detail: { rows: number, by: 'api', whole: number % 2 === 0 } })
  }
  await audit.close()
  return audit
}
