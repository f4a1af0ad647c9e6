// Owns normalised records: codes mapped, names resolved, absent values named, and what makes a record unacceptable.
import { civilDay, completedYears, day, dayOf, instant, yearsAfter, type Day } from './dates.ts'
import type { Contract, JsonObject } from './decode.ts'
import { checkpointOn, isCountry, isProvince, isRefusalReason, isVisaClass, reportingState } from './lists.ts'
import type {
  Crossing, Extension, Fact, Person, Registration, Tally, TravellerKey
} from './records.ts'

export type NormaliseReason = 'in_future' | 'too_old' | 'checkpoint_unknown' | 'checkpoint_closed' | 'code_unknown' |
  'date_of_birth_invalid' | 'document_invalid'

/** The record of an object that fits its contract and is no void, or the first reason that applies. */
export function normalise (contract: Contract, object: JsonObject, receivedAtMs: number): Fact | NormaliseReason {
  if (contract === 'gdi.crossing.v1') return crossing(object as unknown as RawCrossing, receivedAtMs)
  if (contract === 'gdi.tally.v1') return tally(object as unknown as RawTally, receivedAtMs)
  if (contract === 'gdi.extension.v1') return extension(object as unknown as RawExtension, receivedAtMs)
  return registration(object as unknown as RawRegistration, receivedAtMs)
}

type Maybe<T> = T | null | undefined
interface RawDocument { type: string, issuing_state: string, number: string }
interface RawTraveller {
  nationality: string, sex: string, date_of_birth: Maybe<string>, country_of_residence: Maybe<string>
}
interface RawCrossing {
  event_id: string
  occurred_at: string
  recorded_at: string
  checkpoint: string
  direction: 'arrival' | 'exit'
  decision: 'admitted' | 'refused'
  refusal_reason: Maybe<string>
  mode: Maybe<string>
  document: RawDocument
  traveller: RawTraveller
  accompaniment: Maybe<string>
  visa: Maybe<{ class: string, permitted_until: Maybe<string> }>
  purpose: Maybe<string>
  other_country: Maybe<string>
  destination_province: Maybe<string>
  carrier: Maybe<string>
  returnee: Maybe<{ from: string, reason: string, nea: string }>
}
interface RawTally {
  tally_id: string
  recorded_at: string
  checkpoint: string
  date: string
  direction: string
  nationality: string
  sex: Maybe<string>
  count: number
}
interface RawExtension {
  extension_id: string, granted_at: string, document: RawDocument, visa: { class: string, permitted_until: string }
}
interface RawRegistration {
  registration_id: string
  registered_at: string
  channel: string
  reporter: string
  accommodation: { id: string, type: string, province: string, district: Maybe<string>, commune: Maybe<string> }
  document: RawDocument
  traveller: RawTraveller
  check_in: string
  check_out: Maybe<string>
}

const firstDay = day('2000-01-01')
const toleranceMs = 5 * 60_000

function crossing (raw: RawCrossing, receivedAtMs: number): Crossing | NormaliseReason {
  const occurredAt = instant(raw.occurred_at)
  const date = civilDay(occurredAt)
  if (occurredAt > receivedAtMs + toleranceMs) return 'in_future'
  if (date < firstDay) return 'too_old'
  const checkpoint = checkpointOn(raw.checkpoint, date)
  if (typeof checkpoint === 'string') return checkpoint
  const person = personOf(raw.traveller)
  const state = reportingState(raw.document.issuing_state)
  const known = state !== undefined && person !== undefined && all(isRefusalReason, raw.refusal_reason) &&
    all(isVisaClass, raw.visa?.class) && all(isCountry, raw.other_country, raw.returnee?.from) &&
    all(isProvince, raw.destination_province)
  if (!known) return 'code_unknown'
  if (!bornBefore(person.dateOfBirth, date)) return 'date_of_birth_invalid'
  const traveller = travellerKey(raw.document, state)
  if (traveller === undefined) return 'document_invalid'
  const age = ageOn(person.dateOfBirth, date)
  return {
    contract: 'gdi.crossing.v1',
    id: raw.event_id,
    day: date,
    occurredAt,
    recordedAt: instant(raw.recorded_at),
    checkpoint: checkpoint.code,
    direction: raw.direction,
    decision: raw.decision,
    refusalReason: raw.refusal_reason ?? 'unknown',
    mode: raw.mode ?? checkpoint.mode,
    traveller,
    documentType: raw.document.type,
    ...person,
    age,
    ageBand: ageBand(age),
    accompaniment: raw.accompaniment ?? 'unknown',
    visaClass: raw.visa?.class ?? (raw.document.type === 'border_pass' ? 'border_pass' : 'unknown'),
    permittedUntil: optionalDay(raw.visa?.permitted_until),
    purpose: raw.purpose ?? 'unknown',
    otherCountry: raw.other_country ?? 'unknown',
    province: raw.destination_province ?? 'unknown',
    carrier: raw.carrier ?? undefined,
    // Built anew, so that neither unknown fields nor the order of fields make a difference.
    returnee: raw.returnee
      ? { from: raw.returnee.from, reason: raw.returnee.reason, nea: raw.returnee.nea }
      : undefined
  }
}

