// What a running service says of itself: readiness, metrics, and the live part of `status`.
import { type Source } from '../core/stage.ts'
import { type Loader } from '../dags/loading/loader.ts'
import { countEntries } from '../sinks/quarantine/entries.ts'
import { readGaps } from '../sinks/warehouse/positions.ts'
import { type Readiness } from '../serve/app.ts'
import { type MetricsState } from '../serve/metrics.ts'
import { type Runtime } from './runtime.ts'

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

/** The gauges of this moment. */
export async function metricsState (parts: ServiceParts): Promise<MetricsState> {
  const { runtime, loader, sources, newestReceivedAtMs } = parts
  const { warehouse, derivation, clock } = runtime
  const { quarantineOpen, gapsOpen } = await warehouse.read(async connection => ({
    quarantineOpen: (await countEntries(connection))
      .reduce((sum, { state, messages }) => sum + (state === 'open' ? messages : 0), 0),
    gapsOpen: (await readGaps(connection)).filter(gap => gap.acceptedAtMs === null).length
  }))
  const { ids, bytes } = warehouse.indexSize()
  return {
    pendingMessages: loader.pendingMessages(),
    walBytes: warehouse.walBytes(),
    quarantineOpen,
    gapsOpen,
    indexIds: ids,
    indexBytes: bytes,
    newestReceivedAtMs,
    derivedLagSeconds: derivation.status().lagSeconds,
    nowMs: clock.now(),
    sources: sources.map(source => source.status()).map(({ name, lag, state }) =>
      ({ name, up: state === 'running', ...(lag === undefined ? {} : { lag }) }))
  }
}
