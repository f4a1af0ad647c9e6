// What a group leaves beside its facts: quarantined messages, sealed, and the outcomes of HTTP requests by receipt.
import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { messageAt } from '../../../core/packed-messages.ts'
import { appendRows, bigint, blob, instant, integer, text, uuid, type Cell } from '../../../core/row-appender.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'
import { OUTCOMES, REASONS, type Reason } from '../../../schemas/reasons.ts'
import type { PayloadPlace, SealPayload } from '../../quarantine/seal.ts'
import type { MessageOutcomes } from './accounting.ts'
import { QUARANTINED, type Resolution, type ResolvedRows } from './resolve.ts'

/** A message that went into quarantine, for whoever forwards such messages. */
export interface QuarantinedMessage extends PayloadPlace { reason: Reason, value: Uint8Array }

interface Rejection { message: number, reason: Reason, paths: readonly string[], contract: number }
interface Rejected { batch: DecodedBatch, reject: Rejection, value: Uint8Array }

/** Appends every quarantined message of the group with its payload sealed, and returns them. */
export async function appendQuarantine (
  { connection, seal, nowMs }: { connection: DuckDBConnection, seal: SealPayload, nowMs: number },
  batches: readonly DecodedBatch[], resolution: Resolution
): Promise<QuarantinedMessage[]> {
  const found = batches.flatMap((batch, number) => {
    const conflicts = resolution.resolved.filter(part => part.batch === number).flatMap(conflictsOf)
    return [...batch.rejects, ...conflicts].map(reject => ({ batch, reject, value: messageAt(batch, reject.message) }))
  })
  await appendRows(connection, 'quarantine', quarantineRows(found, seal, nowMs))
  return found.map(({ batch, reject, value }) => ({
    source: batch.source,
    partition: batch.partition,
    offset: batch.offsets[reject.message] as number,
    reason: reject.reason,
    value
  }))
}

function conflictsOf ({ rows: { contract, count, message }, outcome }: ResolvedRows): Rejection[] {
  const conflicts: Rejection[] = []
  for (let row = 0; row < count; row++) {
    if (outcome[row] !== QUARANTINED) continue
    conflicts.push({ message: message[row] as number, reason: 'revision_conflict', paths: [], contract })
  }
  return conflicts
}

/** Row by row: sealing all of a feed gone bad at once would hold the event loop. */
function * quarantineRows (
  found: readonly Rejected[], seal: SealPayload, nowMs: number
): Generator<Cell[]> {
  for (const rejected of found) yield quarantineRow(rejected, seal, nowMs)
}

function quarantineRow ({ batch, reject, value }: Rejected, seal: SealPayload, nowMs: number): Cell[] {
  const { source, partition } = batch
  const offset = batch.offsets[reject.message] as number
  return [
    uuid(randomUUID()), text(source), text(partition), bigint(offset), text(CONTRACTS[reject.contract] ?? 'unknown'),
    text(reject.reason), text(JSON.stringify(reject.paths)), instant(batch.receivedAtMs[reject.message] as number),
    instant(nowMs), integer(value.length), blob(seal(value, { source, partition, offset })), text('open'),
    instant(null)
  ]
}

/** Appends the outcomes of the requests that the batches carry. */
export async function appendReceipts (
  connection: DuckDBConnection, batches: readonly DecodedBatch[], outcomes: readonly MessageOutcomes[]
): Promise<void> {
  await appendRows(connection, 'receipt_outcomes', receiptRows(batches, outcomes))
}

function * receiptRows (
  batches: readonly DecodedBatch[], outcomes: readonly MessageOutcomes[]
): Generator<Cell[]> {
  for (const [number, batch] of batches.entries()) {
    for (const range of batch.receipts) yield * rowsOfReceipt(range, batch, outcomes[number] as MessageOutcomes)
  }
}

function rowsOfReceipt (
  { receipt, firstOffset, nextOffset }: DecodedBatch['receipts'][number], batch: DecodedBatch,
  { outcome, reason }: MessageOutcomes
): Cell[][] {
  const counts = new Map<string, number>()
  const { offsets, messageCount } = batch
  for (let i = firstFrom(offsets, firstOffset); i < messageCount && (offsets[i] as number) < nextOffset; i++) {
    const key = `${OUTCOMES[outcome[i] as number]} ${REASONS[reason[i] as number]}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, messages]) => {
    const [kind = '', why = ''] = key.split(' ')
    return [text(receipt), text(kind), text(why), bigint(messages)]
  })
}

/** The first message at or behind an offset; offsets ascend. */
function firstFrom (offsets: Float64Array, offset: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] as number) < offset) low = middle + 1
    else high = middle
  }
  return low
}
