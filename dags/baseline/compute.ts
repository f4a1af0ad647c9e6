// Computes what is expected of the hours of a range of days, day by day.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { bandOf, spreadOf, type Basis } from './bands.ts'
import { comparedDays, type Compared } from './compared-days.ts'
import { DAY_PLACES, readCounts, WHOLE_DAY, type Counts, type FeedCounts, type Measure } from './counts.ts'
import { median, summarise, type Summary } from './statistics.ts'

export interface ComputeContext {
  lists: Pick<CodeLists, 'holidayOn' | 'earlierHolidayDays' | 'hoursOn'>
  codeNumbers: { checkpoint: ReadonlyMap<string, number> }
  /** Half the width of the normal band, in spreads. */
  bandSpreads: number
}

/** What is expected of an hour, or of the whole day, of one feed. */
export interface ExpectedCell {
  source: string
  /** Number of the dictionary of checkpoints; 0 for a contract that names none. */
  checkpoint: number
  measure: Measure
  /** 0–23 at UTC+7; 24 is the whole day. */
  hour: number
  basis: Basis
  isClosed: boolean
  /** Days compared. */
  samples: number
  /** Null where too few days can be compared. */
  median: number | null
  low: number | null
  high: number | null
  /** Without the highest and the lowest day; on a holiday without an example the least that is normal. */
  mean: number | null
  dispersion: number
  /** What is counted of this hour so far. */
  seen: number
}

/** Half the width of the normal band, in spreads, unless a setting says otherwise. */
export const BAND_SPREADS = 3
/** Days of which the counts are held at a time. */
const DAYS_AT_ONCE = 31
/** Fewer counts an hour than this say nothing of dispersion. */
const DISPERSION_MEAN_MIN = 1
/** In a closed hour people pass as when it is open if they are so large a part of the usual. */
const OPEN_SHARE_MIN = 0.25

/**
 * Every cell of every day from `firstDay` to `lastDay` (days since 1970-01-01), in order. `persons` leaves out
 * whatever is no person admitted at a gate. A compared day is read once for every month.
 */
export async function * computeExpected (
  connection: DuckDBConnection, context: ComputeContext, firstDay: number, lastDay: number, only: 'persons' | 'all' = 'all'
): AsyncGenerator<{ day: number, cells: ExpectedCell[] }> {
  for (let first = firstDay; first <= lastDay; first += DAYS_AT_ONCE) {
    const days = Array.from({ length: Math.min(DAYS_AT_ONCE, lastDay - first + 1) }, (_, index) => first + index)
    const compared = days.map(day => ({ day, ...comparedDays(context.lists, day) }))
    const needed = new Set(compared.flatMap(({ day, weekdays, holidays }) => [day, ...weekdays, ...holidays]))
    const counts = await readCounts(connection, [...needed].sort((a, b) => a - b), only)
    const isShut = closedHours(context)
    for (const each of compared) {
      const cells = counts.feeds.flatMap(feed => cellsOf(feed, counts, each, isShut, context.bandSpreads))
      yield { day: each.day, cells }
      // A day takes a few milliseconds; what else this process does comes in between.
      await nextTurn()
    }
  }
}

type IsShut = (checkpoint: number, day: number, hour: number) => boolean

/** Whether a gate, by its number, is closed by schedule in an hour, or all of a day (hour 24). */
function closedHours ({ lists, codeNumbers }: ComputeContext): IsShut {
  const codes = new Map([...codeNumbers.checkpoint].map(([code, number]) => [number, code]))
  const known = new Map<number, { opens: number, closes: number }>()
  return (checkpoint, day, hour) => {
    const code = codes.get(checkpoint)
    if (checkpoint === 0 || code === undefined) return false
    const key = day * 65536 + checkpoint
    let hours = known.get(key)
    if (hours === undefined) known.set(key, hours = lists.hoursOn(code, day) ?? { opens: 0, closes: 0 })
    return hour === WHOLE_DAY ? hours.opens === hours.closes : hour < hours.opens || hour >= hours.closes
  }
}

interface Side extends Summary {
  /** The schedule says closed in some of these hours, and is not believed. */
  isOpenAllTheSame: boolean
}

function cellsOf (
  feed: FeedCounts, counts: Counts, { day, weekdays, holidays, factor }: Compared & { day: number }, isShut: IsShut,
  bandSpreads: number
): ExpectedCell[] {
  const { source, checkpoint, measure, firstDay } = feed
  const lived = (days: readonly number[]): number[] => days.filter(each => each >= firstDay)
  const [ordinaryDays, holidayDays] = [lived(weekdays), lived(holidays)]
  if (ordinaryDays.length + holidayDays.length === 0) return []
  const countAt = (each: number, hour: number): number =>
    Math.max(0, feed.counts[(counts.placeOf(each) ?? NaN) + hour] ?? 0)
  const sideAt = (days: readonly number[], hour: number): Side | null =>
    compare(days.map(each => ({ count: countAt(each, hour), isShut: isShut(checkpoint, each, hour) })))
  const hours = Array.from({ length: DAY_PLACES }, (_, hour) =>
    ({ hour, ordinary: sideAt(ordinaryDays, hour), holiday: sideAt(holidayDays, hour) }))
  const dispersion = dispersionOf(hours.filter(({ hour }) => hour < WHOLE_DAY).map(({ ordinary }) => ordinary))
  return hours.map(({ hour, ordinary, holiday }) => ({
    source,
    checkpoint,
    measure,
    hour,
    seen: countAt(day, hour),
    ...bandOf({
      ordinary: ordinary === null ? null : { ...ordinary, spread: spreadOf(ordinary, dispersion, 'weekday') },
      holiday: holiday === null ? null : { ...holiday, spread: spreadOf(holiday, dispersion, 'holiday') },
      ordinaryDays: ordinaryDays.length,
      dispersion,
      factor,
      isShut: isShut(checkpoint, day, hour),
      bandSpreads
    })
  }))
}

/**
 * The counts of the hours in which the gate was open; of those in which the schedule says closed only where in half of
 * them or more people passed about as when it was open. Null where no hour is left.
 */
function compare (hours: readonly { count: number, isShut: boolean }[]): Side | null {
  const open = hours.filter(hour => !hour.isShut).map(({ count }) => count)
  const shut = hours.filter(hour => hour.isShut).map(({ count }) => count)
  const usual = open.length === 0 ? 0 : median(open)
  const passed = shut.filter(count => count > 0 && count >= usual * OPEN_SHARE_MIN)
  const isOpenAllTheSame = shut.length > 0 && passed.length * 2 >= shut.length
  const usable = isOpenAllTheSame ? [...open, ...shut] : open
  return usable.length === 0 ? null : { ...summarise(usable), isOpenAllTheSame }
}

/** How much more than by chance alone a feed varies: parties and coaches come together. At least 1. */
function dispersionOf (hours: readonly (Side | null)[]): number {
  const ratios = hours.flatMap(side =>
    side !== null && side.ratio !== null && side.mean >= DISPERSION_MEAN_MIN ? [side.ratio] : [])
  return ratios.length === 0 ? 1 : Math.max(1, median(ratios))
}
