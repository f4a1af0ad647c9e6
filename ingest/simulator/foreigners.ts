// Foreigners come, stay, leave and come back.
import { LANES, NATIONALITIES } from './calibration.ts'
import { nationalityShares } from './calendar.ts'
import {
  ARRIVAL, BORDER_PASS, BUSINESS, COMMUTER, EXIT, HOLIDAY, MINOR_UNACCOMPANIED, PASSPORT, RESIDENT, VISITOR
} from './codes.ts'
import { cross, destination, gather, otherCountry } from './crossing.ts'
import { planPaperwork } from './paperwork.ts'
import { blankParty, COME_BACK, LEAVE, partySize, type Party } from './party.ts'
import { secondAfter, secondWithin } from './roads.ts'
import { comesToLive, habitsOf, planStay, purposeOf } from './stays.ts'
import { newPeople, type World } from './world.ts'

const DAY_SECONDS = 86_400
/** 1,024 refused of 4,849,922 who entered, January to September 2024. */
const REFUSED_SHARE = 21 / 100_000
// A border-pass holder comes again after nearly every visit, so few new ones keep up their share of traffic.
const NEW_COMMUTER_SHARE = 0.08

/** Fills today's arrivals up to their number with people who were not here before. */
export function admitForeigners (world: World): void {
  const { random, plan, arrived, options } = world
  const shares = nationalityShares(plan.closedness)
  const mean = plan.foreigners * options.scale * (0.96 + 0.08 * random.next())
  const party = blankParty()
  for (let nationality = 0; nationality < shares.length; nationality++) {
    const target = random.poisson(mean * shares[nationality]!)
    while (arrived[nationality]! < target) {
      meet(world, party, nationality)
      arrive(world, party)
    }
    // What a last family brings too many is missing tomorrow.
    arrived[nationality]! -= target
  }
}

/** A party that left comes back, unless its gate is closed or its nationality's share of the day is taken. */
export function comeBack (world: World, party: Party): void {
  const { random, plan, roads, options, arrived, agenda } = world
  const lane = LANES[party.lane]!
  const share = plan.foreigners * options.scale * nationalityShares(plan.closedness)[party.nationality]!
  if (share > 8 && arrived[party.nationality]! > share * 0.8) {
    if (random.next() < 0.4) agenda.put(world.day + random.between(1, 6), party)
    return
  }
  if (party.segment === COMMUTER && !roads.isOpen(lane)) return
  if (party.segment !== COMMUTER && !(roads.isOpen(lane) && random.next() < 0.6)) {
    party.lane = roads.wayFor(random, party.nationality).index
  }
  arrive(world, party)
}

/** A foreign party leaves: by its own gate as a rule, or by another that is open. */
export function leave (world: World, party: Party): void {
  const { random, roads, day, agenda } = world
  const isSameDay = Math.floor(party.beganSecond / DAY_SECONDS) === day
  if (!isSameDay) {
    const entry = LANES[party.lane]!
    const loyal = roads.isOpen(entry) && random.next() < (party.segment === COMMUTER ? 0.98 : 0.78)
    const lane = loyal ? entry : roads.wayFor(random, party.nationality)
    party.lane = lane.index
    party.second = day * DAY_SECONDS + secondWithin(random, lane.route === 'air', roads.hours(lane))
  }
  party.country = otherCountry(random, LANES[party.lane]!, party.nationality)
  cross(world, party, EXIT)
  const wait = nightsAway(world, party)
  if (wait === 0) return
  party.act = COME_BACK
  agenda.put(day + wait, party)
}

/** A party never seen before, at the gate its nationality uses. */
function meet (world: World, party: Party, nationality: number): void {
  const { random, roads } = world
  const lane = roads.wayFor(random, nationality)
  party.lane = lane.index
  party.nationality = nationality
  const isNeighbour = lane.neighbour === nationality
  const isCommuter = isNeighbour && random.next() < NEW_COMMUTER_SHARE
  gather(random, party, isCommuter ? 0.01 : 0.07, isCommuter ? 0 : 0.17)
  party.purpose = purposeOf(random, NATIONALITIES[nationality]!)
  party.segment = isCommuter ? COMMUTER : comesToLive(random, party) ? RESIDENT : VISITOR
  party.document = isCommuter ? BORDER_PASS : random.next() < 0.995 ? PASSPORT : 2
  party.visa = 0
  party.ordinal = newPeople(world, nationality, partySize(party))
}

/** A foreign party at the desk: refused, or admitted with all that follows. */
function arrive (world: World, party: Party): void {
  const { random, roads, day, agenda, arrived } = world
  const lane = LANES[party.lane]!
  arrived[party.nationality]! += partySize(party)
  party.second = day * DAY_SECONDS + secondWithin(random, lane.route === 'air', roads.hours(lane))
  party.beganSecond = party.second
  party.country = otherCountry(random, lane, party.nationality)
  if (party.segment !== RESIDENT || party.province === 0) {
    party.province = destination(random, lane, party.segment === COMMUTER || lane.neighbour === party.nationality)
  }
  planStay(world, party)
  if (random.next() < REFUSED_SHARE) {
    const reason = party.adults === 0 ? MINOR_UNACCOMPANIED : 1 + random.below(MINOR_UNACCOMPANIED - 1)
    return cross(world, party, ARRIVAL, reason)
  }
  cross(world, party, ARRIVAL)
  const staysDay = party.leaveDay === day ? sameDayExit(world, party) : 0
  if (staysDay < 0) party.leaveDay = day + 1
  planPaperwork(world, party)
  if (party.leaveDay === 0) return
  party.act = LEAVE
  if (staysDay > 0) party.second = staysDay
  agenda.put(party.leaveDay, party)
}

/** The local second at which a party leaves on the day it came; −1 if the gate closes too soon. */
function sameDayExit ({ random, roads, day }: World, party: Party): number {
  const midnight = day * DAY_SECONDS
  const { closes } = roads.hours(LANES[party.lane]!)
  const second = secondAfter(random, party.second - midnight + partySize(party) * 60, closes)
  return second < 0 ? -1 : midnight + second
}

/** Nights until a party that left comes back; 0 for never. */
function nightsAway ({ random, day }: World, party: Party): number {
  const u = random.next()
  if (party.segment === COMMUTER) return u < 0.85 ? random.between(1, 4) : 0
  if (party.segment === RESIDENT) return u < 0.6 && party.untilDay > day ? random.between(4, 30) : 0
  if (LANES[party.lane]!.neighbour === party.nationality && habitsOf(party).holiday > 0) {
    return u < 0.3 ? random.between(5, 45) : 0
  }
  if (party.purpose === BUSINESS) return u < 0.2 ? random.between(14, 90) : 0
  return u < (party.purpose === HOLIDAY ? 0.07 : 0.12) ? random.between(60, 400) : 0
}
