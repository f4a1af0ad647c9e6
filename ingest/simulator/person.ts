// A person is a number: sex, birth and document follow from it, so people need no table. The upper 14 bits of an
// ordinal are the day the person first appeared (days since 2000-01-01), the lower 18 a counter of day and nationality.
import { ADULT, CHILD, LONE_MINOR, RESIDENT, RETURNEE, WORKER } from './codes.ts'
import { KHM, NATIONALITIES } from './calibration.ts'
import { FIRST_DAY } from './options.ts'
import { putDigits, type Pen } from './pen.ts'
import { mix } from './random.ts'

export const PERSONS_PER_DAY_MAX = 1 << 18

export interface Person {
  /** Index in SEXES. */
  sex: number
  birthDay: number
  /** How much of the date of birth the document states: 0 all, 1 year and month, 2 year, 3 nothing. */
  birthForm: number
  /** A word that no other person of the nationality has. */
  key: number
  /** Index of the nationality that stands for the state of residence. */
  residence: number
}

const LETTER_A = 65
// By segment, in the order of codes.ts. Returnees: 32 to 34 % women (2014); the others are assumptions.
const MALE_SHARES = [0.54, 0.66, 0.49, 0.54, 0.6, 0.68]

/** The ordinal of the n-th person who first appears on a day. */
export const ordinalOf = (day: number, n: number): number => (((day - FIRST_DAY) << 18) | n) >>> 0

/** Writes who a person is into `person`. `salt` is the seed's. */
export function describePerson (
  person: Person, salt: number, nationality: number, ordinal: number, segment: number, place: number
): void {
  const key = mix(ordinal ^ Math.imul(nationality + 1, 0x9e3779b1) ^ salt)
  person.key = key
  const a = mix(key + 1)
  const b = mix(key + 2)
  person.sex = sexOf(a, segment, place)
  const age = ageOf(b, segment, place)
  person.birthDay = FIRST_DAY + (ordinal >>> 18) - Math.floor((age + (mix(key + 3) & 0xffff) / 65536) * 365.25)
  const form = a >>> 22
  person.birthForm = form >= 12 ? 0 : form < 3 ? 1 : form < 11 ? 2 : 3
  person.residence = residenceOf(mix(key + 4), nationality, segment)
}

/** Writes the number of a document: one to one in the key, two letters and seven digits in one of two orders. */
export function putDocumentNumber (pen: Pen, key: number, nationality: number): void {
  const high = Math.floor(key / 10_000_000)
  const low = key - high * 10_000_000
  const letters = (high + nationality * 7) % 676
  const first = Math.floor(letters / 26)
  pen.bytes[pen.at++] = LETTER_A + first
  const thousands = Math.floor(low / 10_000)
  if (nationality % 3 === 1) {
    putDigits(pen, thousands, 3)
    pen.bytes[pen.at++] = LETTER_A + letters - first * 26
  } else {
    pen.bytes[pen.at++] = LETTER_A + letters - first * 26
    putDigits(pen, thousands, 3)
  }
  putDigits(pen, low - thousands * 10_000, 4)
}

function sexOf (word: number, segment: number, place: number): number {
  const u = (word & 0xfffff) / 0x100000
  if (u > 0.9998) return u > 0.99995 ? 3 : 2
  return u < (place === ADULT ? MALE_SHARES[segment]! : 0.51) ? 1 : 0
}

function ageOf (word: number, segment: number, place: number): number {
  if (place === CHILD) return (word >>> 8) % 17
  if (place === LONE_MINOR) return 12 + (word >>> 8) % 5
  const u = (word & 0xffff) / 65536
  const v = (word >>> 16) / 65536
  // 28 % of returnees were over 45 (2025).
  if (segment === RETURNEE) return u < 0.28 ? 46 + v * 22 : 18 + v * 28
  if (segment === WORKER) return 18 + v * 32
  return 18.2 + (u + v) * 28
}

/** Nearly all live where their passport comes from; a quarter of the long-stayers have made Cambodia their home. */
function residenceOf (word: number, nationality: number, segment: number): number {
  if (segment === RESIDENT && word % 4 === 0) return KHM
  const entry = NATIONALITIES[nationality]!
  if (entry.isState && word % 1000 >= 40) return nationality
  const other = 1 + (word >>> 10) % 16
  return NATIONALITIES[other]!.isState ? other : 1
}
