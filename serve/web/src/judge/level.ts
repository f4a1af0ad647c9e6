// One count of an hour under way against what is expected of the whole hour.
import type { Band } from '../../../board/board-schema.ts'

export type Level = 'normal' | 'above' | 'below' | 'early' | 'unknown'

/** Before so much of the hour has passed a low count says nothing. */
const SHARE_MIN = 0.25
export interface Judged {
  level: Level
  /** What is expected by now, and the band of it; null where nothing is expected. */
  byNow: Band | null
}

/**
 * @param count persons in the hour so far
 * @param expected of the whole hour
 * @param share of the hour that has passed, 0–1
 */
export function judge (count: number, expected: Band | null, share: number): Judged {
  if (expected === null) return { level: 'unknown', byNow: null }
  const byNow = partOf(expected, share)
  // More than the whole hour's band holds is too many, however early it is.
  if (count > expected.high) return { level: 'above', byNow }
  if (share < SHARE_MIN) return { level: 'early', byNow }
  if (count > byNow.high) return { level: 'above', byNow }
  if (count < byNow.low) return { level: 'below', byNow }
  return { level: 'normal', byNow }
}

/** The band of part of an hour: its middle shrinks with the share, its width with the square root, as chance does. */
function partOf ({ median, low, high }: Band, share: number): Band {
  const middle = median * share
  const narrower = Math.sqrt(share)
  return {
    median: middle,
    low: Math.max(0, middle - (median - low) * narrower),
    high: middle + (high - median) * narrower
  }
}

/** Share of the clock hour at UTC+7 that has passed at an instant. */
export function shareOfHour (at: string): number {
  const date = new Date(at)
  return (date.getUTCMinutes() * 60 + date.getUTCSeconds()) / 3600
}
