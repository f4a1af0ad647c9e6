// The outbox of alerts: what is to be told waits here until it was delivered or is given up. A crash between sending
// and noting it sends it once more, under the same id.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { appendRows, instant, integer, text, uuid } from '../../core/row-appender.ts'
import type { AlertEvent } from '../../schemas/alerts.ts'
import type { Control } from './control.ts'

export interface NewDelivery {
  id: string
  alertId: string
  event: AlertEvent
  channel: string
  /** What is sent, as JSON. */
  message: string
  createdAtMs: number
}

export interface WaitingDelivery extends NewDelivery {
  /** Attempts that failed. */
  attempts: number
  nextAttemptMs: number
}

export type DeliveryState = 'waiting' | 'delivered' | 'given_up'

export interface DeliveryCount { channel: string, state: DeliveryState, deliveries: number }

/** Deliveries that are over and kept. */
const ENDED_KEPT = 2_000
const PRUNE = "delete from main.alert_deliveries where state <> 'waiting' and delivery_id not in (select delivery_id " +
  `from main.alert_deliveries where state <> 'waiting' order by ended_at desc, delivery_id limit ${ENDED_KEPT})`

/** Adds what is to be told, within the connection's transaction. */
export async function addDeliveries (connection: DuckDBConnection, deliveries: readonly NewDelivery[]): Promise<void> {
  await appendRows(connection, 'alert_deliveries', deliveries.map(({ id, alertId, event, channel, message, createdAtMs }) => [
    uuid(id), uuid(alertId), text(event), text(channel), text(message), text('waiting'), integer(0),
    instant(createdAtMs), instant(createdAtMs), instant(null), text(null)
  ]))
}

/** What waits, in the order in which it came. */
export async function waitingDeliveries (control: Control): Promise<WaitingDelivery[]> {
  const rows = await control.exclusive(async connection => await readRows<{
    id: string, alert_id: string, event: AlertEvent, channel: string, message: string
    attempts: number, created_ms: bigint, next_ms: bigint
  }>(connection, 'select delivery_id::varchar as id, alert_id::varchar as alert_id, event, channel, message, attempts, ' +
    'epoch_ms(created_at) as created_ms, epoch_ms(next_attempt_at) as next_ms from main.alert_deliveries ' +
    "where state = 'waiting' order by rowid"))
  return rows.map(({ id, alert_id: alertId, event, channel, message, attempts, created_ms: created, next_ms: next }) =>
    ({ id, alertId, event, channel, message, attempts, createdAtMs: Number(created), nextAttemptMs: Number(next) }))
}

/** Notes that a delivery has ended. */
export async function endDelivery (
  control: Control, id: string, state: 'delivered' | 'given_up', { nowMs, error }: { nowMs: number, error: string | null }
): Promise<void> {
  await control.exclusive(async connection => {
    await connection.run('update main.alert_deliveries set state = $state, attempts = attempts + 1, ' +
      'ended_at = make_timestamptz($now::bigint * 1000), error = $error where delivery_id = $id::uuid',
    { id, state, now: BigInt(Math.trunc(nowMs)), error })
    await connection.run(PRUNE)
  })
}

/** Notes that an attempt failed and when the next is due. */
export async function postponeDelivery (
  control: Control, id: string, { nextAttemptMs, error }: { nextAttemptMs: number, error: string }
): Promise<void> {
  await control.exclusive(async connection => await connection.run('update main.alert_deliveries set ' +
    'attempts = attempts + 1, next_attempt_at = make_timestamptz($next::bigint * 1000), error = $error ' +
    'where delivery_id = $id::uuid', { id, next: BigInt(Math.trunc(nextAttemptMs)), error }))
}

/** How many deliveries are in which state, by channel. */
export async function countDeliveries (control: Control): Promise<DeliveryCount[]> {
  const rows = await control.exclusive(async connection => await readRows<{
    channel: string, state: DeliveryState, deliveries: bigint
  }>(connection, 'select channel, state, count(*) as deliveries from main.alert_deliveries group by all order by all'))
  return rows.map(({ deliveries, ...row }) => ({ ...row, deliveries: Number(deliveries) }))
}
