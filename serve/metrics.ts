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
  /** How the DAGs are doing; times in milliseconds since 1970. */
  dags: readonly DagGauges[]
  /** Rows that the last verification found to differ; null before the first. */
  integrity: { differences: number, checkedMs: number } | null
  /** Open alerts, what was and is to be told of them, and when they were last judged. */
  alerts?: AlertGauges
  nowMs: number
  sources: readonly { name: string, lag?: number, up: boolean }[]
}

export interface AlertGauges {
  open: readonly { kind: string, state: string }[]
  deliveries: readonly { channel: string, state: string, deliveries: number }[]
  /** Milliseconds since 1970; null before the first time. */
  lookedAtMs: number | null
}

export interface DagGauges {
  dag: string
  running: boolean
  failing: boolean
  lastSuccessMs: number | null
  nextDueMs: number | null
}

export interface Metrics {
  countMessages (labels: { source: string, contract: string, outcome: string, reason: string }, messages: number): void
  observeGroup (seconds: number, messages: number): void
  /** Notes how long computing the board took. */
  observeBoard (seconds: number): void
  /** Counts a run of a DAG that has ended. */
  countDagRun (dag: string, status: string): void
  /** Counts an attempt to tell of an alert. */
  countDelivery (channel: string, outcome: string): void
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
  const boardSeconds = new Histogram({
    name: 'borderflow_board_seconds',
    help: 'Time to compute the operators\' board',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
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
  const dags = createDagMetrics(registers)
  const alerts = createAlertMetrics(registers)
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
    observeBoard: seconds => { boardSeconds.observe(seconds) },
    countDagRun: dags.count,
    countDelivery: alerts.count,
    async text () {
      const now = await state()
      pending.set(now.pendingMessages)
      wal.set(now.walBytes)
      quarantine.set(now.quarantineOpen)
      gaps.set(now.gapsOpen)
      ids.set(now.indexIds)
      indexBytes.set(now.indexBytes)
      derivedLag.set(now.derivedLagSeconds)
      dags.set(now)
      alerts.set(now)
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

function createAlertMetrics (registers: Registry[]): {
  count: Metrics['countDelivery'], set (state: Pick<MetricsState, 'alerts'>): void
} {
  const open = new Gauge({
    name: 'borderflow_alerts_open', help: 'Open alerts by kind and state', labelNames: ['kind', 'state'], registers
  })
  const deliveries = new Gauge({
    name: 'borderflow_alert_messages',
    help: 'Messages about alerts by channel and state; of those that are over, the last ones',
    labelNames: ['channel', 'state'],
    registers
  })
  const attempts = new Counter({
    name: 'borderflow_alert_delivery_attempts_total',
    help: 'Attempts to deliver a message about an alert by how they ended, since the process started',
    labelNames: ['channel', 'outcome'],
    registers
  })
  const judged = new Gauge({
    name: 'borderflow_alerts_judged_timestamp_seconds', help: 'When alerts were last judged', registers
  })
  return {
    count: (channel, outcome) => { attempts.inc({ channel, outcome }) },
    set ({ alerts }) {
      open.reset()
      deliveries.reset()
      if (alerts === undefined) return
      for (const labels of alerts.open) open.inc({ kind: labels.kind, state: labels.state })
      for (const { channel, state, deliveries: count } of alerts.deliveries) deliveries.set({ channel, state }, count)
      if (alerts.lookedAtMs !== null) judged.set(alerts.lookedAtMs / 1000)
    }
  }
}

function createDagMetrics (registers: Registry[]): {
  count: Metrics['countDagRun'], set (state: Pick<MetricsState, 'dags' | 'integrity'>): void
} {
  const runs = new Counter({
    name: 'borderflow_dag_runs_total',
    help: 'Runs of DAGs by how they ended since the process started',
    labelNames: ['dag', 'status'],
    registers
  })
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, labelNames: ['dag'], registers })
  const running = gauge('borderflow_dag_running', '1 while a DAG is running')
  const failing = gauge('borderflow_dag_failing', '1 if a DAG has failed since it last succeeded')
  const success = gauge('borderflow_dag_last_success_timestamp_seconds', 'When a DAG last succeeded')
  const due = gauge('borderflow_dag_next_due_timestamp_seconds', 'When a DAG is due next')
  const differences = new Gauge({
    name: 'borderflow_integrity_differences', help: 'Rows that the last verification found to differ', registers
  })
  const checked = new Gauge({
    name: 'borderflow_integrity_checked_timestamp_seconds', help: 'When everything was last verified', registers
  })
  return {
    count: (dag, status) => { runs.inc({ dag, status }) },
    set ({ dags, integrity }) {
      for (const { dag, ...state } of dags) {
        running.set({ dag }, state.running ? 1 : 0)
        failing.set({ dag }, state.failing ? 1 : 0)
        if (state.lastSuccessMs !== null) success.set({ dag }, state.lastSuccessMs / 1000)
        if (state.nextDueMs === null) due.remove({ dag })
        else due.set({ dag }, state.nextDueMs / 1000)
      }
      if (integrity === null) return
      differences.set(integrity.differences)
      checked.set(integrity.checkedMs / 1000)
    }
  }
}
