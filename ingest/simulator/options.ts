// What a simulation may be told, with its defaults and its limits.
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'

export interface SimulatorOptions {
  /** Whole number 0 to 4,294,967,295: the same options give the same bytes. */
  seed: number
  /** 1 is the country, 0.1 a tenth of it; above 0, at most 4. */
  scale: number
  /** First civil date at UTC+7 that is sent, `YYYY-MM-DD`. */
  from: string
  /** Last civil date at UTC+7 that is sent, inclusive. */
  to: string
  /** Share of all messages that are bad, of a dozen kinds. Default 0. */
  badShare?: number
  /** Share of messages that are sent again, byte for byte. Default 0.003. */
  duplicateShare?: number
  /** Share of messages that are corrected or voided later. Default 0.004. */
  correctionShare?: number
  /** Share of crossings recorded at the desk but never sent (a lost stamp). Default 0.001. */
  lostShare?: number
  /** Days lived before `from` whose messages are not sent, so that exits do not start at zero. Default 0. */
  warmUpDays?: number
}

/** The options with every default in place and dates as days since 1970-01-01. */
export interface ResolvedOptions {
  seed: number
  scale: number
  fromDay: number
  toDay: number
  badShare: number
  duplicateShare: number
  correctionShare: number
  lostShare: number
  warmUpDays: number
}

// Ordinals of persons hold 14 bits of days since 2000-01-01 (see person.ts).
export const FIRST_DAY = 10957
const LAST_DAY = FIRST_DAY + 16383

/** Checks the options and fills in the defaults. Throws USAGE. */
export function resolveOptions (options: SimulatorOptions): ResolvedOptions {
  const fromDay = day('from', options.from)
  const toDay = day('to', options.to)
  if (toDay < fromDay) throw usage('to', `a date from ${options.from} onwards`, options.to)
  const warmUpDays = options.warmUpDays ?? 0
  if (!Number.isInteger(warmUpDays) || warmUpDays < 0 || fromDay - warmUpDays < FIRST_DAY) {
    throw usage('warmUpDays', `a whole number of days that stays after ${formatDay(FIRST_DAY - 1)}`, String(warmUpDays))
  }
  const { seed, scale } = options
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw usage('seed', '0 to 4294967295', String(seed))
  if (!(scale > 0 && scale <= 4)) throw usage('scale', 'a number above 0 and at most 4', String(scale))
  return {
    seed,
    scale,
    fromDay,
    toDay,
    warmUpDays,
    badShare: share('badShare', options.badShare, 0),
    duplicateShare: share('duplicateShare', options.duplicateShare, 0.003),
    correctionShare: share('correctionShare', options.correctionShare, 0.004),
    lostShare: share('lostShare', options.lostShare, 0.001)
  }
}

function day (name: string, text: string): number {
  const value = parseDay(text)
  if (value === null || value < FIRST_DAY || value > LAST_DAY) {
    throw usage(name, `a date YYYY-MM-DD from ${formatDay(FIRST_DAY)} to ${formatDay(LAST_DAY)}`, text)
  }
  return value
}

function share (name: string, value: number | undefined, byDefault: number): number {
  const found = value ?? byDefault
  if (!(found >= 0 && found <= 0.5)) throw usage(name, 'a share from 0 to 0.5', String(found))
  return found
}

function usage (where: string, expected: string, found: string): BorderflowError {
  return new BorderflowError('USAGE', { expected, found, where: `simulator option ${where}` })
}
