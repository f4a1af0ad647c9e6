// How an event of a case is written: what a case is about, over a plain German tourist at the land gate of Bavet.
import type { TestMessage } from '../support/warehouse.ts'

type Fields = Record<string, unknown>

/** Far behind every event, so that none lies in the future unless its case says when it came. */
const RECEIVED = '2036-01-01T00:00:00+07:00'

/**
 * The message of a `given` entry, number `n` of its case. An entry is one of
 * - `arrival`, `exit`: time at UTC+7; `who` is the document number (P1), `nation` its state and nationality (DEU)
 * - `extension`: time granted, `until` the day it permits
 * - `registration`: time registered, `check_in` (that day), `province`, `type` of the accommodation
 * - `tally`: its date
 * - `void`: the id that is withdrawn, `of` the contract (`gdi.crossing.v1`)
 * - `raw`: a text that is sent as it stands
 * with `received` (a time with offset), and any field of the contract over the defaults; `null` takes one away.
 */
export function givenMessage (entry: Fields, n: number): TestMessage {
  const { received = RECEIVED, raw, ...rest } = entry
  const text = typeof raw === 'string' ? raw : JSON.stringify(fieldsOf(rest, n))
  return { bytes: Buffer.from(text), receivedAtMs: Date.parse(received as string) }
}

function fieldsOf (entry: Fields, n: number): Fields {
  const { arrival, exit, extension, registration, tally, void: voided, ...more } = entry
  if (arrival !== undefined) return crossing('arrival', arrival as string, more, n)
  if (exit !== undefined) return crossing('exit', exit as string, more, n)
  if (extension !== undefined) return extensionOf(extension as string, more, n)
  if (registration !== undefined) return registrationOf(registration as string, more, n)
  if (tally !== undefined) return tallyOf(tally as string, more, n)
  if (voided !== undefined) return voidOf(voided as string, more)
  throw new Error(`given ${n}: expected arrival, exit, extension, registration, tally, void or raw`)
}

function crossing (direction: string, at: string, { who = 'P1', nation = 'DEU', ...more }: Fields, n: number): Fields {
  return over({
    contract: 'gdi.crossing.v1',
    event_id: `e${n}`,
    revision: 1,
    action: 'record',
    occurred_at: instant(at),
    recorded_at: instant(at),
    checkpoint: 'KHC-BVT',
    direction,
    decision: 'admitted',
    document: { type: 'passport', issuing_state: nation, number: who },
    traveller: { nationality: nation, sex: 'F' },
    visa: { class: 'T' }
  }, more)
}

function extensionOf (at: string, { who = 'P1', nation = 'DEU', until, ...more }: Fields, n: number): Fields {
  return over({
    contract: 'gdi.extension.v1',
    extension_id: `x${n}`,
    revision: 1,
    action: 'record',
    granted_at: instant(at),
    document: { type: 'passport', issuing_state: nation, number: who },
    visa: { class: 'EB', permitted_until: until }
  }, more)
}

function registrationOf (
  at: string, { who = 'P1', nation = 'DEU', province = 'KH-12', type = 'hotel', ...more }: Fields, n: number
): Fields {
  return over({
    contract: 'fpcs.registration.v1',
    registration_id: `r${n}`,
    revision: 1,
    action: 'record',
    registered_at: instant(at),
    channel: 'app',
    reporter: 'owner',
    accommodation: { id: 'H1', type, province },
    document: { type: 'passport', issuing_state: nation, number: who },
    traveller: { nationality: nation, sex: 'F' },
    check_in: at.slice(0, 10)
  }, more)
}

function tallyOf (date: string, { nation = 'VNM', ...more }: Fields, n: number): Fields {
  return over({
    contract: 'gdi.tally.v1',
    tally_id: `t${n}`,
    revision: 1,
    action: 'record',
    recorded_at: `${date}T23:00:00+07:00`,
    checkpoint: 'KHC-BVT',
    date,
    direction: 'arrival',
    nationality: nation,
    count: 1
  }, more)
}

const ID_FIELDS: Record<string, string> = {
  'gdi.crossing.v1': 'event_id',
  'gdi.tally.v1': 'tally_id',
  'gdi.extension.v1': 'extension_id',
  'fpcs.registration.v1': 'registration_id'
}

function voidOf (id: string, { of = 'gdi.crossing.v1', revision = 2, ...more }: Fields): Fields {
  return { contract: of, [ID_FIELDS[of as string] as string]: id, revision, action: 'void', ...more }
}

/** A time without an offset is one of Phnom Penh. */
function instant (text: string): string {
  return /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+07:00`
}

function over (fields: Fields, more: Fields): Fields {
  const merged = { ...fields }
  for (const [name, value] of Object.entries(more)) {
    const under = merged[name]
    if (value === null) delete merged[name]
    else merged[name] = isObject(value) && isObject(under) ? over(under, value) : value
  }
  return merged
}

function isObject (value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
