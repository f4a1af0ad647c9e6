// One traveller's facts as columns, written by hand: what the walks read.
import { parseDay, businessDay } from '../../../core/civil-date.ts'
import { NO_DAY, type History } from '../../../transforms/walks/columns.ts'
import type { WalkRules } from '../../../transforms/walks/rules.ts'

export const FOREIGN = 1
export const NATIONAL = 2

export interface CrossingFact {
  /** RFC 3339 at UTC+7, without the offset: `2024-01-31T10:00:00`. */
  at: string
  way: 'arrival' | 'exit'
  checkpoint?: number
  nationality?: number
  permittedUntil?: string
  province?: number
}
export interface ExtensionFact { granted: string, until: string }
export interface RegistrationFact { at: string, checkIn: string, province: number }

export const day = (text: string): number => parseDay(text)!
export const instant = (text: string): number => Date.parse(`${text}+07:00`)

/** Facts are given in the order in which the selects give them. */
export function history (
  crossings: readonly CrossingFact[], extensions: readonly ExtensionFact[] = [],
  registrations: readonly RegistrationFact[] = []
): History {
  const count = crossings.length
  const codes = (value: (fact: CrossingFact) => number): Int16Array => Int16Array.from(crossings, value)
  return {
    crossings: {
      count,
      key: new Uint32Array(count * 4),
      occurredAt: Float64Array.from(crossings, fact => instant(fact.at)),
      day: Int32Array.from(crossings, fact => businessDay(instant(fact.at))),
      checkpoint: codes(fact => fact.checkpoint ?? 1),
      direction: Uint8Array.from(crossings, fact => fact.way === 'arrival' ? 0 : 1),
      travelMode: new Uint8Array(count),
      documentType: new Uint8Array(count),
      nationality: codes(fact => fact.nationality ?? FOREIGN),
      sex: new Uint8Array(count),
      ageBand: new Uint8Array(count),
      residence: new Int16Array(count),
      visaClass: new Int16Array(count),
      permittedUntil: Int32Array.from(crossings, fact => fact.permittedUntil ? day(fact.permittedUntil) : NO_DAY),
      purpose: new Uint8Array(count),
      province: codes(fact => fact.province ?? 0)
    },
    ofCrossings: { from: 0, to: count },
    extensions: {
      count: extensions.length,
      key: new Uint32Array(extensions.length * 4),
      day: Int32Array.from(extensions, fact => day(fact.granted)),
      visaClass: new Int16Array(extensions.length),
      permittedUntil: Int32Array.from(extensions, fact => day(fact.until))
    },
    ofExtensions: { from: 0, to: extensions.length },
    registrations: {
      count: registrations.length,
      key: new Uint32Array(registrations.length * 4),
      registeredAt: Float64Array.from(registrations, fact => instant(fact.at)),
      checkIn: Int32Array.from(registrations, fact => day(fact.checkIn)),
      province: Int16Array.from(registrations, fact => fact.province),
      accommodationType: new Uint8Array(registrations.length)
    },
    ofRegistrations: { from: 0, to: registrations.length }
  }
}

/** Rules without first stays, so that only what a case says is permitted; `firstStay` in days for every visa class. */
export function rules (asOf: string, firstStay: number | null = null): WalkRules {
  return { asOf: day(asOf), national: NATIONAL, firstStayDays: () => firstStay }
}
