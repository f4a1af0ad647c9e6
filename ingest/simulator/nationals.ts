// Cambodians go abroad and come home: travellers, commuters with border passes, workers, and the waves of returnees.
import { KHM, LANES, laneOf, RETURNEE_WAVES, THA, type Lane } from './calibration.ts'
import {
  ARRIVAL, BORDER_PASS, BUSINESS, COMMUTER, EMPLOYMENT, EXIT, HOLIDAY, NO_VISA, OTHER_PURPOSE, PASSPORT, RETURNEE,
  SHOPPING, TRAVELLER, VISIT, WORKER
} from './codes.ts'
import { cross, gather, homeProvince, otherCountry } from './crossing.ts'
import { blankParty, DEPART, partySize, RETURN, type Party } from './party.ts'
import { createChooser } from './random.ts'
import { secondAfter, secondWithin, type Hours } from './roads.ts'
import { newPeople, type World } from './world.ts'

const DAY_SECONDS = 86_400
const REFUSED_EXIT_SHARE = 0.00008
const RETURNEE_GATE = laneOf('KHC-DNG')
const RETURNEE_HOURS: Hours = { opens: 9, closes: 15 }
// passport, border_pass, travel_document, emergency, other. Assumption.
const returneeDocument = createChooser([45, 20, 10, 15, 10])
const travellerPurpose = [HOLIDAY, HOLIDAY, HOLIDAY, VISIT, VISIT, SHOPPING, 2, 3, BUSINESS, OTHER_PURPOSE]

/** Fills today's departures up to their number, and brings home festival visitors and waves of returnees. */
export function moveNationals (world: World): void {
  const { random, plan, options } = world
  const party = blankParty()
  const target = random.poisson(plan.nationals * options.scale)
  while (world.departed < target) {
    meet(world, party)
    depart(world, party)
  }
  world.departed -= target
  for (let left = random.poisson(plan.homecoming * options.scale); left > 0; left -= partySize(party)) {
    comeForFestival(world, party)
  }
  for (const wave of RETURNEE_WAVES) {
    if (world.day < wave.fromDay || world.day > wave.toDay) continue
    const persons = wave.persons * options.scale
    // A wave of a single day is a count that was reported; those of several days are means.
    const count = wave.fromDay === wave.toDay ? Math.round(persons) : random.poisson(persons)
    for (let left = count; left > 0; left -= partySize(party)) flee(world, party, wave.lane, wave, left)
  }
}

/** A party that was abroad comes home; where only returnees are let in, as one of them. */
export function comeHome (world: World, party: Party): void {
  const { random, roads, day, agenda } = world
  let lane = LANES[party.lane]!
  let isReturnee = 0
  if (Math.floor(party.beganSecond / DAY_SECONDS) !== day) {
    let hours = roads.hours(lane)
    if (!roads.isOpen(lane)) {
      isReturnee = roads.admits(lane) === 'returnees' ? 1 : 0
      lane = isReturnee === 1 ? RETURNEE_GATE : roads.wayFor(random, KHM)
      hours = isReturnee === 1 ? RETURNEE_HOURS : roads.hours(lane)
    }
    party.lane = lane.index
    party.second = day * DAY_SECONDS + secondWithin(random, lane.route === 'air', hours)
  }
  party.country = otherCountry(random, lane, KHM)
  cross(world, party, ARRIVAL, 0, isReturnee, isReturnee === 1 ? RETURNEE_HOURS.closes : undefined)
  const u = random.next()
  party.act = DEPART
  if (party.segment === COMMUTER && u < 0.85) agenda.put(day + random.between(1, 3), party)
  if (party.segment === TRAVELLER && u < 0.12) agenda.put(day + random.between(20, 120), party)
}

/** A party that was home goes abroad again, unless the way it lives by is closed. */
export function departAgain (world: World, party: Party): void {
  const { random, roads } = world
  const lane = LANES[party.lane]!
  if (!roads.isOpen(lane)) {
    if (party.segment !== TRAVELLER) return
    party.lane = roads.wayFor(random, KHM).index
  }
  depart(world, party)
  // Workers who were home for a festival go back beside the ordinary departures.
  if (party.segment === WORKER) world.departed -= partySize(party)
}

