// Owns the tables that summarise stays: stays_summary, overstays, overstay_rate, registration_coverage, visitors.
import { byCodePoint, type Cell, type Tick } from './csv.ts'
import { dateText, monthText, startOf, type Day } from './dates.ts'
import { fineUsd } from './lists.ts'
import type { Event } from './migrants.ts'
import type { Registration } from './records.ts'
import type { Stay } from './stays.ts'

const dayMs = 24 * 3_600_000

export function staysSummary (stays: readonly Stay[]): Tick[] {
  return stays.map(stay => {
    const { nationality, sex, ageBand, visaClass } = stay.subject
    const month = monthText(stay.beganOn ?? stay.endedOn ?? stay.subject.day)
    return { key: [month, stay.side, stay.state, nationality, sex, ageBand, visaClass], measures: [1, nights(stay)] }
  })
}

export function overstays (stays: readonly Stay[], asOf: Day): Tick[] {
  return stays.flatMap(stay => {
    const { state, endedOn, permittedUntil } = stay
    if (stay.side !== 'inside' || permittedUntil === undefined) return []
    const tick = (kind: string, days: number, fine: number): Tick[] => [{
      key: [dateText(asOf), kind, stay.subject.nationality, stay.subject.visaClass, lengthBand(days)],
      measures: [1, days, fine]
    }]
    if (state === 'open' && permittedUntil < asOf) {
      return tick('in_country', asOf - permittedUntil, fineFor(permittedUntil, asOf))
    }
    if (state === 'closed' && endedOn !== undefined && endedOn > permittedUntil) {
      return tick('out_of_country', endedOn - permittedUntil, fineFor(permittedUntil, endedOn))
    }
    return state === 'lapsed' ? tick('unconfirmed', 366, 0) : []
  })
}

export function overstayRate (stays: readonly Stay[], asOf: Day): Tick[] {
  return stays.flatMap(({ side, state, endedOn, permittedUntil, subject }) => {
    const counts = side === 'inside' && (state === 'open' || state === 'closed' || state === 'lapsed')
    if (!counts || permittedUntil === undefined || permittedUntil >= asOf) return []
    const overstayed = endedOn === undefined || endedOn > permittedUntil
    const key = [monthText(permittedUntil), subject.nationality, subject.visaClass]
    return [{ key, measures: [1, overstayed ? 1 : 0] }]
  })
}

export function registrationCoverage (stays: readonly Stay[], registrationsOf: (stay: Stay) => readonly Registration[],
  asOf: Day): Tick[] {
  return stays.flatMap(stay => {
    const { side, begin, beganAt, beganOn, endedAt, endedOn } = stay
    if (side !== 'inside' || begin === undefined || beganAt === undefined || beganOn === undefined) return []
    // Ended without a time: on the lapse day, hundreds of days later.
    const lasted = endedOn === undefined ? startOf(asOf + 1) - beganAt : (endedAt ?? Infinity) - beganAt
    if (lasted <= dayMs) return []
    const earliest = registrationsOf(stay)
      .filter(({ checkIn }) => beganOn - 1 <= checkIn && checkIn <= (endedOn ?? asOf))
      .sort((a, b) => a.registeredAt - b.registeredAt || byCodePoint(a.id, b.id))[0]
    const place = earliest === undefined
      ? [begin.province, 'unknown']
      : [earliest.accommodation.province, earliest.accommodation.type]
    const outcome = earliest === undefined ? 'never' : earliest.registeredAt <= beganAt + dayMs ? 'within_24h' : 'later'
    return [{ key: [monthText(beganOn), ...place, begin.visaClass, begin.nationality, outcome], measures: [1] }]
  })
}

export function visitors (events: readonly Event[], asOf: Day): Tick[] {
  return events.flatMap(({ stay, flow, crossing, outcome }) => {
    if (stay.side !== 'inside' || flow !== 'in' || outcome === 'migrant' || outcome === 'not_a_change') return []
    const { nationality, purpose, visaClass, documentType, mode, day } = crossing
    const residence = crossing.residence === 'unknown' ? nationality : crossing.residence
    const excluded = residence === 'KHM' || purpose === 'employment' || documentType === 'border_pass' ||
      ['A', 'B', 'border_pass'].includes(visaClass)
    if (excluded) return []
    const kind = (stay.endedOn ?? asOf) > day ? 'overnight' : 'same_day'
    const key: Cell[] = [monthText(day), residence, nationality, purpose, mode, kind]
    return [{ key, measures: [1, nights(stay)] }]
  })
}

/** Only the nights of closed stays are published. */
function nights (stay: Stay): number {
  return stay.state === 'closed' ? (stay.endedOn ?? 0) - (stay.beganOn ?? 0) : 0
}

function lengthBand (days: number): string {
  const bands: [number, string][] = [[7, '1-7'], [30, '8-30'], [90, '31-90'], [180, '91-180'], [365, '181-365']]
  return bands.find(([most]) => days <= most)?.[1] ?? '366+'
}

/** USD for the days after permitted_until, up to and including the last. */
function fineFor (permittedUntil: Day, last: Day): number {
  let fine = 0
  for (let date = permittedUntil + 1; date <= last; date++) fine += fineUsd(date)
  return fine
}
