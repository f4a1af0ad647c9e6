// The metrics, under Prometheus' conventions for names and units.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export interface MetricsState {
  pendingMessages: number
  walBytes: number
  quarantineOpen: number
  gapsOpen: number
  indexIds: number
  indexBytes: number
  /** Milliseconds since 1970 at which the newest loaded message was received; null before the first. */
  newestReceivedAtMs: number | null
  /** Seconds since the oldest facts came that the derived tables do not have yet. */
  derivedLagSeconds: number
  nowMs: number
  sources: readonly { name: string, lag?: number, up: boolean }[]
}

export interface Metrics {
  countMessages (labels: { source: string, contract: string, outcome: string, reason: string }, messages: number): void
  observeGroup (seconds: number, messages: number): void
  /** The text that `/metrics` answers. */
  text (): Promise<string>
  contentType: string
}

/** Metrics of one process; `state` is read whenever they are asked for. */
export function createMetrics (state: () => Promise<MetricsState>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const messages = new Counter({
    name: 'borderflow_messages_total',
    help: 'Messages by what became of them since the process started',
    labelNames: ['source', 'contract', 'outcome', 'reason'],
    registers
  })
  const groupSeconds = new Histogram({
    name: 'borderflow_batch_seconds',
    help: 'Time to write one group of batches in one transaction',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers
  })
  const groupMessages = new Histogram({
    name: 'borderflow_batch_messages',
    help: 'Messages in one group of batches',
    buckets: [1, 10, 100, 1_000, 5_000, 10_000, 20_000, 50_000],
    registers
  })
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers })
  const pending = gauge('borderflow_pending_messages', 'Messages read and not yet durable')
  const wal = gauge('borderflow_wal_bytes', 'Size of the write-ahead log of the warehouse')
  const quarantine = gauge('borderflow_quarantine_open_messages', 'Messages in quarantine that wait for a person')
  const gaps = gauge('borderflow_gaps_open', 'Gaps that wait to be accepted')
  const ids = gauge('borderflow_id_index_ids', 'Ids in the look-up')
  const indexBytes = gauge('borderflow_id_index_bytes', 'Memory of the look-up of ids')
  const age = gauge('borderflow_newest_event_age_seconds', 'Time since the newest loaded message was received')
  const derivedLag = gauge('borderflow_derived_lag_seconds', 'Age of the oldest facts that the derived tables do not have yet')
  const lag = new Gauge({
    name: 'borderflow_source_lag_messages', help: 'Messages that wait at a source', labelNames: ['source'], registers
  })
  const up = new Gauge({
    name: 'borderflow_source_up', help: '1 while a source is reading', labelNames: ['source'], registers
  })
  return {
    countMessages: (labels, count) => { messages.inc(labels, count) },
    observeGroup (seconds, count) {
      groupSeconds.observe(seconds)
      groupMessages.observe(count)
    },
    async text () {
      const now = await state()
      pending.set(now.pendingMessages)
      wal.set(now.walBytes)
      quarantine.set(now.quarantineOpen)
      gaps.set(now.gapsOpen)
      ids.set(now.indexIds)
      indexBytes.set(now.indexBytes)
      derivedLag.set(now.derivedLagSeconds)
      if (now.newestReceivedAtMs !== null) age.set(Math.max(0, now.nowMs - now.newestReceivedAtMs) / 1000)
      for (const source of now.sources) {
        up.set({ source: source.name }, source.up ? 1 : 0)
        if (source.lag !== undefined) lag.set({ source: source.name }, source.lag)
      }
      return await registry.metrics()
    },
    contentType: registry.contentType
  }
}
