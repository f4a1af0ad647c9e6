// Dated rules: how long a first stay may last, what a day of overstay costs, from when the feed is complete.
import { formatDay } from '../../core/civil-date.ts'
import { type CodeListFiles, knownCodes } from './list-files.ts'
import { type Period, groupBy, isValidOn } from './validity.ts'

export type RuleLists = Pick<CodeListFiles,
  'visa_classes' | 'visa_first_stays' | 'exempt_stays' | 'overstay_fines' | 'coverage' | 'states'>

/** Look-ups by day (days since 1970-01-01). */
export interface Rules {
  /** Days of a first stay by visa class or, for `exempt`, by nationality (reporting code); null where none is set. */
  firstStayDays(visaClass: string, nationality: string, day: number): number | null
  /** US dollars for a day of overstay. */
  fineUsdPerDay(day: number): number
  /** The day from which the crossings are complete; null if nobody has said so. */
  coverageFrom: number | null
}

export function createRules (lists: RuleLists): Rules {
  const byVisaClass = groupBy(lists.visa_first_stays.rows.map(row => row.entry), entry => entry.code)
  const byNationality = groupBy(lists.exempt_stays.rows.map(row => row.entry), entry => entry.code)
  const fines = lists.overstay_fines.rows.map(row => row.entry)
  return {
    firstStayDays (visaClass, nationality, day) {
      const stays = visaClass === 'exempt' ? byNationality.get(nationality) : byVisaClass.get(visaClass)
      return stays?.find(stay => isValidOn(stay, day))?.days ?? null
    },
    fineUsdPerDay (day) {
      const fine = fines.find(entry => isValidOn(entry, day))
      if (fine === undefined) throw new RangeError(`no fine is set for ${formatDay(day)}`)
      return fine.usdPerDay
    },
    coverageFrom: lists.coverage.rows[0]?.entry.validFrom ?? null
  }
}

/** Notes stays of unknown classes or states, days without a fine, and a coverage that is not one date. */
export function checkRules (lists: RuleLists, faults: string[]): void {
  const isVisaClass = knownCodes(lists.visa_classes)
  const reported = new Set(lists.states.rows.map(row => row.entry.reportingCode))
  for (const { line, entry } of lists.visa_first_stays.rows) {
    if (!isVisaClass(entry.code) || entry.code === 'exempt') {
      faults.push(`${lists.visa_first_stays.path}:${line}: ${entry.code} is no visa class with a first stay of its own`)
    }
  }
  for (const { line, entry } of lists.exempt_stays.rows) {
    if (lists.states.whole && !reported.has(entry.code)) {
      faults.push(`${lists.exempt_stays.path}:${line}: ${entry.code} is no reporting code of the list of states`)
    }
  }
  const { path: finesPath, whole, rows } = lists.overstay_fines
  const fines: Period[] = rows.map(row => row.entry)
  if (whole && !(fines.some(fine => fine.validFrom === null) && fines.some(fine => fine.validTo === null))) {
    faults.push(`${finesPath}:1: the fines do not reach over all days: ` +
      'one row needs an empty valid_from, one an empty valid_to')
  }
  for (const [index, { line, entry }] of lists.coverage.rows.entries()) {
    if (index > 0 || entry.validFrom === null || entry.validTo !== null) {
      faults.push(`${lists.coverage.path}:${line}: coverage is one row with valid_from and without valid_to`)
    }
  }
}
