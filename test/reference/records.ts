// Owns the normalised records of the four contracts; `day` is the business date.
import type { Day } from './dates.ts'

/** What stands for the traveller: reporting code of the issuing state, document type and number. */
export type TravellerKey = string

export interface Person { nationality: string, sex: string, dateOfBirth: string, residence: string }

export interface Crossing extends Person {
  contract: 'gdi.crossing.v1'
  id: string
  day: Day
  occurredAt: number
  recordedAt: number
  checkpoint: string
  direction: 'arrival' | 'exit'
  decision: 'admitted' | 'refused'
  refusalReason: string
  mode: string
  traveller: TravellerKey
  documentType: string
  /** Completed years, or undefined without a date of birth. */
  age: number | undefined
  ageBand: string
  accompaniment: string
  visaClass: string
  permittedUntil: Day | undefined
  purpose: string
  otherCountry: string
  province: string
  carrier: string | undefined
  returnee: { from: string, reason: string, nea: string } | undefined
}

export interface Tally {
  contract: 'gdi.tally.v1'
  id: string
  day: Day
  recordedAt: number
  checkpoint: string
  mode: string
  direction: string
  nationality: string
  sex: string
  count: number
}

export interface Extension {
  contract: 'gdi.extension.v1'
  id: string
  day: Day
  grantedAt: number
  traveller: TravellerKey
  visaClass: string
  permittedUntil: Day
}

export interface Registration extends Person {
  contract: 'fpcs.registration.v1'
  id: string
  day: Day
  registeredAt: number
  channel: string
  reporter: string
  accommodation: {
    id: string
    type: string
    province: string
    district: string | undefined
    commune: string | undefined
  }
  traveller: TravellerKey
  checkIn: Day
  checkOut: Day | undefined
}

export type Fact = Crossing | Tally | Extension | Registration
