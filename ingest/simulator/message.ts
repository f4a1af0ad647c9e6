// A message in waiting: everything its line of JSON is made of, as numbers. Times are seconds since 1970 as a clock at
// UTC+7 shows them ("local seconds"), so the civil date is seconds / 86,400.
import { createLedger, type Ledger } from './ledger.ts'

export interface Message {
  contract: number
  sendSecond: number
  sendMs: number
  recordedSecond: number
  recordedMs: number
  /** occurred_at, granted_at or registered_at. */
  second: number
  direction: number
  /** Index of the refusal reason; 0 is admitted. */
  refusal: number
  lane: number
  nationality: number
  ordinal: number
  /** ADULT, CHILD or LONE_MINOR. */
  place: number
  segment: number
  document: number
  visa: number
  /** Last authorised day, or check-out day; 0 is none. */
  untilDay: number
  /** Check-in day, or the date of a tally. */
  startDay: number
  purpose: number
  /** Index of the nationality of the other country; 0 (KHM) is none. */
  country: number
  province: number
  sequence: number
  revision: number
  slip: number
  /** 1 if a national comes home with a returnee block. */
  returnee: number
  /** Persons of a tally; of a registration, the number of the house. */
  count: number
  /** Random word for what nobody counts: flight, alias, reporter. */
  detail: number
}

const WIDTH = 26

export const blankMessage = (): Message => ({
  contract: 0,
  sendSecond: 0,
  sendMs: 0,
  recordedSecond: 0,
  recordedMs: 0,
  second: 0,
  direction: 0,
  refusal: 0,
  lane: 0,
  nationality: 0,
  ordinal: 0,
  place: 0,
  segment: 0,
  document: 0,
  visa: 0,
  untilDay: 0,
  startDay: 0,
  purpose: 0,
  country: 0,
  province: 0,
  sequence: 0,
  revision: 1,
  slip: 0,
  returnee: 0,
  count: 0,
  detail: 0
})

/** Messages by the day on which they are sent. */
export const createOutbox = (): Ledger<Message> => createLedger(WIDTH, store, load)

function store (words: Uint32Array, at: number, m: Message): void {
  words[at] = m.contract
  words[at + 1] = m.sendSecond
  words[at + 2] = m.sendMs
  words[at + 3] = m.recordedSecond
  words[at + 4] = m.recordedMs
  words[at + 5] = m.second
  words[at + 6] = m.direction
  words[at + 7] = m.refusal
  words[at + 8] = m.lane
  words[at + 9] = m.nationality
  words[at + 10] = m.ordinal
  words[at + 11] = m.place
  words[at + 12] = m.segment
  words[at + 13] = m.document
  words[at + 14] = m.visa
  words[at + 15] = m.untilDay
  words[at + 16] = m.startDay
  words[at + 17] = m.purpose
  words[at + 18] = m.country
  words[at + 19] = m.province
  words[at + 20] = m.sequence
  words[at + 21] = m.revision
  words[at + 22] = m.slip
  words[at + 23] = m.count
  words[at + 24] = m.detail
  words[at + 25] = m.returnee
}

function load (words: Uint32Array, at: number, m: Message): void {
  m.contract = words[at]!
  m.sendSecond = words[at + 1]!
  m.sendMs = words[at + 2]!
  m.recordedSecond = words[at + 3]!
  m.recordedMs = words[at + 4]!
  m.second = words[at + 5]!
  m.direction = words[at + 6]!
  m.refusal = words[at + 7]!
  m.lane = words[at + 8]!
  m.nationality = words[at + 9]!
  m.ordinal = words[at + 10]!
  m.place = words[at + 11]!
  m.segment = words[at + 12]!
  m.document = words[at + 13]!
  m.visa = words[at + 14]!
  m.untilDay = words[at + 15]!
  m.startDay = words[at + 16]!
  m.purpose = words[at + 17]!
  m.country = words[at + 18]!
  m.province = words[at + 19]!
  m.sequence = words[at + 20]!
  m.revision = words[at + 21]!
  m.slip = words[at + 22]!
  m.count = words[at + 23]!
  m.detail = words[at + 24]!
  m.returnee = words[at + 25]!
}
