// Periods of validity: both days inclusive, a null end open. A code's rows follow each other day by day.
import { formatDay } from '../../core/civil-date.ts'
import type { ListFileName } from './list-schemas.ts'
import type { CodeList } from './list-files.ts'

/** Days since 1970-01-01, both inclusive; null is open-ended. */
export interface Period { validFrom: number | null, validTo: number | null }

/** True if the day lies in the period. */
export function isValidOn ({ validFrom, validTo }: Period, day: number): boolean {
  return (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo)
}

/** True if a day lies in both periods. */
export function periodsOverlap (a: Period, b: Period): boolean {
  return firstDay(a) <= (b.validTo ?? Infinity) && firstDay(b) <= (a.validTo ?? Infinity)
}

/** The first day of a period, −∞ if it is open. */
export function firstDay ({ validFrom }: { validFrom?: number | null }): number {
  return validFrom ?? -Infinity
}

/** Notes rows that end before they begin, and overlaps and gaps between the rows of one code. */
export function checkPeriods (
  { path, whole, rows }: Omit<CodeList<ListFileName>, 'rows'> & { rows: DatedRow[] }, faults: string[]
): void {
  for (const [code, ofCode] of groupBy(rows, row => row.entry.code)) {
    for (const { line, entry: { validFrom, validTo } } of ofCode) {
      if (validFrom !== null && validTo !== null && validFrom > validTo) {
        faults.push(`${path}:${line}: ${code} ends on ${formatDay(validTo)} and begins after that, on ${formatDay(validFrom)}`)
      }
    }
    const ordered = ofCode.toSorted((a, b) =>
      Number(firstDay(a.entry) > firstDay(b.entry)) - Number(firstDay(a.entry) < firstDay(b.entry)))
    for (const [index, next] of ordered.entries()) {
      const previous = ordered[index - 1]
      if (previous === undefined) continue
      const { validTo } = previous.entry
      const { validFrom } = next.entry
      if (periodsOverlap(previous.entry, next.entry)) {
        faults.push(`${path}:${next.line}: the period of ${code} overlaps the one of line ${previous.line}`)
      } else if (whole && validTo !== null && validFrom !== null && validFrom > validTo + 1) {
        faults.push(`${path}:${next.line}: ${code} has a gap from ${formatDay(validTo + 1)} ` +
          `to ${formatDay(validFrom - 1)} after line ${previous.line}`)
      }
    }
  }
}

interface DatedRow { line: number, entry: Period & { code: string } }

/** Items by key, in their order. */
export function groupBy<Item> (items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
