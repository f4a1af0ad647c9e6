// Alerts: what is open and what was lately, and noting who looks after one.
import * as z from 'zod'
import { acknowledgeAlert, listAlerts } from '../../sinks/control/alerts.ts'
import { alertView } from '../alerts.ts'
import { operation } from './operation.ts'

/** The longest note. */
const NOTE_LENGTH_MAX = 500
/** Without a service, what was resolved within a day is told, as a service does. */
const SHOWN_MS = 24 * 60 * 60_000
const ALL_MAX = 1_000

export const alertsList = operation('alerts.list', z.strictObject({ all: z.boolean().optional() }),
  async ({ alerts, control, clock }, { all = false }) => {
    const stored = async (): Promise<Awaited<ReturnType<typeof listAlerts>>> =>
      await listAlerts(control, { resolvedSinceMs: all ? 0 : clock.now() - SHOWN_MS, limit: ALL_MAX })
    const list = alerts === undefined || all ? await stored() : await alerts.list()
    return { value: { alerts: list.map(alertView) } }
  })

export const alertsAcknowledge = operation('alerts.acknowledge', z.strictObject({
  id: z.uuid(), note: z.string().trim().max(NOTE_LENGTH_MAX)
}), async ({ alerts, control, clock }, { id, note }, { person }) => ({
  value: alertView(alerts === undefined
    ? await acknowledgeAlert(control, id, { person, note, nowMs: clock.now() })
    : await alerts.acknowledge(id, { person, note }))
}))
