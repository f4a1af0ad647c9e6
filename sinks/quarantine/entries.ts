// The entries of the quarantine: listing, reading one with its payload opened, discarding payloads.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import type { OpenPayload } from './seal.ts'

export type EntryState = 'open' | 'replayed' | 'discarded'

export interface QuarantineEntry {
  id: string
  source: string
  partition: string
  offset: number
  contract: string
  reason: string
  paths: string[]
  receivedAtMs: number
  quarantinedAtMs: number
  payloadBytes: number
  state: EntryState
}

export interface EntryFilter { id?: string, reason?: string, state?: EntryState, limit?: number }

const listEntriesSql = loadSql('sinks/quarantine/list-entries.sql')
/** Entries listed unless asked otherwise; the count of all is told beside them. */
const LIMIT_DEFAULT = 100

interface EntryRow {
  id: string, source: string, partition: string, message_offset: bigint, contract: string, reason: string, paths: string
  received_ms: bigint, quarantined_ms: bigint, payload_bytes: number, state: EntryState
}

/** Entries by time of quarantine. */
export async function listEntries (connection: DuckDBConnection, filter: EntryFilter): Promise<QuarantineEntry[]> {
  const rows = await readRows<EntryRow>(connection, listEntriesSql, {
    id: filter.id ?? null,
    reason: filter.reason ?? null,
    state: filter.state ?? null,
    limit: BigInt(filter.limit ?? LIMIT_DEFAULT)
  })
  return rows.map(row => ({
    id: row.id,
    source: row.source,
    partition: row.partition,
    offset: Number(row.message_offset),
    contract: row.contract,
    reason: row.reason,
    paths: JSON.parse(row.paths) as string[],
    receivedAtMs: Number(row.received_ms),
    quarantinedAtMs: Number(row.quarantined_ms),
    payloadBytes: row.payload_bytes,
    state: row.state
  }))
}

/** How many entries there are by reason and state. */
export async function countEntries (
  connection: DuckDBConnection
): Promise<{ reason: string, state: EntryState, messages: number }[]> {
  const rows = await readRows<{ reason: string, state: EntryState, messages: bigint }>(connection,
    'select reason, state, count(*) as messages from main.quarantine group by all order by all')
  return rows.map(row => ({ ...row, messages: Number(row.messages) }))
}

/** One entry. Throws NOT_FOUND. */
export async function readEntry (connection: DuckDBConnection, id: string): Promise<QuarantineEntry> {
  const [entry] = await listEntries(connection, { id })
  if (entry === undefined) {
    throw new BorderflowError('NOT_FOUND', {
      expected: 'the id of a quarantined message', found: id, remedy: 'See `borderflow quarantine list`.'
    })
  }
  return entry
}

/** The payload of an entry, at most 64 KiB of it. Throws QUARANTINE_PAYLOAD if it was discarded or does not open. */
export async function openEntry (
  connection: DuckDBConnection, open: OpenPayload, entry: QuarantineEntry
): Promise<Uint8Array> {
  const [row] = await readRows<{ sealed_payload: Uint8Array | null }>(connection,
    'select sealed_payload from main.quarantine where quarantine_id::varchar = $id', { id: entry.id })
  if (row?.sealed_payload == null) {
    throw new BorderflowError('QUARANTINE_PAYLOAD', {
      expected: 'a payload', found: 'none: it was discarded', where: `quarantine entry ${entry.id}`
    })
  }
  return open(row.sealed_payload, entry)
}

/** Throws the payloads of open entries away; the entries stay counted. Returns how many. */
export async function discardEntries (
  connection: DuckDBConnection, filter: { id?: string, reason?: string }, nowMs: number
): Promise<number> {
  const result = await connection.run("update main.quarantine set state = 'discarded', sealed_payload = null, " +
    'state_changed_at = make_timestamptz($now::bigint * 1000) where state = \'open\' ' +
    'and ($id is null or quarantine_id::varchar = $id) and ($reason is null or reason = $reason)',
  { id: filter.id ?? null, reason: filter.reason ?? null, now: BigInt(nowMs) })
  return result.rowsChanged
}
