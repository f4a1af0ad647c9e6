// A party: people who travel together, and the next thing they will do. One record waits for each plan.
import { createLedger, type Ledger } from './ledger.ts'

/** A foreign party leaves or comes back; a Cambodian one returns or departs again; a stay is registered or extended. */
export const LEAVE = 0
export const COME_BACK = 1
export const RETURN = 2
export const DEPART = 3
export const REGISTER = 4
export const EXTEND = 5

export interface Party {
  act: number
  /** Local second of the act; where only the day is planned, its first. */
  second: number
  nationality: number
  /** Ordinal of the first member; the others follow it. Adults come before children. */
  ordinal: number
  adults: number
  children: number
  segment: number
  document: number
  lane: number
  visa: number
  /** Last authorised day; 0 is none. */
  untilDay: number
  purpose: number
  /** Index of the other country. */
  country: number
  province: number
  beganSecond: number
  /** Planned day of leaving; 0 is never. */
  leaveDay: number
}

const WIDTH = 16

export const blankParty = (): Party => ({
  act: 0,
  second: 0,
  nationality: 0,
  ordinal: 0,
  adults: 1,
  children: 0,
  segment: 0,
  document: 0,
  lane: 0,
  visa: 0,
  untilDay: 0,
  purpose: 0,
  country: 0,
  province: 0,
  beganSecond: 0,
  leaveDay: 0
})

/** Parties by the day of their next act. */
export const createAgenda = (): Ledger<Party> => createLedger(WIDTH, store, load)

/** How many people travel together. */
export const partySize = (party: Party): number => party.adults + party.children

function store (words: Uint32Array, at: number, p: Party): void {
  words[at] = p.act
  words[at + 1] = p.second
  words[at + 2] = p.nationality
  words[at + 3] = p.ordinal
  words[at + 4] = p.adults
  words[at + 5] = p.children
  words[at + 6] = p.segment
  words[at + 7] = p.document
  words[at + 8] = p.lane
  words[at + 9] = p.visa
  words[at + 10] = p.untilDay
  words[at + 11] = p.purpose
  words[at + 12] = p.country
  words[at + 13] = p.province
  words[at + 14] = p.beganSecond
  words[at + 15] = p.leaveDay
}

function load (words: Uint32Array, at: number, p: Party): void {
  p.act = words[at]!
  p.second = words[at + 1]!
  p.nationality = words[at + 2]!
  p.ordinal = words[at + 3]!
  p.adults = words[at + 4]!
  p.children = words[at + 5]!
  p.segment = words[at + 6]!
  p.document = words[at + 7]!
  p.lane = words[at + 8]!
  p.visa = words[at + 9]!
  p.untilDay = words[at + 10]!
  p.purpose = words[at + 11]!
  p.country = words[at + 12]!
  p.province = words[at + 13]!
  p.beganSecond = words[at + 14]!
  p.leaveDay = words[at + 15]!
}
