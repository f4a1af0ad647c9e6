// Checking the audit log from its first entry: what was changed, removed, inserted or moved, and what is missing at
// the end.
import { type AuditLine, readEntry } from './entry.ts'
import { linesOf } from './lines.ts'

/** How far the log was written: kept apart from it, so that entries missing at its end are known. */
export interface AuditHead { entries: number, hash: string }

/** The action of the entry that a start writes when it finds less than had been written. */
export const LOSS = 'audit.loss'

export type AuditFault = 'changed' | 'missing' | 'inserted'

export interface AuditVerified {
  entries: number
  bytes: number
  /** The hash of the last entry: note it elsewhere, and compare it later. */
  hash: string | null
  /** The first entry that is not as it was written, by its number from 1. */
  bad: { entry: number, fault: AuditFault, found: string } | null
}

/**
 * Verifies a log up to a size in bytes, against what is known from elsewhere of how far it was written. A log that was
 * written anew from some entry on is found by that, and then the entry that it speaks of is named: it or one before it.
 */
export async function verifyAudit (file: string, bytes: number, heads: readonly AuditHead[]): Promise<AuditVerified> {
  let before: AuditLine | null = null
  let entries = 0
  let bad: AuditVerified['bad'] = null
  for await (const line of linesOf(file, bytes)) {
    entries++
    const entry = readEntry(line)
    bad = entry === null
      ? { entry: entries, fault: 'changed', found: 'a line that is not as it was written' }
      : judge(entry, entries, before, heads)
    if (bad !== null) break
    before = entry
  }
  const known = Math.max(0, ...heads.map(head => head.entries))
  if (bad === null && entries < known) {
    bad = { entry: entries + 1, fault: 'missing', found: `the end of the log; ${known} entries had been written` }
  }
  return { entries, bytes, hash: before?.hash ?? null, bad }
}

/** What is wrong at this place of the log, where everything before it has passed; null for nothing. */
function judge (
  entry: AuditLine, place: number, before: AuditLine | null, heads: readonly AuditHead[]
): AuditVerified['bad'] {
  const { sequence, previous, hash, action, detail } = entry
  if (sequence > place) return { entry: place, fault: 'missing', found: `entry ${sequence} in its place` }
  if (sequence < place) {
    // The one before was put in front of the entry that rightly has this number.
    const isForged = before !== null && hash !== before.hash &&
      sequence === before.sequence && previous === before.previous
    return isForged
      ? { entry: place - 1, fault: 'inserted', found: `another entry ${sequence} behind it` }
      : { entry: place, fault: 'inserted', found: `entry ${sequence} in its place` }
  }
  if (before === null && action !== 'audit.begin') return { entry: place, fault: 'changed', found: 'another beginning' }
  // Its own hash is right, so it is the entry before that is not the one it was written behind.
  if (before !== null && previous !== before.hash) {
    return { entry: place - 1, fault: 'changed', found: `entry ${place} was written behind another one` }
  }
  if (heads.some(head => head.entries === place && head.hash !== hash)) {
    return { entry: place, fault: 'changed', found: 'another entry, or another before it, than had been written' }
  }
  if (action === LOSS && detail !== undefined) {
    return {
      entry: Number(detail.entry),
      fault: detail.fault === 'missing' ? 'missing' : 'changed',
      found: `what the start at ${entry.at} noted as entry ${place}; ${String(detail.expected)} entries had been written`
    }
  }
  return null
}
