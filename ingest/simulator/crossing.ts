// A party at a desk: one crossing message for each of its members.
import { CHN, KHM, LANES, LAO, NATIONALITIES, nationalityIndex, PROVINCES, THA, VNM, type Lane } from './calibration.ts'
import { ADULT, ARRIVAL, CHILD, LONE_MINOR } from './codes.ts'
import { type Party, partySize } from './party.ts'
import { createChooser, type Random } from './random.ts'
import { sendCrossing } from './sending.ts'
import type { World } from './world.ts'

const DAY_SECONDS = 86_400
const SECONDS_PER_PERSON = 9
const HUBS = [THA, VNM, CHN, LAO, ...['SGP', 'KOR', 'MYS', 'HKG', 'TWN', 'JPN', 'ARE'].map(nationalityIndex)]
const chooseHub = createChooser([28, 20, 14, 2, 14, 7, 8, 4, 3, 2, 2])
const visited = createChooser(PROVINCES.map(province => province.visitors))
const home = createChooser(PROVINCES.map(province => province.home))

/**
 * Sends the crossings of a party at its `second` and lane, one person after the other, none after closing.
 * `refusal` is an index of REFUSALS, 0 for admitted.
 */
export function cross (
  world: World, party: Party, direction: number, refusal = 0, returnee = 0, closes?: number
): void {
  const { message, roads } = world
  const lane = LANES[party.lane]!
  const last = world.day * DAY_SECONDS + (closes ?? roads.hours(lane).closes) * 3600 - 1
  const size = partySize(party)
  for (let i = 0; i < size; i++) {
    message.second = Math.min(party.second + i * SECONDS_PER_PERSON, last)
    message.direction = direction
    message.refusal = refusal
    message.returnee = returnee
    message.lane = party.lane
    fillPerson(message, party, i)
    message.visa = party.visa
    message.untilDay = direction === ARRIVAL ? party.untilDay : 0
    message.startDay = 0
    message.purpose = party.purpose
    message.country = party.country
    message.province = party.province
    message.count = 0
    sendCrossing(world, message)
  }
}

/** Copies who the i-th member of a party is. */
export function fillPerson (message: World['message'], party: Party, i: number): void {
  message.nationality = party.nationality
  message.ordinal = party.ordinal + i
  message.place = i < party.adults ? ADULT : party.adults === 0 ? LONE_MINOR : CHILD
  message.segment = party.segment
  message.document = party.document
}

/** The country on the other side of a lane: the neighbour, or by air the home country or a hub. */
export function otherCountry (random: Random, lane: Lane, nationality: number): number {
  if (lane.neighbour >= 0) return lane.neighbour
  const direct = nationality !== KHM && NATIONALITIES[nationality]!.isState && random.next() < 0.45
  return direct ? nationality : HUBS[chooseHub(random.next())]!
}

/** Where a visitor goes: the province of the gate for who stays near it, else where visitors stay. */
export function destination (random: Random, lane: Lane, stayNear: boolean): number {
  if (stayNear) return lane.province
  return PROVINCES[visited(random.next())]!.number
}

/** The home province of a Cambodian. */
export function homeProvince (random: Random): number {
  return PROVINCES[home(random.next())]!.number
}

/** Sets how many travel together: `families` is the share of parties with children. */
export function gather (random: Random, party: Party, families: number, couples: number, sizeMax = 6): void {
  const u = random.next()
  party.children = 0
  party.adults = 1
  if (u < 0.002) {
    party.adults = 0
    party.children = 1
  } else if (u < families && sizeMax > 1) {
    party.children = random.next() < 0.6 || sizeMax < 3 ? 1 : 2
    party.adults = Math.min(sizeMax - party.children, random.next() < 0.75 ? 2 : 1)
  } else if (u < families + couples && sizeMax > 1) {
    party.adults = Math.min(sizeMax, random.next() < 0.85 ? 2 : 4)
  }
}
