// What a running service says of itself: readiness, metrics, and the live part of `status`.
import type { Source } from '../core/stage.ts'
import type { Loader } from '../dags/loading/loader.ts'
import { countDeliveries } from '../sinks/control/alert-deliveries.ts'
import { listAlerts } from '../sinks/control/alerts.ts'
import { readIntegrity } from '../sinks/control/integrity.ts'
import { countEntries } from '../sinks/quarantine/entries.ts'
import { readGaps } from '../sinks/warehouse/positions.ts'
import type { Readiness } from '../serve/app.ts'
import type { MetricsState } from '../serve/metrics.ts'
import type { Runtime } from './runtime.ts'

export interface ServiceParts {
  runtime: Runtime
  loader: Loader
  sources: readonly Source[]
  newestReceivedAtMs: number | null
}

/** Ready while every source is reading and nothing is stopping. */
export function readiness (sources: readonly Source[], stopping: AbortSignal): Readiness {
  const reasons = stopping.aborted ? ['stopping'] : []
  for (const { name, state } of sources.map(source => source.status())) {
    if (state !== 'running') reasons.push(`source ${name} is ${state}`)
  }
  return { ready: reasons.length === 0, reasons }
}

/** The live part of `status`. */
export function liveStatus (
  { loader, sources }: Pick<ServiceParts, 'loader' | 'sources'>, address: string | null, startedAtMs: number
): () => Record<string, unknown> {
  return () => ({
    startedAt: new Date(startedAtMs).toISOString(),
    address,
    pendingMessages: loader.pendingMessages(),
    sources: sources.map(source => source.status())
  })
}

/** The gauges of this moment. */
export async function metricsState (parts: ServiceParts): Promise<MetricsState> {
  const { runtime, loader, sources, newestReceivedAtMs } = parts
  const { warehouse, derivation, dags, control, clock } = runtime
  const { quarantineOpen, gapsOpen } = await warehouse.read(async connection => ({
    quarantineOpen: (await countEntries(connection))
      .reduce((sum, { state, messages }) => sum + (state === 'open' ? messages : 0), 0),
    gapsOpen: (await readGaps(connection)).filter(gap => gap.acceptedAtMs === null).length
  }))
  const { ids, bytes } = warehouse.indexSize()
  const integrity = await readIntegrity(control)
  return {
    pendingMessages: loader.pendingMessages(),
    walBytes: warehouse.walBytes(),
    quarantineOpen,
    gapsOpen,
    indexIds: ids,
    indexBytes: bytes,
    newestReceivedAtMs,
    derivedLagSeconds: derivation.status().lagSeconds,
    dags: (await dags.status()).map(({ dag, lastRun, failingSinceMs, lastSuccessMs, nextDueMs }) => ({
      dag, running: lastRun?.status === 'running', failing: failingSinceMs !== null, lastSuccessMs, nextDueMs
    })),
    integrity: integrity.checkedMs === null
      ? null
      : { checkedMs: integrity.checkedMs, differences: integrity.differences.reduce((sum, { rows }) => sum + rows, 0) },
    nowMs: clock.now(),
    alerts: {
      open: (await listAlerts(control)).map(({ kind, state }) => ({ kind, state })),
      deliveries: await countDeliveries(control),
      lookedAtMs: runtime.alerts?.lookedAtMs() ?? null
    },
    sources: sources.map(source => source.status()).map(({ name, lag, state }) =>
      ({ name, up: state === 'running', ...(lag === undefined ? {} : { lag }) }))
  }
}
