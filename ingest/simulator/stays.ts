// How long a foreigner may stay and does stay.
import { CHN, LANES, LAO, nationalityIndex, THA, VNM, type Nationality, NATIONALITIES } from './calibration.ts'
import { parseDay } from '../../core/civil-date.ts'
import {
  BUSINESS, COMMUTER, EMPLOYMENT, NO_VISA, OTHER_PURPOSE, RESIDENT, VISA_A, VISA_BORDER_PASS, VISA_D, VISA_E, VISA_EB,
  VISA_EXEMPT, VISA_K, VISA_T
} from './codes.ts'
import type { Party } from './party.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

// Days of a first stay: definitions §12.
const VISA_DAYS = 30
const BORDER_PASS_DAYS = 7
const TRANSIT_DAYS = 7
const TRANSIT = 6
const CHINA_FROM = parseDay('2026-06-15')!
const CHINA_TO = parseDay('2026-10-15')!
const EXEMPT_DAYS = new Map(Object.entries({
  IDN: 30, LAO: 30, MYS: 30, SGP: 30, VNM: 30, PHL: 21, THA: 14, BRN: 14, MMR: 14, SYC: 14
}).map(([code, days]) => [nationalityIndex(code), days]))
const CHINESE = new Set(['CHN', 'HKG', 'MAC'].map(nationalityIndex))
const DIASPORA = new Set(['USA', 'FRA', 'AUS', 'CAN'].map(nationalityIndex))
const NEIGHBOURS = new Set([THA, VNM, LAO])

/** Days a nationality may stay without a visa from a day on; 0 if it needs one. */
export function exemptDays (nationality: number, day: number): number {
  if (CHINESE.has(nationality) && day >= CHINA_FROM && day <= CHINA_TO) return 14
  return EXEMPT_DAYS.get(nationality) ?? 0
}

export function purposeOf (random: Random, entry: Nationality): number {
  const u = random.next()
  if (u < entry.holiday) return 0
  if (u < entry.holiday + entry.business) return random.next() < 0.9 ? BUSINESS : EMPLOYMENT
  const others = [1, 1, 1, 2, 3, 4, TRANSIT, OTHER_PURPOSE]
  return others[random.below(others.length)]!
}

/** True for the few who come to live here. */
export function comesToLive (random: Random, party: Party): boolean {
  if (party.adults === 0 || party.purpose === 0 || party.purpose === TRANSIT) return false
  const share = party.purpose === EMPLOYMENT ? 0.5 : NEIGHBOURS.has(party.nationality) ? 0.02 : 0.07
  return random.next() < share
}

/** Sets visa class, last authorised day (0 where the class states none) and planned day of leaving (0 is never). */
export function planStay (world: World, party: Party): void {
  const { random, day } = world
  const multipleEntry = party.segment === RESIDENT && party.visa >= VISA_EB && party.untilDay > day + 30
  if (!multipleEntry) {
    party.visa = visaOf(world, party)
    const days = daysOf(party, day)
    party.untilDay = days === 0 ? 0 : day + days - 1
  }
  party.leaveDay = day + nightsOf(random, party)
  if (party.segment === RESIDENT || party.untilDay === 0) return
  if (party.leaveDay > party.untilDay) {
    // Some ask for another month (see paperwork.ts); the others leave on one of the last authorised days.
    const extends_ = (party.visa === VISA_T || party.visa === VISA_E) && random.next() < 0.25
    party.leaveDay = extends_
      ? party.untilDay + random.between(5, 29)
      : Math.max(day, party.untilDay - random.below(3))
  }
  const late = random.next()
  if (late < 0.0008) party.leaveDay = 0
  else if (late < 0.011) party.leaveDay = party.untilDay + 1 + Math.floor(random.exponential(14))
}

function visaOf ({ random, day }: World, party: Party): number {
  if (party.segment === COMMUTER) return VISA_BORDER_PASS
  if (party.segment === RESIDENT) return VISA_E
  if (DIASPORA.has(party.nationality) && random.next() < 0.06) return VISA_K
  if (random.next() < 0.003) return VISA_A + random.below(3)
  if (exemptDays(party.nationality, day) > 0) return random.next() < 0.97 ? VISA_EXEMPT : VISA_T
  if (party.purpose === TRANSIT) return VISA_D
  if (party.purpose === BUSINESS || party.purpose === EMPLOYMENT) return random.next() < 0.85 ? VISA_E : VISA_T
  return random.next() < 0.93 ? VISA_T : VISA_E
}

function daysOf ({ visa, nationality }: Party, day: number): number {
  switch (visa) {
    case VISA_T: case VISA_E: return VISA_DAYS
    case VISA_D: return TRANSIT_DAYS
    case VISA_BORDER_PASS: return BORDER_PASS_DAYS
    case VISA_EXEMPT: return exemptDays(nationality, day)
    default: return NO_VISA
  }
}

/** Nights of the stay. Length of stay is not published: every figure here is an assumption. */
function nightsOf (random: Random, party: Party): number {
  const lane = LANES[party.lane]!
  const u = random.next()
  if (party.segment === COMMUTER) return u < 0.8 ? 0 : random.between(1, 6)
  if (party.segment === RESIDENT) return random.between(60, u < 0.7 ? 400 : 800)
  if (party.visa === VISA_D) return random.between(0, 3)
  if (party.purpose === BUSINESS) return Math.floor(random.exponential(7)) + (lane.route === 'air' ? 2 : 0)
  if (lane.neighbour === party.nationality) {
    if (u < 0.45) return 0
    return u < 0.85 ? random.between(1, 3) : random.between(4, 12)
  }
  if (party.nationality === CHN) return 2 + Math.floor(random.exponential(6))
  return lane.route === 'air' ? 2 + Math.floor(random.exponential(7)) : 1 + Math.floor(random.exponential(5))
}

/** The nationality's row, for its purposes. */
export const habitsOf = (party: Party): Nationality => NATIONALITIES[party.nationality]!
