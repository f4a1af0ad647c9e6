// What becomes of alerts when conditions were looked at: pending → firing → resolved, and no_data where it cannot be
// known. Pure; every time is that of the look.
import type { AlertEvent, AlertKind } from '../../schemas/alerts.ts'
import type { Alert } from '../../sinks/control/alerts.ts'

export interface Condition {
  kind: AlertKind
  subject: string
  /**
   * `holds`; `unknown`: it cannot be known, which is alerted of too; `unjudged`: nothing is to be said of it now, an
   * alert stays as it is. What is not named is clear. `unknown` without a subject leaves all of its kind unjudged.
   */
  state: 'holds' | 'unknown' | 'unjudged'
  value: number | null
  threshold: number | null
}

export interface AlertTimes {
  /** How long a condition must hold, or be unknown, before it fires; 0 at once. */
  pendingMs: (kind: AlertKind) => number
  /** How long it must be clear before an alert is resolved: nothing is told of what comes and goes. */
  keepFiringMs: number
}

export interface Step {
  /** Open alerts after it, and those resolved by it. */
  alerts: Alert[]
  /** Of these, what has to be stored: not merely another value. */
  written: Alert[]
  /** Ids of what was pending and is clear. */
  forgotten: string[]
  events: { alert: Alert, event: AlertEvent }[]
}

/** One look. `open` are the alerts that are not resolved, at most one per kind and subject. */
export function step (
  open: readonly Alert[], conditions: readonly Condition[], times: AlertTimes, nowMs: number, newId: () => string
): Step {
  const result: Step = { alerts: [], written: [], forgotten: [], events: [] }
  const seen = worstOf(conditions)
  const blind = new Set(conditions.filter(({ state, subject }) => state === 'unknown' && subject === '').map(({ kind }) => kind))
  const known = new Map(open.map(alert => [keyOf(alert), alert]))
  for (const alert of open) {
    const condition = seen.get(keyOf(alert)) ?? null
    const isUnjudged = condition?.state === 'unjudged' || (condition === null && blind.has(alert.kind))
    advance(alert, isUnjudged ? 'unjudged' : condition)
  }
  for (const [key, condition] of seen) {
    if (!known.has(key) && condition.state !== 'unjudged') advance(newAlert(condition, nowMs, newId()), condition, true)
  }
  return result

  function advance (before: Alert, condition: Condition | 'unjudged' | null, isNew = false): void {
    const alert = condition === 'unjudged' ? before : moved(before, condition, times, nowMs)
    if (alert === null) {
      result.forgotten.push(before.id)
      return
    }
    result.alerts.push(alert)
    if (isNew || differs(before, alert)) result.written.push(alert)
    const event = eventOf(before, alert)
    if (event !== null) result.events.push({ alert, event })
  }
}

/** The alert after a condition was seen, null being clear; null if it is forgotten. */
function moved (before: Alert, condition: Condition | null, times: AlertTimes, nowMs: number): Alert | null {
  if (condition === null) return cleared(before, times, nowMs)
  const holds = condition.state === 'holds'
  const alert: Alert = {
    ...before,
    clearSinceMs: null,
    // What holds is not forgotten where it cannot be seen for a moment, but does not fire unseen either.
    holdsSinceMs: holds ? since(before.holdsSinceMs, nowMs) : before.holdsSinceMs,
    unknownSinceMs: holds ? null : since(before.unknownSinceMs, nowMs),
    ...(holds ? { value: condition.value, threshold: condition.threshold } : {})
  }
  const begunMs = (holds ? alert.holdsSinceMs : alert.unknownSinceMs) ?? nowMs
  if (nowMs - begunMs < times.pendingMs(alert.kind) || alert.state === 'firing') return alert
  if (holds) return { ...alert, state: 'firing', firedAtMs: nowMs }
  return { ...alert, state: 'no_data', noDataAtMs: alert.noDataAtMs ?? nowMs }
}

function cleared (before: Alert, { keepFiringMs }: AlertTimes, nowMs: number): Alert | null {
  if (before.state === 'pending') return null
  const clearSinceMs = since(before.clearSinceMs, nowMs)
  const alert: Alert = { ...before, clearSinceMs, holdsSinceMs: null, unknownSinceMs: null }
  return nowMs - clearSinceMs < keepFiringMs ? alert : { ...alert, state: 'resolved', resolvedAtMs: nowMs }
}

/** The clock may have been set back: nothing began in the future. */
function since (beforeMs: number | null, nowMs: number): number {
  return Math.min(beforeMs ?? nowMs, nowMs)
}

function newAlert ({ kind, subject, value, threshold }: Condition, nowMs: number, id: string): Alert {
  return {
    id,
    kind,
    subject,
    state: 'pending',
    sinceMs: nowMs,
    holdsSinceMs: null,
    unknownSinceMs: null,
    clearSinceMs: null,
    firedAtMs: null,
    noDataAtMs: null,
    resolvedAtMs: null,
    value,
    threshold,
    acknowledgedBy: null,
    acknowledgedAtMs: null,
    note: null
  }
}

function eventOf (before: Alert, after: Alert): AlertEvent | null {
  if (after.state === before.state) return null
  if (after.state === 'firing') return 'firing'
  if (after.state === 'resolved') return 'resolved'
  return after.state === 'no_data' ? 'no_data' : null
}

function differs (before: Alert, after: Alert): boolean {
  return before.state !== after.state || before.holdsSinceMs !== after.holdsSinceMs ||
    before.unknownSinceMs !== after.unknownSinceMs || before.clearSinceMs !== after.clearSinceMs
}

/** One condition per kind and subject: what holds before what is not known, and the greater value of two. */
function worstOf (conditions: readonly Condition[]): Map<string, Condition> {
  const worst = new Map<string, Condition>()
  for (const condition of conditions) {
    const other = worst.get(keyOf(condition))
    if (other === undefined || rank(condition) > rank(other) ||
      (rank(condition) === rank(other) && (condition.value ?? 0) > (other.value ?? 0))) {
      worst.set(keyOf(condition), condition)
    }
  }
  return worst
}

function rank ({ state }: Condition): number {
  return ['unjudged', 'unknown', 'holds'].indexOf(state)
}

function keyOf ({ kind, subject }: Pick<Alert, 'kind' | 'subject'>): string {
  return `${kind} ${subject}`
}
