// The alerts of a service: the watch with what it looks at and where it tells, and alerts as people are shown them.
import { performance } from 'node:perf_hooks'
import { resolve } from 'node:path'
import { errorText } from '../core/errors.ts'
import type { Settings } from '../core/settings/index.ts'
import type { Source } from '../core/stage.ts'
import {
  createDeliveries, createObserver, createWatch, DELIVERY_DEFAULTS, mailChannel, webhookChannel, type AlertWatch,
  type Channel, type ReceivedWindow
} from '../dags/alerts/index.ts'
import { alertUnit, SEVERITY_OF } from '../schemas/alerts.ts'
import type { AlertView } from '../serve/api/alert-routes.ts'
import type { Metrics } from '../serve/metrics.ts'
import type { Alert } from '../sinks/control/alerts.ts'
import { keysFolder, type Runtime } from './runtime.ts'

export interface AlertsContext {
  sources: readonly Source[]
  /** The instant that figures are of; simulated in a demo. */
  now: () => number
  received: ReceivedWindow
  metrics: Pick<Metrics, 'countDelivery'>
  onChanged: (alerts: AlertView[]) => void
}

/** Reading the figures takes at most this share of the time, and is put off for that by a minute at most. */
const COST_SHARE_MAX = 0.02
const EVERY_MS_MAX = 60_000

/** The watch of a running service with its deliveries; both are started and stopped together. */
export async function openAlerts (runtime: Runtime, context: AlertsContext): Promise<AlertWatch> {
  const { settings, warehouse, control, clock, log, derivation } = runtime
  const { alerts, feeds } = settings
  const deliveries = createDeliveries(DELIVERY_DEFAULTS, channelsOf(runtime), {
    control,
    clock,
    onAttempt (channel, outcome, error) {
      context.metrics.countDelivery(channel, outcome)
      if (outcome === 'failed') log.warn({ channel, error }, 'an alert could not be delivered; it is tried again')
      if (outcome === 'given_up') log.error({ channel, error }, 'an alert could not be delivered; given up')
    },
    onError: error => { log.error({ error: errorText(error) }, 'delivering alerts failed') }
  })
  // Its own: slow readers of answers must not keep anybody from being alerted.
  const connection = await warehouse.connect()
  const observe = createObserver({
    folder: resolve(settings.data.folder),
    keysFolder: keysFolder(settings),
    feeds,
    surges: { ratioMin: feeds.surgeRatioMin, personsMin: feeds.surgePersonsMin },
    costShareMax: COST_SHARE_MAX,
    everyMsMax: EVERY_MS_MAX
  }, {
    read: async work => await work(connection),
    lists: warehouse.lists,
    codeNumbers: warehouse.codeNumbers,
    control,
    clock,
    monotonicMs: () => performance.now(),
    now: context.now,
    received: context.received,
    sources: () => context.sources.map(source => source.status()),
    derivedLagSeconds: () => derivation.status().lagSeconds,
    onError: error => { log.error({ error: errorText(error) }, 'what alerts rest on could not be read') }
  })
  const names = new Map(warehouse.lists.checkpoints.map(({ code, nameEn, nameKm }) =>
    [code, { en: nameEn, km: nameKm }]))
  const watch = createWatch({
    everyMs: alerts.evaluateSeconds * 1000,
    pendingMs: alerts.pendingSeconds * 1000,
    keepFiringMs: alerts.keepFiringSeconds * 1000,
    limits: { ...alerts, silenceMinutesMin: feeds.silenceMinutesMin, lateSeconds: feeds.lateSeconds }
  }, {
    observe,
    control,
    clock,
    deliveries,
    notice: { warehouse: warehouse.id, nameOf: subject => names.get(subject) ?? null },
    onChanged: list => { context.onChanged(list.map(alertView)) },
    onError: error => { log.error({ error: errorText(error) }, 'alerts could not be judged') }
  })
  return {
    ...watch,
    start () {
      deliveries.start()
      watch.start()
    },
    async stop () {
      await watch.stop()
      await deliveries.stop()
    }
  }
}

/** An alert as the API, the page and the command line have it. */
export function alertView (alert: Alert): AlertView {
  const { id, kind, subject, state, sinceMs, firedAtMs, resolvedAtMs, value, threshold, acknowledgedBy, note } = alert
  return {
    id,
    kind,
    subject,
    severity: SEVERITY_OF[kind],
    state,
    since: new Date(sinceMs).toISOString(),
    firedAt: instantText(firedAtMs),
    resolvedAt: instantText(resolvedAtMs),
    value,
    threshold,
    unit: alertUnit(kind, subject),
    acknowledgedBy,
    acknowledgedAt: instantText(alert.acknowledgedAtMs),
    note
  }
}

function channelsOf ({ settings, clock }: Runtime): Channel[] {
  const { webhookUrl, webhookSecret } = settings.alerts
  return [
    ...webhookUrl === undefined ? [] : [webhookChannel({ url: webhookUrl, secret: webhookSecret }, clock)],
    ...mailOf(settings.alerts)
  ]
}

function mailOf ({ smtpUrl, mailFrom, mailTo }: Settings['alerts']): Channel[] {
  if (smtpUrl === undefined || mailFrom === undefined || mailTo.length === 0) return []
  return [mailChannel({ url: smtpUrl, from: mailFrom, to: mailTo, timeoutMs: DELIVERY_DEFAULTS.timeoutMs })]
}

function instantText (ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