function tally (raw: RawTally, receivedAtMs: number): Tally | NormaliseReason {
  const date = day(raw.date)
  if (date > civilDay(receivedAtMs + toleranceMs)) return 'in_future'
  if (date < firstDay) return 'too_old'
  const checkpoint = checkpointOn(raw.checkpoint, date)
  if (typeof checkpoint === 'string') return checkpoint
  const nationality = reportingState(raw.nationality)
  if (nationality === undefined) return 'code_unknown'
  return {
    contract: 'gdi.tally.v1',
    id: raw.tally_id,
    day: date,
    recordedAt: instant(raw.recorded_at),
    checkpoint: checkpoint.code,
    mode: checkpoint.mode,
    direction: raw.direction,
    nationality,
    sex: raw.sex ?? 'U',
    count: raw.count
  }
}

function extension (raw: RawExtension, receivedAtMs: number): Extension | NormaliseReason {
  const grantedAt = instant(raw.granted_at)
  const date = civilDay(grantedAt)
  if (grantedAt > receivedAtMs + toleranceMs) return 'in_future'
  if (date < firstDay) return 'too_old'
  const state = reportingState(raw.document.issuing_state)
  if (state === undefined || !isVisaClass(raw.visa.class)) return 'code_unknown'
  const traveller = travellerKey(raw.document, state)
  if (traveller === undefined) return 'document_invalid'
  return {
    contract: 'gdi.extension.v1',
    id: raw.extension_id,
    day: date,
    grantedAt,
    traveller,
    visaClass: raw.visa.class,
    permittedUntil: day(raw.visa.permitted_until)
  }
}

function registration (raw: RawRegistration, receivedAtMs: number): Registration | NormaliseReason {
  const registeredAt = instant(raw.registered_at)
  const date = civilDay(registeredAt)
  const checkIn = day(raw.check_in)
  if (registeredAt > receivedAtMs + toleranceMs || checkIn > date + 366) return 'in_future'
  if (date < firstDay || checkIn < firstDay) return 'too_old'
  const person = personOf(raw.traveller)
  const state = reportingState(raw.document.issuing_state)
  const { id, type, province, district, commune } = raw.accommodation
  if (state === undefined || person === undefined || !isProvince(province)) return 'code_unknown'
  if (!bornBefore(person.dateOfBirth, date)) return 'date_of_birth_invalid'
  const traveller = travellerKey(raw.document, state)
  if (traveller === undefined) return 'document_invalid'
  return {
    contract: 'fpcs.registration.v1',
    id: raw.registration_id,
    day: date,
    registeredAt,
    channel: raw.channel,
    reporter: raw.reporter,
    accommodation: { id, type, province, district: district ?? undefined, commune: commune ?? undefined },
    traveller,
    ...person,
    checkIn,
    checkOut: optionalDay(raw.check_out)
  }
}

function personOf (raw: RawTraveller): Person | undefined {
  const nationality = reportingState(raw.nationality)
  if (nationality === undefined || !all(isCountry, raw.country_of_residence)) return undefined
  return {
    nationality,
    sex: raw.sex === '<' ? 'X' : raw.sex,
    dateOfBirth: raw.date_of_birth ?? 'unknown',
    residence: raw.country_of_residence ?? 'unknown'
  }
}

function travellerKey (document: RawDocument, state: string): TravellerKey | undefined {
  const number = document.number.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return number === '' ? undefined : `${state}|${document.type}|${number}`
}

/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, whose missing part is given. */
function birthday (dateOfBirth: string, missingMonthAndDay: string, missingDay: string): Day {
  if (dateOfBirth.length === 4) return day(dateOfBirth + missingMonthAndDay)
  return day(dateOfBirth.length === 7 ? dateOfBirth + missingDay : dateOfBirth)
}

const imputedBirthday = (dateOfBirth: string): Day => birthday(dateOfBirth, '-07-01', '-15')

function bornBefore (dateOfBirth: string, date: Day): boolean {
  if (dateOfBirth === 'unknown') return true
  return birthday(dateOfBirth, '-01-01', '-01') <= date && yearsAfter(imputedBirthday(dateOfBirth), 130) >= date
}

function ageOn (dateOfBirth: string, date: Day): number | undefined {
  return dateOfBirth === 'unknown' ? undefined : Math.max(0, completedYears(imputedBirthday(dateOfBirth), date))
}

function ageBand (age: number | undefined): string {
  if (age === undefined) return 'unknown'
  if (age === 0) return '0'
  if (age >= 85) return '85+'
  const bands: [number, number][] = [[1, 4], [15, 17], [18, 19]]
  const [low, high] = bands.find(([from, to]) => age >= from && age <= to) ?? [age - age % 5, age - age % 5 + 4]
  return `${low}-${high}`
}

function all (check: (code: string) => boolean, ...codes: Maybe<string>[]): boolean {
  return codes.every(code => code === undefined || code === null || check(code))
}

function optionalDay (text: Maybe<string>): Day | undefined {
  return text === undefined || text === null ? undefined : dayOf(text)
}
