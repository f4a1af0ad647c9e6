// The watch of a running service: looks every few seconds, keeps the alerts, and hands what is to be told to delivery.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { NewDelivery } from '../../sinks/control/alert-deliveries.ts'
import { acknowledgeAlert, changeAlerts, listAlerts, type Alert } from '../../sinks/control/alerts.ts'
import type { Control } from '../../sinks/control/control.ts'
import type { Deliveries } from './delivery/deliveries.ts'
import { noticeOf, type NoticeContext } from './notice.ts'
import type { Observation } from './observation.ts'
import { AT_ONCE, judge, type RuleLimits } from './rules.ts'
import { step, type Step } from './step.ts'

export interface WatchConfig {
  everyMs: number
  pendingMs: number
  keepFiringMs: number
  limits: RuleLimits
}

export interface WatchDeps {
  observe: () => Promise<Observation>
  control: Control
  clock: Clock
  deliveries: Pick<Deliveries, 'channels' | 'wake'>
  notice: Omit<NoticeContext, 'nowMs'>
  /** Told all alerts that are shown when one has changed, and now and then when only a value has. */
  onChanged: (alerts: readonly Alert[]) => void
  onError: (error: unknown) => void
}

export interface AlertWatch {
  start (): void
  /** Resolves when nothing runs any more. */
  stop (): Promise<void>
  /** Looks now. */
  look (): Promise<void>
  /** Open alerts, and those resolved lately, with their newest values. */
  list (): Promise<Alert[]>
  acknowledge (id: string, by: { person: string, note: string }): Promise<Alert>
  /** When it last looked, in milliseconds since 1970; null before the first time. */
  lookedAtMs (): number | null
}

/** Alerts that were resolved are shown for so long, and so many of them. */
const SHOWN_MS = 24 * 60 * 60_000
const SHOWN_MAX = 200
/** Values alone are told no more often than this. */
const VALUES_EVERY_MS = 30_000

/** A watch that is not started. */
export function createWatch (config: WatchConfig, deps: WatchDeps): AlertWatch {
  const { control, clock, deliveries } = deps
  const times = {
    pendingMs: (kind: Alert['kind']) => AT_ONCE.has(kind) ? 0 : config.pendingMs, keepFiringMs: config.keepFiringMs
  }
  /** Values change with every look and are not worth a write. */
  let newest = new Map<string, Pick<Alert, 'value' | 'threshold'>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let stopped = true
  let lookedAtMs: number | null = null
  let told = { text: '', atMs: -Infinity }

  async function look (): Promise<void> {
    const conditions = judge(await deps.observe(), config.limits)
    const nowMs = clock.now()
    const changes = await changeAlerts(control, open => {
      const current = open.map(alert => ({ ...alert, ...newest.get(alert.id) }))
      return planned(step(current, conditions, times, nowMs, randomUUID), nowMs)
    })
    newest = new Map(changes.alerts.map(({ id, value, threshold }) => [id, { value, threshold }]))
    lookedAtMs = nowMs
    if (changes.deliveries.length > 0) deliveries.wake()
    await tell(changes.written.length + changes.forgotten.length > 0)
  }

  function planned (after: Step, nowMs: number): Step & { deliveries: NewDelivery[] } {
    return {
      ...after,
      deliveries: after.events.flatMap(({ alert, event }) => {
        const message = JSON.stringify(noticeOf(alert, event, { ...deps.notice, nowMs }))
        return deliveries.channels.map(channel =>
          ({ id: randomUUID(), alertId: alert.id, event, channel, message, createdAtMs: nowMs }))
      })
    }
  }

  async function list (): Promise<Alert[]> {
    const alerts = await listAlerts(control, { resolvedSinceMs: clock.now() - SHOWN_MS, limit: SHOWN_MAX })
    return alerts.map(alert => ({ ...alert, ...newest.get(alert.id) }))
  }

  async function tell (changed: boolean): Promise<void> {
    if (!changed && performance.now() - told.atMs < VALUES_EVERY_MS) return
    const alerts = await list()
    const text = JSON.stringify(alerts)
    if (text === told.text) return
    told = { text, atMs: performance.now() }
    deps.onChanged(alerts)
  }

  /** One look at a time, whoever asks. */
  async function lookOnce (): Promise<void> {
    running ??= look().finally(() => { running = null })
    await running
  }

  function plan (milliseconds: number): void {
    if (stopped) return
    timer = setTimeout(() => {
      lookOnce().catch(deps.onError).finally(() => { plan(config.everyMs) })
    }, milliseconds)
    timer.unref()
  }

  return {
    start () {
      if (!stopped) return
      stopped = false
      plan(0)
    },
    async stop () {
      stopped = true
      clearTimeout(timer)
      await running?.catch(() => {})
    },
    look: lookOnce,
    list,
    async acknowledge (id, { person, note }) {
      const alert = await acknowledgeAlert(control, id, { person, note, nowMs: clock.now() })
      await tell(true)
      return { ...alert, ...newest.get(id) }
    },
    lookedAtMs: () => lookedAtMs
  }
}
