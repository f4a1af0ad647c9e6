// Replaying entries: the messages are judged once more, keep their positions, and their outcomes are replaced.
import { listValue, type DuckDBConnection } from '@duckdb/node-api'
import { businessDay } from '../../core/civil-date.ts'
import { readRows, transaction } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { loadSql } from '../../core/sql.ts'
import type { DecodedBatch } from '../../schemas/decoded-batch.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { OUTCOMES, REASON_ORDINAL, REASONS, type Reason } from '../../schemas/reasons.ts'
import type { IdIndex } from '../warehouse/id-index.ts'
import { messageOutcomes, type AccountingRow, type MessageOutcomes } from '../warehouse/load/accounting.ts'
import { readImages } from '../warehouse/load/read-images.ts'
import { QUARANTINED, resolveGroup } from '../warehouse/load/resolve.ts'
import { writeAccounting, writeFacts } from '../warehouse/load/write-group.ts'
import type { QuarantineEntry } from './entries.ts'

/** Entries with their messages decoded again: message i of the batch is entry i. */
export interface Replay { entries: readonly QuarantineEntry[], decoded: DecodedBatch }

export interface ReplayContext { connection: DuckDBConnection, index: IdIndex, firstSequence: number, nowMs: number }

const openIdsSql = loadSql('sinks/quarantine/open-ids.sql')

/**
 * Replays entries in one transaction. Returns the outcomes and the next free sequence.
 * Throws REFUSED, with nothing touched, if one of them is not open any more: it must not be counted twice.
 */
export async function replayEntries (
  { entries, decoded }: Replay, { connection, index, firstSequence, nowMs }: ReplayContext
): Promise<{ outcomes: MessageOutcomes, nextSequence: number }> {
  await checkOpen(connection, entries)
  const resolution = await resolveGroup([decoded], index, firstSequence,
    async (contract, sequences) => await readImages(connection, contract, sequences))
  const outcomes = messageOutcomes(decoded, resolution.resolved)
  await transaction(connection, async () => {
    await writeFacts(connection, resolution)
    failpoint('replay-rows-written')
    await writeAccounting(connection, entries.flatMap((entry, i) => accountingChange(entry, i, decoded, outcomes)))
    for (const [i, entry] of entries.entries()) {
      const again = outcomes.outcome[i] === QUARANTINED
      await connection.run('update main.quarantine set state = $state, reason = $reason, ' +
        'sealed_payload = if($again, sealed_payload, null), state_changed_at = make_timestamptz($now::bigint * 1000) ' +
        'where quarantine_id::varchar = $id', {
        id: entry.id,
        state: again ? 'open' : 'replayed',
        reason: again ? REASONS[outcomes.reason[i] as number] as string : entry.reason,
        again,
        now: BigInt(nowMs)
      })
    }
  })
  return { outcomes, nextSequence: resolution.nextSequence }
}

async function checkOpen (connection: DuckDBConnection, entries: readonly QuarantineEntry[]): Promise<void> {
  const open = await readRows<{ id: string }>(connection, openIdsSql, { ids: listValue(entries.map(({ id }) => id)) })
  const gone = entries.length - open.length
  if (gone === 0) return
  throw new BorderflowError('REFUSED', {
    expected: 'messages that wait in quarantine',
    found: `${gone} that were replayed or discarded in the meantime`,
    remedy: 'Somebody else is at work on them; see `borderflow quarantine list`, and replay what is left.'
  })
}

/** One message less of the old outcome, one more of the new. */
function accountingChange (
  entry: QuarantineEntry, i: number, decoded: DecodedBatch, { outcome, reason }: MessageOutcomes
): AccountingRow[] {
  const common = { receivedDay: businessDay(entry.receivedAtMs), source: entry.source, partition: entry.partition }
  const contract = CONTRACTS[decoded.contracts[i] as number] ?? 'unknown'
  // Drift is counted for what passes `schema`: a message that had passed it was counted then.
  const driftsNow = decoded.drift[i] === 1 && REASON_ORDINAL[entry.reason as Reason] <= REASON_ORDINAL.schema
  return [
    { ...common, contract: entry.contract, kind: 'quarantined', reason: entry.reason, messages: -1 },
    {
      ...common,
      contract,
      kind: OUTCOMES[outcome[i] as number] as string,
      reason: REASONS[reason[i] as number] as string,
      messages: 1
    },
    ...(driftsNow ? [{ ...common, contract, kind: 'schema_drift', reason: 'none', messages: 1 }] : [])
  ]
}
