// The accounting of a group: how many messages of which partition, day of receipt and contract met which end.
import { businessDay } from '../../../core/civil-date.ts'
import type { BatchOutcome } from '../../../core/stage.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'
import { OUTCOMES, REASON_ORDINAL, REASONS } from '../../../schemas/reasons.ts'
import { QUARANTINED, type ResolvedRows } from './resolve.ts'

export interface AccountingRow {
  receivedDay: number
  source: string
  partition: string
  contract: string
  kind: string
  reason: string
  messages: number
}

/** What became of each message of one batch, by ordinal. */
export interface MessageOutcomes {
  /** Ordinals of OUTCOMES. */
  outcome: Uint8Array
  /** Ordinals of REASONS. */
  reason: Uint8Array
}

/** The outcome of every message of a batch, from its rejects and its resolved rows. */
export function messageOutcomes (batch: DecodedBatch, resolved: readonly ResolvedRows[]): MessageOutcomes {
  const outcome = new Uint8Array(batch.messageCount)
  const reason = new Uint8Array(batch.messageCount)
  for (const reject of batch.rejects) {
    outcome[reject.message] = QUARANTINED
    reason[reject.message] = REASON_ORDINAL[reject.reason]
  }
  for (const part of resolved) {
    for (let row = 0; row < part.rows.count; row++) {
      const message = part.rows.message[row] as number
      outcome[message] = part.outcome[row] as number
      if (part.outcome[row] === QUARANTINED) reason[message] = REASON_ORDINAL.revision_conflict
    }
  }
  return { outcome, reason }
}

interface Run { day: number, contract: number, outcome: number, reason: number, messages: number }

/** The accounting rows of a batch; offsets without a message are a gap of kind `absent`. */
export function accountBatch (batch: DecodedBatch, { outcome, reason }: MessageOutcomes): AccountingRow[] {
  const counts = new Map<string, AccountingRow>()
  let run: Run = { day: 0, contract: -1, outcome: -1, reason: -1, messages: 0 }
  // Neighbours mostly share everything, so runs are counted and only their ends cost a look-up.
  for (let i = 0; i < batch.messageCount; i++) {
    const day = businessDay(batch.receivedAtMs[i] as number)
    const contract = batch.contracts[i] as number
    if (run.day === day && run.contract === contract && run.outcome === outcome[i] && run.reason === reason[i]) {
      run.messages++
    } else {
      countRun(counts, batch, run)
      run = { day, contract, outcome: outcome[i] as number, reason: reason[i] as number, messages: 1 }
    }
    if (batch.drift[i] === 1) count(counts, batch, day, contractText(contract), 'schema_drift', 'none', 1)
  }
  countRun(counts, batch, run)
  const absent = batch.nextOffset - batch.firstOffset - batch.messageCount
  if (absent > 0) count(counts, batch, lastDay(batch), 'unknown', 'gap', 'absent', absent)
  return [...counts.values()]
}

function countRun (counts: Map<string, AccountingRow>, batch: DecodedBatch, run: Run): void {
  if (run.messages === 0) return
  const [kind, why] = [OUTCOMES[run.outcome] as string, REASONS[run.reason] as string]
  count(counts, batch, run.day, contractText(run.contract), kind, why, run.messages)
}

function count (
  counts: Map<string, AccountingRow>, { source, partition }: DecodedBatch,
  receivedDay: number, contract: string, kind: string, reason: string, messages: number
): void {
  const key = `${receivedDay} ${contract} ${kind} ${reason}`
  const row = counts.get(key)
  if (row === undefined) counts.set(key, { receivedDay, source, partition, contract, kind, reason, messages })
  else row.messages += messages
}

/** The sum of a batch, as its source is told. */
export function summarise ({ outcome, reason }: MessageOutcomes): BatchOutcome {
  const totals = [0, 0, 0, 0]
  const quarantined: Record<string, number> = {}
  for (let i = 0; i < outcome.length; i++) {
    const ordinal = outcome[i] as number
    totals[ordinal] = (totals[ordinal] ?? 0) + 1
    if (ordinal === QUARANTINED) {
      const name = REASONS[reason[i] as number] as string
      quarantined[name] = (quarantined[name] ?? 0) + 1
    }
  }
  const [loaded = 0, duplicate = 0, superseded = 0] = totals
  return { applied: true, read: outcome.length, loaded, duplicate, superseded, quarantined }
}

function contractText (ordinal: number): string {
  return CONTRACTS[ordinal] ?? 'unknown'
}

function lastDay (batch: DecodedBatch): number {
  return batch.messageCount === 0 ? 0 : businessDay(batch.receivedAtMs[batch.messageCount - 1] as number)
}
