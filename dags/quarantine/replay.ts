// Replays quarantined messages after what kept them out was mended: opened, decoded anew with the lists in force,
// loaded.
import type { DuckDBConnection } from '@duckdb/node-api'
import { failpoint } from '../../core/failpoint.ts'
import { packMessages } from '../../core/packed-messages.ts'
import { listEntries, openEntry, type QuarantineEntry } from '../../sinks/quarantine/entries.ts'
import { PAYLOAD_BYTES_MAX } from '../../sinks/quarantine/seal.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { OUTCOMES } from '../../schemas/reasons.ts'
import { decodeBatch } from '../loading/decode-batch.ts'
import { normaliseContext } from '../loading/context.ts'

/** Entries replayed in one transaction. */
const CHUNK_ENTRIES = 500

export interface ReplayOutcome {
  replayed: number
  loaded: number
  duplicate: number
  superseded: number
  quarantined: number
}

/** Replays the open entries with this id or reason, or all, in the order in which they came. */
export async function replayQuarantine (
  warehouse: Warehouse, connection: DuckDBConnection, filter: { id?: string, reason?: string }
): Promise<ReplayOutcome> {
  const total: ReplayOutcome = { replayed: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: 0 }
  const open = await listEntries(connection, { ...filter, state: 'open', limit: Number.MAX_SAFE_INTEGER })
  // Of what is longer only the beginning was kept: it stays too large, and its beginning is no message.
  const entries = open.filter(({ payloadBytes }) => payloadBytes <= PAYLOAD_BYTES_MAX)
  total.replayed = total.quarantined = open.length - entries.length
  for (let start = 0; start < entries.length; start += CHUNK_ENTRIES) {
    for (const group of byTopicContract(entries.slice(start, start + CHUNK_ENTRIES))) {
      const outcomes = await replayGroup(warehouse, connection, group)
      failpoint('replay-committed')
      for (const ordinal of outcomes) {
        total.replayed++
        total[OUTCOMES[ordinal] ?? 'quarantined']++
      }
    }
  }
  return total
}

async function replayGroup (
  warehouse: Warehouse, connection: DuckDBConnection, { contract, entries }: Group
): Promise<Uint8Array> {
  const messages = []
  for (const [offset, entry] of entries.entries()) {
    messages.push({
      offset, receivedAtMs: entry.receivedAtMs, value: await openEntry(connection, warehouse.open, entry)
    })
  }
  const decoded = await decodeBatch(normaliseContext(warehouse), {
    source: 'quarantine', partition: 'replay', firstOffset: 0, nextOffset: messages.length, messages: packMessages(messages), contract
  })
  return (await warehouse.replay({ entries, decoded })).outcome
}

interface Group { contract: string | undefined, entries: QuarantineEntry[] }

/** From Kafka the topic says the contract; elsewhere each message names its own. */
function byTopicContract (entries: readonly QuarantineEntry[]): Group[] {
  const groups = new Map<string | undefined, Group>()
  for (const entry of entries) {
    const contract = entry.source === 'kafka' && entry.contract !== 'unknown' ? entry.contract : undefined
    const group = groups.get(contract) ?? { contract, entries: [] }
    group.entries.push(entry)
    groups.set(contract, group)
  }
  return [...groups.values()]
}