function meet (world: World, party: Party): void {
  const { random, roads } = world
  const lane = roads.wayFor(random, KHM)
  const u = random.next()
  const isLand = lane.route !== 'air'
  party.segment = isLand && u < 0.08 ? COMMUTER : u > (lane.neighbour === THA ? 0.72 : 0.85) ? WORKER : TRAVELLER
  gather(random, party, party.segment === TRAVELLER ? 0.06 : 0.005, party.segment === TRAVELLER ? 0.15 : 0.05)
  startOut(world, party, lane)
  party.document = party.segment === COMMUTER ? BORDER_PASS : PASSPORT
  party.purpose = travellerPurpose[random.below(travellerPurpose.length)]!
  if (party.segment === WORKER) party.purpose = EMPLOYMENT
  if (party.segment === COMMUTER) party.purpose = SHOPPING
}

/** Fields that every Cambodian party begins with. */
function startOut (world: World, party: Party, lane: Lane): void {
  party.nationality = KHM
  party.lane = lane.index
  party.visa = NO_VISA
  party.untilDay = 0
  party.province = homeProvince(world.random)
  party.ordinal = newPeople(world, KHM, partySize(party))
}

function depart (world: World, party: Party): void {
  const { random, roads, day, agenda } = world
  const lane = LANES[party.lane]!
  world.departed += partySize(party)
  party.second = day * DAY_SECONDS + secondWithin(random, lane.route === 'air', roads.hours(lane))
  party.beganSecond = party.second
  party.country = otherCountry(random, lane, KHM)
  if (random.next() < REFUSED_EXIT_SHARE) return cross(world, party, EXIT, 1 + random.below(3))
  cross(world, party, EXIT)
  const nights = nightsAbroad(world, party, lane)
  if (nights < 0) return
  const ready = party.second - day * DAY_SECONDS + partySize(party) * 60
  const back = nights > 0 ? -1 : secondAfter(random, ready, roads.hours(lane).closes)
  party.act = RETURN
  if (back >= 0) party.second = day * DAY_SECONDS + back
  agenda.put(back >= 0 ? day : day + Math.max(1, nights), party)
}

/** Nights abroad; −1 for those who do not come back in any time that matters here. Assumptions. */
function nightsAbroad ({ random }: World, party: Party, lane: Lane): number {
  const u = random.next()
  if (party.segment === COMMUTER) return u < 0.7 ? 0 : random.between(1, 6)
  if (party.segment === WORKER) return u < 0.3 ? -1 : random.between(90, 720)
  if (lane.route === 'air') return 2 + Math.floor(random.exponential(8))
  return u < 0.3 ? 0 : 1 + Math.floor(random.exponential(4))
}

/** Cambodians who live abroad (they left before the feed, or unseen) come home for a festival and go back after it. */
function comeForFestival (world: World, party: Party): void {
  const { random, roads, plan, day } = world
  const lane = (random.next() < 0.9 ? roads.along(random, 'thailand') : null) ?? roads.wayFor(random, KHM)
  party.segment = WORKER
  gather(random, party, 0.05, 0.15)
  startOut(world, party, lane)
  party.document = PASSPORT
  party.purpose = VISIT
  party.second = day * DAY_SECONDS + secondWithin(random, lane.route === 'air', roads.hours(lane))
  party.country = otherCountry(random, lane, KHM)
  cross(world, party, ARRIVAL)
  party.purpose = EMPLOYMENT
  if (random.next() >= 0.92) return
  party.act = DEPART
  world.agenda.put(Math.max(day + 1, plan.festivalEnds + random.between(1, 8)), party)
}

/** Returnees whose departure nobody saw; at most `sizeMax` of them. */
function flee (world: World, party: Party, lane: Lane, hours: Hours, sizeMax: number): void {
  const { random, day } = world
  party.segment = RETURNEE
  gather(random, party, 0.054, 0.1, sizeMax)
  startOut(world, party, lane)
  party.document = returneeDocument(random.next())
  party.purpose = OTHER_PURPOSE
  party.second = day * DAY_SECONDS + secondWithin(random, false, hours)
  party.country = THA
  cross(world, party, ARRIVAL, 0, 1, hours.closes)
}
