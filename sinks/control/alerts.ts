// Alerts in the control file: they outlive the process and a restore of the warehouse. What is to be told of a change
// is written in the same transaction as the change (alert-deliveries.ts): neither is there without the other.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows, transaction } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import type { AlertKind, AlertState } from '../../schemas/alerts.ts'
import { addDeliveries, type NewDelivery } from './alert-deliveries.ts'
import type { Control } from './control.ts'

/** Times in milliseconds since 1970-01-01T00:00:00Z. */
export interface Alert {
  id: string
  kind: AlertKind
  /** A checkpoint, a source, a check; empty for the whole. */
  subject: string
  state: AlertState
  /** When its condition was first seen to hold, or not to be known. */
  sinceMs: number
  /** Since when the condition holds, cannot be known, is clear; null where it does not. */
  holdsSinceMs: number | null
  unknownSinceMs: number | null
  clearSinceMs: number | null
  firedAtMs: number | null
  noDataAtMs: number | null
  resolvedAtMs: number | null
  /** As last seen while the condition held. */
  value: number | null
  threshold: number | null
  acknowledgedBy: string | null
  acknowledgedAtMs: number | null
  note: string | null
}

/** What is to be written after an evaluation. */
export interface AlertChanges {
  /** New and changed alerts. */
  written: readonly Alert[]
  /** Ids of alerts that are forgotten: their condition was gone before they fired. */
  forgotten: readonly string[]
  deliveries: readonly NewDelivery[]
}

const LIST = loadSql('sinks/control/list-alerts.sql')
const WRITE = loadSql('sinks/control/write-alert.sql')
/** Resolved alerts that are kept. */
const RESOLVED_KEPT = 1_000
const PRUNE = "delete from main.alerts where state = 'resolved' and alert_id not in (select alert_id from main.alerts " +
  `where state = 'resolved' order by resolved_at desc, alert_id limit ${RESOLVED_KEPT})`
const ALL = 1_000_000

/** Reads the open alerts, and writes what `decide` makes of them, in one turn: nobody changes them in between. */
export async function changeAlerts<T extends AlertChanges> (
  control: Control, decide: (open: readonly Alert[]) => T
): Promise<T> {
  return await control.exclusive(async connection => {
    const changes = decide(await select(connection, null, ALL))
    const { written, forgotten, deliveries } = changes
    if (written.length + forgotten.length + deliveries.length === 0) return changes
    await transaction(connection, async () => {
      for (const id of [...forgotten, ...written.map(alert => alert.id)]) await remove(connection, id)
      for (const alert of written) await write(connection, alert)
      await addDeliveries(connection, deliveries)
      if (written.some(({ state }) => state === 'resolved')) await connection.run(PRUNE)
    })
    return changes
  })
}

/** The open alerts, and those resolved since an instant, the newest first; null leaves resolved ones out. */
export async function listAlerts (
  control: Control, { resolvedSinceMs = null, limit = ALL }: { resolvedSinceMs?: number | null, limit?: number } = {}
): Promise<Alert[]> {
  return await control.exclusive(async connection => await select(connection, resolvedSinceMs, limit))
}

/**
 * Notes who looks after an open alert; a later note replaces the one before. Throws NOT_FOUND for no alert, REFUSED for
 * one that is over.
 */
export async function acknowledgeAlert (
  control: Control, id: string, { person, note, nowMs }: { person: string, note: string, nowMs: number }
): Promise<Alert> {
  return await control.exclusive(async connection => {
    const alert = (await select(connection, 0, ALL)).find(each => each.id === id)
    if (alert === undefined) {
      throw new BorderflowError('NOT_FOUND', {
        expected: 'the id of an alert', found: 'none', where: id, remedy: '`borderflow alerts list` tells the ids.'
      })
    }
    if (alert.state === 'resolved') {
      throw new BorderflowError('REFUSED', {
        expected: 'an open alert', found: 'one that is over', where: id, remedy: 'Nothing is left to be looked after.'
      })
    }
    const acknowledged = { ...alert, acknowledgedBy: person, acknowledgedAtMs: nowMs, note }
    await transaction(connection, async () => {
      await remove(connection, id)
      await write(connection, acknowledged)
    })
    return acknowledged
  })
}

async function remove (connection: DuckDBConnection, id: string): Promise<void> {
  await connection.run('delete from main.alerts where alert_id = $id::uuid', { id })
}

async function write (connection: DuckDBConnection, alert: Alert): Promise<void> {
  const ms = (value: number | null): bigint | null => value === null ? null : BigInt(Math.trunc(value))
  await connection.run(WRITE, {
    id: alert.id,
    kind: alert.kind,
    subject: alert.subject,
    state: alert.state,
    since_ms: ms(alert.sinceMs),
    holds_since_ms: ms(alert.holdsSinceMs),
    unknown_since_ms: ms(alert.unknownSinceMs),
    clear_since_ms: ms(alert.clearSinceMs),
    fired_at_ms: ms(alert.firedAtMs),
    no_data_at_ms: ms(alert.noDataAtMs),
    resolved_at_ms: ms(alert.resolvedAtMs),
    value: alert.value,
    threshold: alert.threshold,
    acknowledged_by: alert.acknowledgedBy,
    acknowledged_at_ms: ms(alert.acknowledgedAtMs),
    note: alert.note
  })
}

interface Row {
  id: string
  kind: AlertKind
  subject: string
  state: AlertState
  since_ms: bigint
  holds_since_ms: bigint | null
  unknown_since_ms: bigint | null
  clear_since_ms: bigint | null
  fired_at_ms: bigint | null
  no_data_at_ms: bigint | null
  resolved_at_ms: bigint | null
  value: number | null
  threshold: number | null
  acknowledged_by: string | null
  acknowledged_at_ms: bigint | null
  note: string | null
}

async function select (connection: DuckDBConnection, resolvedSinceMs: number | null, limit: number): Promise<Alert[]> {
  const rows = await readRows<Row>(connection, LIST, {
    resolved_since_ms: resolvedSinceMs === null ? null : BigInt(Math.trunc(resolvedSinceMs)), limit: BigInt(limit)
  })
  return rows.map(row => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    state: row.state,
    sinceMs: Number(row.since_ms),
    holdsSinceMs: numberOf(row.holds_since_ms),
    unknownSinceMs: numberOf(row.unknown_since_ms),
    clearSinceMs: numberOf(row.clear_since_ms),
    firedAtMs: numberOf(row.fired_at_ms),
    noDataAtMs: numberOf(row.no_data_at_ms),
    resolvedAtMs: numberOf(row.resolved_at_ms),
    value: row.value,
    threshold: row.threshold,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAtMs: numberOf(row.acknowledged_at_ms),
    note: row.note
  }))
}

function numberOf (value: bigint | null): number | null {
  return value === null ? null : Number(value)
}
