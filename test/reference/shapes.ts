// Owns the fields of the contracts: which must be there, what each may hold, and which are not known.
import { dayOf, instantOf } from './dates.ts'
import { type Contract, isObject, type JsonObject } from './decode.ts'

type Check = (value: unknown) => boolean
interface Shape { [field: string]: Check | Shape }

/** Whether an object fits its contract; a void needs only its id, revision, action and contract. */
export function fits (contract: Contract, object: JsonObject): boolean {
  const shape = shapes[contract]
  if (object['action'] === 'void') return conforms(object, { [idField[contract]]: id, revision })
  if (!conforms(object, shape)) return false
  if (contract === 'gdi.crossing.v1') {
    return object['decision'] === 'refused' || (object['refusal_reason'] ?? null) === null
  }
  if (contract === 'fpcs.registration.v1') {
    return String(object['check_out'] ?? '9999-12-31') >= String(object['check_in'])
  }
  return true
}

/** Whether an object that fits holds a field, at any level, that its contract does not know. */
export function drifts (contract: Contract, object: JsonObject): boolean {
  return object['action'] !== 'void' && hasUnknown(object, { contract: text(64), ...shapes[contract] })
}

export const idField: Record<Contract, string> = {
  'gdi.crossing.v1': 'event_id',
  'gdi.tally.v1': 'tally_id',
  'gdi.extension.v1': 'extension_id',
  'fpcs.registration.v1': 'registration_id'
}

function conforms (value: unknown, shape: Shape): boolean {
  if (!isObject(value)) return false
  return Object.entries(shape).every(([field, check]) => {
    const found = value[field.replace('?', '')]
    if (field.endsWith('?') && (found === undefined || found === null)) return true
    return typeof check === 'function' ? check(found) : conforms(found, check)
  })
}

function hasUnknown (value: unknown, shape: Shape): boolean {
  if (!isObject(value)) return false
  return Object.entries(value).some(([field, inner]) => {
    const known = [field, `${field}?`].find(name => Object.hasOwn(shape, name))
    const check = known === undefined || field.endsWith('?') ? undefined : shape[known]
    return check === undefined || (typeof check === 'object' && hasUnknown(inner, check))
  })
}

const id: Check = value => typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value)
const integer = (low: number, high: number): Check => value => Number.isInteger(value) &&
  Number(value) >= low && Number(value) <= high
const revision = integer(1, 2_147_483_647)
const text = (charactersMax: number): Check => value => typeof value === 'string' && value !== '' &&
  [...value].length <= charactersMax
const oneOf = (...values: string[]): Check => value => typeof value === 'string' && values.includes(value)
const time: Check = value => typeof value === 'string' && instantOf(value) !== undefined
const date: Check = value => typeof value === 'string' && dayOf(value) !== undefined
const partialDate: Check = value => typeof value === 'string' &&
  dayOf(value.length === 4 ? `${value}-07-01` : value.length === 7 ? `${value}-15` : value) !== undefined
const code = text(64)
const action = oneOf('record', 'void')
const direction = oneOf('arrival', 'exit')

const documentShape: Shape = {
  type: oneOf('passport', 'border_pass', 'travel_document', 'emergency', 'other'), issuing_state: code, number: text(64)
}

const travellerShape: Shape = {
  nationality: code, sex: oneOf('F', 'M', 'X', '<'), 'date_of_birth?': partialDate, 'country_of_residence?': code
}

const shapes: Record<Contract, Shape> = {
  'gdi.crossing.v1': {
    event_id: id,
    revision,
    action,
    occurred_at: time,
    recorded_at: time,
    checkpoint: text(100),
    direction,
    decision: oneOf('admitted', 'refused'),
    'refusal_reason?': code,
    'mode?': oneOf('air', 'land', 'sea', 'river'),
    document: documentShape,
    traveller: travellerShape,
    'accompaniment?': oneOf('parent', 'guardian', 'other_adult', 'none'),
    'visa?': { class: code, 'permitted_until?': date },
    'purpose?': oneOf('holiday', 'visit', 'education', 'health', 'religion', 'shopping', 'transit', 'business',
      'employment', 'other'),
    'other_country?': code,
    'destination_province?': code,
    'carrier?': text(64),
    'returnee?': {
      from: code,
      reason: oneOf('voluntary', 'deported', 'crisis', 'other'),
      nea: oneOf('requested', 'declined', 'registered')
    }
  },
  'gdi.tally.v1': {
    tally_id: id,
    revision,
    action,
    recorded_at: time,
    checkpoint: text(100),
    date,
    direction,
    nationality: code,
    'sex?': oneOf('F', 'M', 'X'),
    count: integer(0, 1_000_000)
  },
  'gdi.extension.v1': {
    extension_id: id,
    revision,
    action,
    granted_at: time,
    document: documentShape,
    visa: { class: code, permitted_until: date }
  },
  'fpcs.registration.v1': {
    registration_id: id,
    revision,
    action,
    registered_at: time,
    channel: oneOf('app', 'police_station', 'online'),
    reporter: oneOf('owner', 'landlord', 'manager', 'self'),
    accommodation: {
      id: text(64),
      type: oneOf('hotel', 'guesthouse', 'rental', 'private', 'employer', 'other'),
      province: code,
      'district?': text(64),
      'commune?': text(64)
    },
    document: documentShape,
    traveller: travellerShape,
    check_in: date,
    'check_out?': date
  }
}
