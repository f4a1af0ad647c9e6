// The normal band of one hour or day, from what was seen on the days compared with it (docs/normal.md). Pure.
import type { Summary } from './statistics.ts'

/** What a band rests on: the same weekday, the same holiday, ordinary traffic widened for a holiday, or nothing. */
export type Basis = 'weekday' | 'holiday' | 'widened' | 'closed' | 'none'

export interface BandEvidence {
  /** Of the same weekday; null where no hour can be compared. */
  ordinary: Summary & { spread: number, isOpenAllTheSame: boolean } | null
  /** Of the same holiday of earlier years. */
  holiday: Summary & { spread: number } | null
  /** Days of the same weekday in which the feed was there, open or not. */
  ordinaryDays: number
  dispersion: number
  /** On a holiday, how many times ordinary traffic is still normal where no earlier year tells; null on other days. */
  factor: number | null
  /** Closed by schedule. */
  isShut: boolean
  bandSpreads: number
}

export interface ExpectedBand {
  basis: Basis
  isClosed: boolean
  samples: number
  median: number | null
  low: number | null
  high: number | null
  mean: number | null
  dispersion: number
}

/** Fewer days than this tell nothing. */
const SAMPLES_MIN = 3
/** The least spread as a share of the median: what differs less is never unusual. Years differ more than weeks. */
const SPREAD_SHARE = { weekday: 0.1, holiday: 0.25 }

/** The largest of what was seen, what chance alone would do, and a share of the median. */
export function spreadOf (
  { deviation, median }: Pick<Summary, 'deviation' | 'median'>, dispersion: number, basis: 'weekday' | 'holiday'
): number {
  return Math.max(deviation, Math.sqrt(dispersion * Math.max(median, 1)), median * SPREAD_SHARE[basis])
}

/** What is expected, and the least and the most that are normal. */
export function bandOf (evidence: BandEvidence): ExpectedBand {
  const { holiday, factor, bandSpreads, dispersion } = evidence
  const ordinary = evidence.ordinary !== null && evidence.ordinary.samples >= SAMPLES_MIN ? evidence.ordinary : null
  const usual = ordinary === null ? null : around(ordinary, bandSpreads)
  if (evidence.isShut && ordinary?.isOpenAllTheSame !== true) {
    // The most that was normal when it was open: more than that is a surge, whoever let them in.
    const high = evidence.ordinaryDays < SAMPLES_MIN ? null : usual?.high ?? 0
    return { basis: 'closed', isClosed: true, samples: holiday?.samples ?? ordinary?.samples ?? 0, median: 0, low: 0, high, mean: 0, dispersion }
  }
  const told = { isClosed: false, dispersion }
  if (holiday !== null && factor !== null) {
    const { low, high } = onHoliday(holiday, bandSpreads)
    return {
      ...told,
      basis: 'holiday',
      samples: holiday.samples,
      median: holiday.median,
      low: Math.max(0, Math.min(low, usual?.low ?? Infinity)),
      high: Math.max(high, usual?.high ?? 0),
      mean: holiday.mean
    }
  }
  if (ordinary === null || usual === null) {
    return { ...told, basis: 'none', samples: 0, median: null, low: null, high: null, mean: null }
  }
  const { samples, median, mean } = ordinary
  if (factor === null) {
    return { ...told, basis: 'weekday', samples, median, low: Math.max(0, usual.low), high: usual.high, mean }
  }
  // Silence is told against the least that is normal: on a holiday without an example a gate may be far quieter.
  return {
    ...told, basis: 'widened', samples, median, low: Math.max(0, usual.low / factor), high: usual.high * factor, mean: mean / factor
  }
}

function around (side: Summary & { spread: number }, spreads: number): { low: number, high: number } {
  return { low: side.median - spreads * side.spread, high: side.median + spreads * side.spread }
}

/** No narrower than what those few days saw: travel begins a day sooner in one year than in another. */
function onHoliday (side: Summary & { spread: number }, spreads: number): { low: number, high: number } {
  const { low, high } = around(side, spreads)
  const share = 1 + SPREAD_SHARE.holiday
  return { low: Math.min(low, side.least / share), high: Math.max(high, side.most * share) }
}
