// What is to be alerted of: rules from what was seen to conditions. Pure; the units of values are in docs/operating.md.
import { businessHour } from '../../core/civil-date.ts'
import { CLOCK_STEP, type AlertKind } from '../../schemas/alerts.ts'
import type { Feed, Surge } from '../baseline/index.ts'
import type { Figures, Observation } from './observation.ts'
import type { Condition } from './step.ts'

export interface RuleLimits {
  /** Seconds without a message, of a feed of which nothing is known to be usual. */
  silenceSeconds: number
  /** What the baseline calls silence and lateness, told as the threshold. */
  silenceMinutesMin: number
  lateSeconds: number
  /** Returnees at a gate in an hour, and times the usual: both must be reached. */
  returneePersonsMin: number
  returneeRatioMin: number
  quarantinePercentMax: number
  lagMessagesMax: number
  derivedLagSecondsMax: number
  diskFreePercentMin: number
  clockStepSecondsMax: number
}

type Rule = (observation: Observation, limits: RuleLimits) => Condition[]

/** Fewer messages than this say nothing of a share. */
const SHARE_MESSAGES_MIN = 20
/** What is rounded for people: tenths. */
const TENTHS = 10

/** Every condition that holds, cannot be known, or is not to be judged now; what is not named is clear. */
export function judge (observation: Observation, limits: RuleLimits): Condition[] {
  return RULES.flatMap(rule => rule(observation, limits))
}

/** What these tell is true at once: there is nothing to wait for. */
export const AT_ONCE: ReadonlySet<AlertKind> = new Set(['key', 'clock', 'verify'])

const silence: Rule = ({ nowMs, figures }, limits) => {
  if (figures === null) return [unknown('silence')]
  const { silenceSeconds, silenceMinutesMin } = limits
  return [
    ...figures.baseline === 'old' ? [unknown('silence')] : [],
    ...figures.feeds.flatMap(feed => {
      const seconds = feed.lastReceivedAtMs === null ? null : Math.round((nowMs - feed.lastReceivedAtMs) / 1000)
      const subject = subjectOf(feed)
      if (feed.state === 'silent') return [holds('silence', subject, seconds, silenceMinutesMin * 60)]
      // Nothing is known to be usual, but it has spoken before.
      const isUnusual = feed.expected === null && feed.state !== 'closed' && seconds !== null && seconds >= silenceSeconds
      if (isUnusual) return [holds('silence', subject, seconds, silenceSeconds)]
      return feed.state === 'unknown' && seconds === null ? [unjudged('silence', subject)] : []
    })
  ]
}

const surge: Rule = ({ nowMs, figures }) => {
  if (figures === null || figures.baseline === 'old') return [unknown('surge')]
  return (figures.surges ?? []).filter(each => isCurrent(each, nowMs))
    .map(({ checkpoint, seen, high }) => holds('surge', checkpoint, seen, Math.round(high)))
}

/** The last full hour too: an hour that has just begun has seen nobody yet. */
function isCurrent ({ hour }: Surge, nowMs: number): boolean {
  const now = businessHour(nowMs)
  return hour === null || hour === now || hour === (now + 23) % 24
}

const returneeSurge: Rule = ({ figures }, { returneePersonsMin, returneeRatioMin }) => {
  if (figures === null) return [unknown('returnee_surge')]
  return figures.returnees.flatMap(({ checkpoint, persons, usual }) => {
    const threshold = Math.max(returneePersonsMin, Math.round(usual * returneeRatioMin))
    return persons >= threshold ? [holds('returnee_surge', checkpoint, persons, threshold)] : []
  })
}

const quarantineShare: Rule = ({ received }, { quarantinePercentMax }) => received.flatMap(
  ({ source, messages, quarantined, isWhole }) => {
    // After a start the hour is not whole: too little to say that an alert of before is over.
    if (messages < SHARE_MESSAGES_MIN) return isWhole ? [] : [unjudged('quarantine_share', source)]
    const percent = percentOf(quarantined, messages)
    return percent > quarantinePercentMax ? [holds('quarantine_share', source, percent, quarantinePercentMax)] : []
  })

const lag: Rule = ({ figures, sources, derivedLagSeconds }, limits) => [
  ...figures === null ? [unknown('lag')] : lateFeeds(figures, limits),
  ...sources.flatMap(({ name, lag: messages }) => messages !== undefined && messages > limits.lagMessagesMax
    ? [holds('lag', name, messages, limits.lagMessagesMax)]
    : []),
  ...derivedLagSeconds > limits.derivedLagSecondsMax
    ? [holds('lag', 'derived tables', Math.round(derivedLagSeconds), limits.derivedLagSecondsMax)]
    : []
]

function lateFeeds ({ feeds }: Figures, { lateSeconds }: RuleLimits): Condition[] {
  return feeds.filter(({ state }) => state === 'late').map(feed => {
    const seconds = (feed.delayDeskSecondsP50 ?? 0) + (feed.delayBoardSecondsP50 ?? 0)
    return holds('lag', subjectOf(feed), seconds === 0 ? null : Math.round(seconds), lateSeconds)
  })
}

const disk: Rule = ({ diskFreePercent }, { diskFreePercentMin }) => {
  if (diskFreePercent === null) return [unknown('disk')]
  return diskFreePercent < diskFreePercentMin ? [holds('disk', '', tenths(diskFreePercent), diskFreePercentMin)] : []
}

const key: Rule = ({ keyFault }) => {
  if (keyFault === 'unknown') return [unknown('key')]
  return keyFault === null ? [] : [holds('key', keyFault, null, null)]
}

const clock: Rule = ({ received, clockStepSeconds }, { clockStepSecondsMax, quarantinePercentMax }) => [
  ...clockStepSeconds > clockStepSecondsMax ? [holds('clock', CLOCK_STEP, Math.round(clockStepSeconds), clockStepSecondsMax)] : [],
  ...received.flatMap(({ source, messages, inFuture }) => {
    const percent = percentOf(inFuture, messages)
    return messages >= SHARE_MESSAGES_MIN && percent > quarantinePercentMax
      ? [holds('clock', `events in the future: ${source}`, percent, quarantinePercentMax)]
      : []
  })
]

const verify: Rule = ({ integrity, figures }) => [
  ...integrity === null ? [unknown('verify')] : integrity.differences.map(({ check, rows }) => holds('verify', check, rows, 0)),
  ...figures !== null && figures.gapsOpen > 0 ? [holds('verify', 'gaps', figures.gapsOpen, 0)] : [],
  ...figures === null ? [unjudged('verify', 'gaps')] : []
]

const RULES: readonly Rule[] = [silence, surge, returneeSurge, quarantineShare, lag, disk, key, clock, verify]

function holds (kind: AlertKind, subject: string, value: number | null, threshold: number | null): Condition {
  return { kind, subject, state: 'holds', value, threshold }
}

function unknown (kind: AlertKind): Condition {
  return { kind, subject: '', state: 'unknown', value: null, threshold: null }
}

function unjudged (kind: AlertKind, subject: string): Condition {
  return { kind, subject, state: 'unjudged', value: null, threshold: null }
}

function subjectOf ({ source, checkpoint }: Feed): string {
  return checkpoint ?? source
}

function percentOf (part: number, whole: number): number {
  return whole === 0 ? 0 : tenths(100 * part / whole)
}

function tenths (value: number): number {
  return Math.round(value * TENTHS) / TENTHS
}
