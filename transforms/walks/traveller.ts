// One traveller's facts in; stays, what is counted by them, and the day of the next change that no event brings, out.
import type { History, Range, RegistrationColumns } from './columns.ts'
import { walkMigrants, type StayEvents } from './migrants.ts'
import { INSIDE, NONE, OPEN } from './outcomes.ts'
import { permit, type Grant } from './permitted-until.ts'
import { coverageOf, spellsOf, type Coverage, type Spell } from './registered.ts'
import type { WalkRules } from './rules.ts'
import { lapse, lapseDay, walkStays, type Stay } from './stays.ts'

export interface WalkedStay {
  stay: Stay
  events: StayEvents
  /** Of inside stays with a beginning. */
  coverage: Coverage
  spells: readonly Spell[]
}

export interface WalkedTraveller {
  /** Ordinal of SIDES. */
  side: number
  stays: WalkedStay[]
  grants: readonly Grant[]
  /** Rows of crossings that repeat the stamp before. */
  repeated: readonly number[]
  /** The earliest day from which something may differ though no fact came; Infinity if nothing may. */
  dueOn: number
}

const NOT_COVERED: Coverage = { outcome: NONE, row: -1 }
const NO_SPELLS: readonly Spell[] = []

/** Walks one traveller. Facts are those with a business date up to `rules.asOf`. */
export function walkTraveller (history: History, rules: WalkRules): WalkedTraveller {
  const { crossings, ofCrossings, extensions, ofExtensions, registrations, ofRegistrations } = history
  if (ofCrossings.from === ofCrossings.to) {
    const grants = permit(null, crossings, extensions, ofExtensions, rules)
    return { side: INSIDE, stays: [], grants, repeated: [], dueOn: Infinity }
  }
  const walk = walkStays(crossings, ofCrossings, rules.national)
  const grants = permit(walk, crossings, extensions, ofExtensions, rules)
  for (const stay of walk.stays) if (stay.begin >= 0) lapse(stay, rules.asOf)
  const migrants = walkMigrants(walk, rules.asOf)
  const stays = walk.stays.map((stay, place): WalkedStay => {
    const counted = walk.side === INSIDE && stay.begin >= 0
    return {
      stay,
      events: migrants.events[place] as StayEvents,
      coverage: counted ? coverageOf(stay, crossings, registrations, ofRegistrations, rules.asOf) : NOT_COVERED,
      spells: counted ? spellsOf(stay, crossings, registrations, ofRegistrations) : NO_SPELLS
    }
  })
  return {
    side: walk.side,
    stays,
    grants,
    repeated: walk.repeated,
    dueOn: Math.min(migrants.dueOn, dueOf(walk.stays.at(-1), registrations, ofRegistrations, rules.asOf))
  }
}

/** When an open stay lapses, is a day old, or comes to a check-in that was still ahead. */
function dueOf (
  last: Stay | undefined, { checkIn }: RegistrationColumns, { from, to }: Range, asOf: number
): number {
  if (last === undefined || last.state !== OPEN) return Infinity
  let due = lapseDay(last)
  if (last.beganOn >= asOf) due = Math.min(due, last.beganOn + 1)
  for (let row = from; row < to; row++) {
    const day = checkIn[row] as number
    if (day > asOf) due = Math.min(due, day)
  }
  return due
}
