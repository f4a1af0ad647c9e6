// Goes through facts traveller by traveller: three ordered sets of columns side by side, one walk each, rows out.
import { createSlices } from '../../core/slices.ts'
import type { History, KeyedColumns, Range } from '../../transforms/walks/columns.ts'
import type { WalkRules } from '../../transforms/walks/rules.ts'
import { walkTraveller } from '../../transforms/walks/traveller.ts'
import type { Facts } from './read-facts.ts'
import { compareKeys, writeTraveller, type Writers } from './write-traveller.ts'

/** Travellers between two looks at the clock. */
const LOOK_TRAVELLERS = 16

/**
 * Walks all travellers of the facts and hands their rows to the writers, which have to be finished afterwards.
 * Returns how many travellers they were. Throws the signal's reason.
 */
export async function walkFacts (
  facts: Facts, rules: WalkRules, writers: Writers, signal?: AbortSignal
): Promise<number> {
  const { crossings, extensions, registrations } = facts
  const slices = createSlices()
  let travellers = 0
  let crossing = 0
  let extension = 0
  let registration = 0
  while (crossing < crossings.count || extension < extensions.count) {
    // Who has neither crossed nor been granted anything has no row anywhere.
    const byCrossing = extension === extensions.count || (crossing < crossings.count &&
      compareKeys(crossings, crossing, extensions, extension) <= 0)
    const lead: KeyedColumns = byCrossing ? crossings : extensions
    const leadRow = byCrossing ? crossing : extension
    while (registration < registrations.count &&
      compareKeys(registrations, registration, lead, leadRow) < 0) registration++
    const history: History = {
      crossings,
      ofCrossings: rangeOf(crossings, crossing, lead, leadRow),
      extensions,
      ofExtensions: rangeOf(extensions, extension, lead, leadRow),
      registrations,
      ofRegistrations: rangeOf(registrations, registration, lead, leadRow)
    }
    writeTraveller(writers, history, walkTraveller(history, rules))
    crossing = history.ofCrossings.to
    extension = history.ofExtensions.to
    registration = history.ofRegistrations.to
    travellers++
    for (const writer of Object.values(writers)) if (writer.isFull()) await writer.flush()
    if (travellers % LOOK_TRAVELLERS === 0 && slices.isOver()) {
      signal?.throwIfAborted()
      await slices.rest()
    }
  }
  return travellers
}

/** The rows from `from` on that are of the same traveller as the lead's row. */
function rangeOf (columns: KeyedColumns, from: number, lead: KeyedColumns, leadRow: number): Range {
  let to = from
  while (to < columns.count && compareKeys(columns, to, lead, leadRow) === 0) to++
  return { from, to }
}
