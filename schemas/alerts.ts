// What can be alerted of, and the states an alert goes through (docs/operating.md, Alerts).

export const ALERT_KINDS = [
  'silence', 'surge', 'returnee_surge', 'quarantine_share', 'lag', 'disk', 'key', 'clock', 'verify'
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

export const ALERT_STATES = ['pending', 'firing', 'no_data', 'resolved'] as const
export type AlertState = (typeof ALERT_STATES)[number]

export const SEVERITIES = ['warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Critical: figures are wrong or missing, or many people are coming who need care. */
export const SEVERITY_OF: Readonly<Record<AlertKind, Severity>> = {
  silence: 'critical',
  surge: 'warning',
  returnee_surge: 'critical',
  quarantine_share: 'warning',
  lag: 'warning',
  disk: 'critical',
  key: 'critical',
  clock: 'warning',
  verify: 'critical'
}

/** What values and thresholds of alerts are in. */
export const ALERT_UNITS = ['seconds', 'persons', 'percent', 'messages', 'rows'] as const
export type AlertUnit = (typeof ALERT_UNITS)[number]

const UNIT_OF: Readonly<Record<AlertKind, AlertUnit | null>> = {
  silence: 'seconds',
  surge: 'persons',
  returnee_surge: 'persons',
  quarantine_share: 'percent',
  lag: 'seconds',
  disk: 'percent',
  key: null,
  clock: 'percent',
  verify: 'rows'
}
/** The subject of an alert of a clock that was set. */
export const CLOCK_STEP = 'step'
/** Sources, of which a lag is what waits there. */
const SOURCES: ReadonlySet<string> = new Set(['kafka', 'spool', 'http'])

/** The unit of the value and the threshold of an alert; null where it has none. */
export function alertUnit (kind: AlertKind, subject: string): AlertUnit | null {
  if (kind === 'lag' && SOURCES.has(subject)) return 'messages'
  if (kind === 'clock' && subject === CLOCK_STEP) return 'seconds'
  return UNIT_OF[kind]
}

/** What is told of an alert: when it fires, when it cannot be judged, when it is over. */
export const ALERT_EVENTS = ['firing', 'no_data', 'resolved'] as const
export type AlertEvent = (typeof ALERT_EVENTS)[number]
