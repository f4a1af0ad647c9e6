// Live, late, silent or closed: the statistical rule (docs/normal.md). Pure.
import { DAY_MS, HOUR_MS } from '../../core/civil-date.ts'

export type FeedState = 'live' | 'late' | 'silent' | 'closed' | 'unknown'

export interface FeedLimits {
  /** A feed is silent when so long without a message had at most this probability. */
  silenceProbabilityMax: number
  /** Nothing is called silent sooner, however busy it is: messages may come in bundles. */
  silenceMinutesMin: number
  /** A feed is late when its messages take longer than this from the desk to here. */
  lateSeconds: number
}

export const DEFAULT_FEED_LIMITS: FeedLimits = { silenceProbabilityMax: 0.001, silenceMinutesMin: 15, lateSeconds: 900 }

/** Messages expected in an hour that begins at an instant; null where nothing can be said. */
export interface ExpectedHour { startMs: number, mean: number | null }

export interface FeedEvidence {
  /** Ascending, up to the hour of `nowMs`. */
  hours: readonly ExpectedHour[]
  /** Variance over mean of the messages of an hour, at least 1. */
  dispersion: number
  isClosed: boolean
  /** Messages of this hour. */
  seen: number
  lastOccurredAtMs: number | null
  lastReceivedAtMs: number | null
  /** Median seconds from the event to here of what came lately; null if nothing did. */
  delaySeconds: number | null
}

/** After eight weeks without a message the days compared hold nothing but silence: that is no reason to expect it. */
const FORGOTTEN_MS = 56 * DAY_MS

/**
 * The state of a feed at an instant. The number of messages in a time in which n are expected is taken to be compound
 * Poisson with variance dispersion × n, so none come with a probability of at most exp(−n / dispersion).
 */
export function judgeFeed (evidence: FeedEvidence, nowMs: number, limits: FeedLimits): FeedState {
  const { hours, isClosed, seen, lastOccurredAtMs, lastReceivedAtMs, delaySeconds } = evidence
  if (isClosed && seen === 0) return 'closed'
  const isForgotten = lastReceivedAtMs !== null && nowMs - lastReceivedAtMs > FORGOTTEN_MS &&
    hours.every(({ mean }) => mean === null || mean === 0)
  const isKnown = hours.some(({ mean }) => mean !== null) && !isForgotten
  if (!isKnown) return lastReceivedAtMs !== null && nowMs - lastReceivedAtMs <= HOUR_MS ? 'live' : 'unknown'
  const earliestMs = hours[0]?.startMs ?? nowMs
  const isUnlikely = (fromMs: number, toMs: number): boolean =>
    chanceOfNone(evidence, fromMs, toMs) <= limits.silenceProbabilityMax
  const quietFromMs = lastReceivedAtMs ?? earliestMs
  if (nowMs - quietFromMs >= limits.silenceMinutesMin * 60_000 && isUnlikely(quietFromMs, nowMs)) return 'silent'
  if (delaySeconds !== null && delaySeconds > limits.lateSeconds) return 'late'
  // Messages come, but about a time long ago: nothing has been told of the hours since.
  return isUnlikely(lastOccurredAtMs ?? earliestMs, nowMs - limits.lateSeconds * 1000) ? 'late' : 'live'
}

/** The probability that a live feed sends nothing from one instant to another; 1 for a time of no length. */
export function chanceOfNone (
  { hours, dispersion }: Pick<FeedEvidence, 'hours' | 'dispersion'>, fromMs: number, toMs: number
): number {
  return Math.exp(-expectedBetween(hours, fromMs, toMs) / dispersion)
}

/** Messages expected from one instant to another: the part of each hour that lies between them. */
export function expectedBetween (hours: readonly ExpectedHour[], fromMs: number, toMs: number): number {
  return hours.reduce((sum, { startMs, mean }) => {
    const overlapMs = Math.min(toMs, startMs + HOUR_MS) - Math.max(fromMs, startMs)
    return overlapMs > 0 && mean !== null ? sum + mean * overlapMs / HOUR_MS : sum
  }, 0)
}
