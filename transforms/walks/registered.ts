// What registrations say of a stay: where the traveller stayed day by day (docs/method.md §4), and whether and when the
// stay was registered (§6).
import { DAY_MS } from '../../core/civil-date.ts'
import { type CrossingColumns, type Range, type RegistrationColumns, NO_DAY } from './columns.ts'
import { LATER, NEVER, NONE, WITHIN_24H } from './outcomes.ts'
import type { Stay } from './stays.ts'

/** Days [from, until) of a stay in one province; `until` is NO_DAY while the stay is open. */
export interface Spell { from: number, until: number, province: number }

export interface Coverage {
  /** Ordinal of COVERAGE_OUTCOMES, NONE for a stay that is not counted. */
  outcome: number
  /** Row of the earliest registration, −1 where there is none. */
  row: number
}

/** The stay's days by province, in order. None for a stay of no night. Check-ins after as_of begin spells to come. */
export function spellsOf (
  stay: Stay, crossings: CrossingColumns, registrations: RegistrationColumns, range: Range
): Spell[] {
  const { beganOn, endedOn } = stay
  if (endedOn !== NO_DAY && endedOn <= beganOn) return []
  const spells = [{ from: beganOn, until: endedOn, province: crossings.province[stay.begin] as number }]
  if (range.from === range.to) return spells
  for (const row of byCheckIn(registrations, range, beganOn - 1, endedOn === NO_DAY ? Infinity : endedOn - 1)) {
    const last = spells.at(-1) as Spell
    const from = Math.max(beganOn, registrations.checkIn[row] as number)
    const province = registrations.province[row] as number
    if (from === last.from) {
      last.province = province
    } else {
      last.until = from
      spells.push({ from, until: endedOn, province })
    }
  }
  return merged(spells)
}

/** Rows with a check-in in [first, last], by check-in, then registered_at and id as the columns are ordered. */
function byCheckIn ({ checkIn }: RegistrationColumns, { from, to }: Range, first: number, last: number): number[] {
  const rows: number[] = []
  for (let row = from; row < to; row++) {
    const day = checkIn[row] as number
    if (first <= day && day <= last) rows.push(row)
  }
  return rows.sort((a, b) => (checkIn[a] as number) - (checkIn[b] as number) || a - b)
}

function merged (spells: Spell[]): Spell[] {
  return spells.reduce<Spell[]>((kept, spell) => {
    const last = kept.at(-1)
    if (last?.province === spell.province) last.until = spell.until
    else kept.push(spell)
    return kept
  }, [])
}

/** Whether a stay that lasted past 24 hours was registered, and by which registration first. */
export function coverageOf (
  stay: Stay, crossings: CrossingColumns, registrations: RegistrationColumns, range: Range, asOf: number
): Coverage {
  const { beganOn, endedOn, endedAt } = stay
  const beganAt = crossings.occurredAt[stay.begin] as number
  // Until the end of as_of it is more than 24 hours from any time of an earlier day.
  const lasted = endedOn === NO_DAY ? beganOn < asOf : Number.isNaN(endedAt) || endedAt - beganAt > DAY_MS
  if (!lasted) return { outcome: NONE, row: -1 }
  const last = endedOn === NO_DAY ? asOf : endedOn
  for (let row = range.from; row < range.to; row++) {
    const checkIn = registrations.checkIn[row] as number
    if (beganOn - 1 <= checkIn && checkIn <= last) {
      const inTime = (registrations.registeredAt[row] as number) <= beganAt + DAY_MS
      return { outcome: inTime ? WITHIN_24H : LATER, row }
    }
  }
  return { outcome: NEVER, row: -1 }
}
