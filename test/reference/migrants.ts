// Owns the 12/16-month walk: which beginnings and endings of stays were long-term migration.
import type { Tick } from './csv.ts'
import { monthText, type Day } from './dates.ts'
import type { Crossing } from './records.ts'
import type { Stay } from './stays.ts'

export type Outcome = 'migrant' | 'not_migrant' | 'not_a_change' | 'undetermined'

export interface Event {
  stay: Stay
  flow: 'in' | 'out'
  crossing: Crossing
  day: Day
  /** By the walk; for the ending of a `no_begin`, which takes no part in it, `undetermined`. */
  outcome: Outcome
  published: Outcome
}

const windowDays = 487
const longDays = 365

/** The events of one traveller, whose stays come in walk order. */
export function migrationEvents (stays: readonly Stay[], firstFact: Day, asOf: Day): Event[] {
  const events: Event[] = []
  let resident = false
  let wasUndetermined = false
  let noBegins: Day[] = []

  const add = (stay: Stay, flow: 'in' | 'out', crossing: Crossing): void => {
    const day = crossing.day
    const outcome = flow === 'in'
      ? resident ? 'not_a_change' : outcomeOfIn(stays, day, asOf)
      : resident ? outcomeOfOut(stays, day, asOf) : 'not_a_change'
    const early = [firstFact, ...noBegins].some(since => day - since < windowDays)
    const hidden = wasUndetermined || (early && !(flow === 'out' && resident))
    events.push({ stay, flow, crossing, day, outcome, published: hidden ? 'undetermined' : outcome })
    wasUndetermined ||= outcome === 'undetermined'
    if (outcome === 'migrant') resident = flow === 'in'
  }

  for (const stay of stays) {
    if (stay.begin !== undefined) add(stay, 'in', stay.begin)
    if (stay.state === 'closed' && stay.end !== undefined) add(stay, 'out', stay.end)
    if (stay.state === 'no_begin' && stay.end !== undefined) {
      const { end } = stay
      const outcome = 'undetermined'
      events.push({ stay, flow: 'out', crossing: end, day: end.day, outcome, published: outcome })
      noBegins = [...noBegins, end.day]
    }
  }
  return events
}

export function migrants (events: readonly Event[]): Tick[] {
  return events.map(({ stay, flow, crossing, day, published }) => ({
    key: [monthText(day), stay.side, flow, crossing.nationality, crossing.sex, crossing.ageBand, published],
    measures: [1]
  }))
}

function outcomeOfIn (stays: readonly Stay[], day: Day, asOf: Day): Outcome {
  const end = day + windowDays
  const times = stays.map(stay => timeIn(stay, asOf))
  const spent = sum(times.map(({ from, to }) => overlap(from, to, day, end)))
  const possible = sum(times.map(({ to, possibleTo }) => overlap(to, possibleTo, day, end)))
  if (spent >= longDays) return 'migrant'
  return spent + possible + daysLeft(end, asOf) < longDays ? 'not_migrant' : 'undetermined'
}

function outcomeOfOut (stays: readonly Stay[], day: Day, asOf: Day): Outcome {
  const end = day + windowDays
  const until = Math.min(end, asOf)
  // Stays of one traveller never overlap, so days outside all of them are the days less those inside each.
  const inside = sum(stays.map(({ beganOn, endedOn }) =>
    beganOn === undefined ? 0 : overlap(beganOn, endedOn ?? asOf, day, until)))
  const away = until - day - inside
  if (away >= longDays) return 'migrant'
  return away + daysLeft(end, asOf) < longDays ? 'not_migrant' : 'undetermined'
}

/** Nights [from, to) count as spent, [to, possibleTo) as possible. */
function timeIn (stay: Stay, asOf: Day): { from: Day, to: Day, possibleTo: Day } {
  const { state, beganOn: from, endedOn, permittedUntil } = stay
  const authorisedTo = permittedUntil === undefined ? undefined : permittedUntil + 1
  if (from === undefined || state === 'no_end' || state === 'no_begin') return { from: 0, to: 0, possibleTo: 0 }
  if (state === 'closed') return { from, to: endedOn ?? from, possibleTo: endedOn ?? from }
  if (state === 'lapsed') {
    const to = authorisedTo ?? endedOn ?? from
    return { from, to, possibleTo: to }
  }
  return { from, to: Math.min(authorisedTo ?? asOf, asOf), possibleTo: asOf }
}

/** Days of a window that begin at as_of or later: as_of itself is not yet over. */
function daysLeft (windowEnd: Day, asOf: Day): number {
  return Math.max(0, windowEnd - asOf)
}

function overlap (from: Day, to: Day, start: Day, end: Day): number {
  return Math.max(0, Math.min(to, end) - Math.max(from, start))
}

function sum (numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
