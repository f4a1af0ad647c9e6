// The lines of tallies, extensions and registrations.
import { LANES, NATIONALITIES, PROVINCES } from './calibration.ts'
import { DIRECTIONS, SEXES, SLIP_COUNT, SLIP_PROVINCE, SLIP_PURPOSE, VISAS } from './codes.ts'
import type { Message } from './message.ts'
import { datePiece, piece, pieces, put, putNumber, type Pen } from './pen.ts'
import type { Person } from './person.ts'
import { mix } from './random.ts'
import { putDocument, putInstant, putRecorded, putTraveller } from './render-parts.ts'

const QUOTE = piece('"')
const CHECKPOINTS = pieces(LANES.map(lane => `,"checkpoint":"${lane.code}","date":"`))
const DIRECTION_TEXTS = pieces(DIRECTIONS.map(direction => `","direction":"${direction}"`))
const COUNTED = SEXES.map(sex => pieces(NATIONALITIES.map(entry =>
  `,"nationality":"${entry.documentCode}","sex":"${sex}","count":`)))

export function writeTally (pen: Pen, m: Message): void {
  putRecorded(pen, m)
  put(pen, CHECKPOINTS[m.lane]!)
  put(pen, datePiece(m.startDay))
  put(pen, DIRECTION_TEXTS[m.direction]!)
  put(pen, COUNTED[m.place]![m.nationality]!)
  putNumber(pen, m.slip === SLIP_COUNT ? m.count + 10 : m.count)
}

const GRANTED = piece(',"granted_at":"')
const VISA_CLASSES = pieces(VISAS.map(visa => `,"visa":{"class":"${visa}","permitted_until":"`))
const VISA_END = piece('"}')
const VISA_E = VISAS.indexOf('E')

export function writeExtension (pen: Pen, m: Message, person: Person): void {
  putInstant(pen, GRANTED, m.second)
  putDocument(pen, m, person)
  put(pen, VISA_CLASSES[m.slip === SLIP_PURPOSE ? VISA_E : m.visa]!)
  put(pen, datePiece(m.untilDay))
  put(pen, VISA_END)
}

const REGISTERED = piece(',"registered_at":"')
const CHANNELS = pieces(['app', 'app', 'app', 'police_station', 'police_station', 'online'].map(channel =>
  `,"channel":"${channel}"`))
const REPORTERS = pieces(['owner', 'landlord', 'manager', 'self'].map(reporter => `,"reporter":"${reporter}"`))
const HOUSES = pieces(PROVINCES.map(province => `,"accommodation":{"id":"ACC-${province.number}-`))
const TYPES = pieces(['hotel', 'guesthouse', 'rental', 'private', 'employer', 'other'].map(type =>
  `","type":"${type}"`))
const PLACES = pieces(PROVINCES.map(({ number, district, commune }) =>
  `,"province":"KH-${number}","district":"${district}","commune":"${commune}"}`))
const BARE_PLACES = pieces(PROVINCES.map(({ number }) => `,"province":"KH-${number}"}`))
const CHECK_IN = piece(',"check_in":"')
const CHECK_OUT = piece('","check_out":"')
/** Houses numbered below this take guests, the others are homes of long-stayers. */
export const GUEST_HOUSES = 900

export function writeRegistration (pen: Pen, m: Message, person: Person): void {
  const province = (m.slip === SLIP_PROVINCE ? m.province % 25 + 1 : m.province) - 1
  const type = typeOf(m)
  putInstant(pen, REGISTERED, m.second)
  put(pen, CHANNELS[m.detail % 6]!)
  put(pen, REPORTERS[type < 2 ? 2 : type === 3 && m.count % 3 === 0 ? 3 : m.detail % 2]!)
  put(pen, HOUSES[province]!)
  putNumber(pen, m.count)
  put(pen, TYPES[type]!)
  put(pen, m.detail % 8 === 0 ? BARE_PLACES[province]! : PLACES[province]!)
  putDocument(pen, m, person)
  putTraveller(pen, m, person)
  put(pen, CHECK_IN)
  put(pen, datePiece(m.startDay))
  if (m.untilDay !== 0) {
    put(pen, CHECK_OUT)
    put(pen, datePiece(m.untilDay))
  }
  put(pen, QUOTE)
}

/** Index in TYPES of a house, the same at every registration. Assumption. */
function typeOf (m: Message): number {
  const house = mix(m.count ^ m.province) % 10
  if (m.count < GUEST_HOUSES) return house < 6 ? 0 : house < 9 ? 1 : 3
  return house < 6 ? 2 : house < 8 ? 3 : house < 9 ? 4 : 5
}
