// What a stay brings with it: registration of where somebody sleeps (FPCS) and extensions of the visa.
import {
  COMMUTER, EXTENSION, REGISTRATION, RESIDENT, VISA_E, VISA_EB, VISA_K, VISA_T
} from './codes.ts'
import { fillPerson } from './crossing.ts'
import { EXTEND, partySize, REGISTER, type Party } from './party.ts'
import { createChooser, mix } from './random.ts'
import { GUEST_HOUSES } from './render-papers.ts'
import { send } from './sending.ts'
import type { World } from './world.ts'

const DAY_SECONDS = 86_400
const DAYS_PER_MONTH = 30.4375
const EXTENSIONS_MAX = 12
const HOMES = 40_000
// EB EG ER ES ET, in the order of VISAS. Assumption.
const chooseClass = createChooser([62, 10, 8, 7, 13])

/** Plans registrations and extensions of a stay that has just begun; sets the visa that the party ends with. */
export function planPaperwork (world: World, party: Party): void {
  planRegistration(world, party)
  const isShort = party.visa === VISA_T || party.visa === VISA_E
  if (party.segment === RESIDENT) planExtensions(world, party)
  else if (isShort && party.leaveDay > party.untilDay && world.random.next() < 0.7) extendOnce(world, party)
}

/** Registers every member of the party at one address. */
export function register (world: World, party: Party): void {
  const { message, random } = world
  const checkIn = Math.floor(party.beganSecond / DAY_SECONDS)
  const knowsCheckOut = party.leaveDay >= checkIn && random.next() < 0.45
  const word = mix(party.ordinal ^ party.province)
  const house = party.segment === RESIDENT ? GUEST_HOUSES + word % HOMES : word % GUEST_HOUSES
  const size = partySize(party)
  for (let i = 0; i < size; i++) {
    message.contract = REGISTRATION
    fillPerson(message, party, i)
    message.second = Math.min(party.second + i * 20, lastSecond(party))
    message.startDay = checkIn
    message.untilDay = knowsCheckOut ? party.leaveDay : 0
    message.province = party.province
    message.visa = party.visa
    message.count = house
    send(world, message, random.between(1, 30))
  }
}

/** Grants every member of the party its extension. */
export function extend (world: World, party: Party): void {
  const { message, random } = world
  const size = partySize(party)
  for (let i = 0; i < size; i++) {
    message.contract = EXTENSION
    fillPerson(message, party, i)
    message.second = Math.min(party.second + i * 45, lastSecond(party))
    message.visa = party.visa
    message.untilDay = party.untilDay
    send(world, message, random.between(5, 300))
  }
}

/** Members of a party follow one another, but not into the next day: the date is part of a message's id. */
function lastSecond ({ second }: Party): number {
  return (Math.floor(second / DAY_SECONDS) + 1) * DAY_SECONDS - 1
}

/**
 * In time, late or never (the reporting duty is 24 hours). Shares by kind of stay follow the GDI's remark of 2023 that
 * long-stayers are recorded and tourists hardly are; the figures are assumptions.
 */
function planRegistration (world: World, party: Party): void {
  const { random, day } = world
  if (party.leaveDay === day) return
  if (random.next() >= registeredShare(party)) return
  const u = random.next()
  const delay = u < 0.55 ? random.between(3600, 80_000) : random.between(1, u < 0.94 ? 20 : 90) * DAY_SECONDS + 3600
  planRegister(world, party, party.beganSecond, party.beganSecond + delay)
  if (party.segment !== RESIDENT || random.next() >= 0.25) return
  // A quarter of the long-stayers move house, and register anew.
  const moved = party.beganSecond + random.between(60, 200) * DAY_SECONDS
  planRegister(world, party, moved, moved + random.between(3600, 5 * DAY_SECONDS))
}

function registeredShare ({ segment, visa }: Party): number {
  if (segment === RESIDENT) return 0.93
  if (segment === COMMUTER) return 0.03
  return visa === VISA_K ? 0.45 : 0.38
}

/** Plans a registration of an address taken at `began`, unless the party has left before `second`. */
function planRegister ({ agenda }: World, party: Party, began: number, second: number): void {
  const registeredOn = Math.floor(second / DAY_SECONDS)
  if (party.leaveDay !== 0 && registeredOn >= party.leaveDay) return
  const kept = { second: party.second, began: party.beganSecond }
  party.act = REGISTER
  party.second = second
  party.beganSecond = began
  agenda.put(registeredOn, party)
  party.second = kept.second
  party.beganSecond = kept.began
}

/** A chain of extensions that covers a long stay; a few stop too early and overstay. */
function planExtensions (world: World, party: Party): void {
  const { random, day } = world
  if (party.visa < VISA_EB) party.visa = VISA_EB + chooseClass(random.next())
  for (let i = 0; i < EXTENSIONS_MAX && party.untilDay < party.leaveDay; i++) {
    if (random.next() < 0.03) return
    const left = party.leaveDay - party.untilDay
    const months = left > 300 && random.next() < 0.6 ? 12 : left > 150 ? 6 : left > 60 ? 3 : 1
    grant(world, party, Math.max(day + 1, party.untilDay - random.below(10)), months)
  }
}

function extendOnce (world: World, party: Party): void {
  grant(world, party, Math.max(world.day + 1, party.untilDay - world.random.below(6)), 1)
}

/** Plans an extension by whole months, granted in office hours of a day. */
function grant ({ agenda, random }: World, party: Party, grantedOn: number, months: number): void {
  const before = party.second
  party.untilDay += Math.round(months * DAYS_PER_MONTH)
  party.act = EXTEND
  party.second = grantedOn * DAY_SECONDS + random.between(8 * 3600, 17 * 3600)
  agenda.put(grantedOn, party)
  party.second = before
}
