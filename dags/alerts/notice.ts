// What is told of an alert outside: codes, counts of gates and messages, and a few words in English and Khmer. No
// person: neither travellers nor who looks after it.
import { PHNOM_PENH_OFFSET_MS } from '../../core/civil-date.ts'
import {
  alertUnit, SEVERITY_OF, type AlertEvent, type AlertKind, type AlertUnit, type Severity
} from '../../schemas/alerts.ts'
import type { Alert } from '../../sinks/control/alerts.ts'

/** The body of a webhook. Times are RFC 3339 in UTC. */
export interface Notice {
  type: `alert.${AlertEvent}`
  timestamp: string
  data: {
    /** The id of the warehouse: which installation speaks. */
    warehouse: string
    alert: {
      id: string
      kind: AlertKind
      subject: string
      severity: Severity
      state: Alert['state']
      since: string
      firedAt: string | null
      resolvedAt: string | null
      value: number | null
      threshold: number | null
      unit: AlertUnit | null
    }
    /** One line in each language. */
    title: Texts
    text: Texts
  }
}

interface Texts { en: string, km: string }

export interface NoticeContext {
  warehouse: string
  nowMs: number
  /** The names of a checkpoint; null for a subject that is none. */
  nameOf: (subject: string) => Texts | null
}

const KINDS: Readonly<Record<AlertKind, Texts>> = {
  silence: { en: 'Silent feed', km: 'គ្មានទិន្នន័យចូល' },
  surge: { en: 'Surge', km: 'ការកើនឡើងខ្លាំង' },
  returnee_surge: { en: 'Surge of returnees', km: 'ពលរដ្ឋវិលត្រឡប់កើនឡើងខ្លាំង' },
  quarantine_share: { en: 'Many messages in quarantine', km: 'សារដាក់ដោយឡែកច្រើន' },
  lag: { en: 'Lag', km: 'ភាពយឺត' },
  disk: { en: 'Disk space', km: 'ទំហំថាស' },
  key: { en: 'Key fault', km: 'កំហុសកូនសោ' },
  clock: { en: 'Clock fault', km: 'កំហុសនាឡិកា' },
  verify: { en: 'Check found differences', km: 'ការផ្ទៀងផ្ទាត់រកឃើញភាពខុសគ្នា' }
}
const EVENTS: Readonly<Record<AlertEvent, Texts>> = {
  firing: { en: 'firing', km: 'កំពុងដាស់តឿន' },
  no_data: { en: 'no data', km: 'គ្មានទិន្នន័យ' },
  resolved: { en: 'resolved', km: 'បានដោះស្រាយ' }
}
const SEVERITIES: Readonly<Record<Severity, Texts>> = {
  warning: { en: 'warning', km: 'ព្រមាន' },
  critical: { en: 'critical', km: 'ធ្ងន់ធ្ងរ' }
}
const WORDS = {
  since: { en: 'Since', km: 'ចាប់ពី' },
  until: { en: 'Until', km: 'ដល់' },
  value: { en: 'Value', km: 'តម្លៃ' },
  threshold: { en: 'Threshold', km: 'កម្រិត' }
} satisfies Record<string, Texts>

const UNITS: Readonly<Record<AlertUnit, Texts>> = {
  seconds: { en: 'seconds', km: 'វិនាទី' },
  persons: { en: 'persons', km: 'នាក់' },
  percent: { en: 'percent', km: 'ភាគរយ' },
  messages: { en: 'messages', km: 'សារ' },
  rows: { en: 'rows', km: 'ជួរ' }
}

/** The notice of an event of an alert. */
export function noticeOf (alert: Alert, event: AlertEvent, context: NoticeContext): Notice {
  const severity = SEVERITY_OF[alert.kind]
  const both = (make: (language: keyof Texts) => string): Texts => ({ en: make('en'), km: make('km') })
  return {
    type: `alert.${event}`,
    timestamp: instantText(context.nowMs),
    data: {
      warehouse: context.warehouse,
      alert: {
        id: alert.id,
        kind: alert.kind,
        subject: alert.subject,
        severity,
        state: alert.state,
        since: instantText(alert.sinceMs),
        firedAt: alert.firedAtMs === null ? null : instantText(alert.firedAtMs),
        resolvedAt: alert.resolvedAtMs === null ? null : instantText(alert.resolvedAtMs),
        value: alert.value,
        threshold: alert.threshold,
        unit: alertUnit(alert.kind, alert.subject)
      },
      title: both(language => titleOf(alert, event, language, context)),
      text: both(language => textOf(alert, language))
    }
  }
}

function titleOf (
  { kind, subject }: Alert, event: AlertEvent, language: keyof Texts, { nameOf }: NoticeContext
): string {
  const name = nameOf(subject)?.[language]
  const about = subject === '' ? '' : language === 'km' ? `៖ ${name ?? subject}` : `: ${name ?? subject}`
  return `${KINDS[kind][language]}${about} (${EVENTS[event][language]}, ${SEVERITIES[SEVERITY_OF[kind]][language]})`
}

function textOf (
  { kind, subject, sinceMs, resolvedAtMs, value, threshold }: Alert, language: keyof Texts
): string {
  const unit = alertUnit(kind, subject)
  const amount = (number: number): string => unit === null ? String(number) : `${number} ${UNITS[unit][language]}`
  const parts = [
    [WORDS.since, localText(sinceMs)],
    ...resolvedAtMs === null ? [] : [[WORDS.until, localText(resolvedAtMs)] as const],
    ...value === null ? [] : [[WORDS.value, amount(value)] as const],
    ...threshold === null ? [] : [[WORDS.threshold, amount(threshold)] as const]
  ] as readonly (readonly [Texts, string])[]
  const separator = language === 'km' ? '៖' : ':'
  return parts.map(([word, text]) => `${word[language]}${separator} ${text}`).join('\n')
}

function instantText (ms: number): string {
  return new Date(ms).toISOString()
}

/** As people in Cambodia write it: date and time at UTC+7. */
function localText (ms: number): string {
  return `${new Date(ms + PHNOM_PENH_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')} (UTC+7)`
}
