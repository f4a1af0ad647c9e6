// The line of a crossing.
import { LANES, NATIONALITIES } from './calibration.ts'
import { putCarrier } from './carriers.ts'
import {
  ARRIVAL, CHILD, DIRECTIONS, PURPOSES, REFUSALS, SLIP_CARRIER, SLIP_PROVINCE, SLIP_PURPOSE, VISAS
} from './codes.ts'
import type { Message } from './message.ts'
import { datePiece, piece, pieces, put, type Pen } from './pen.ts'
import type { Person } from './person.ts'
import { mix } from './random.ts'
import { putDocument, putInstant, putRecorded, putTraveller } from './render-parts.ts'

/** Days in which nobody is 18 yet. */
const MINOR_DAYS = 6574
/** One message in this many names its checkpoint by another spelling. */
const ALIAS_ONE_IN = 1024

const OCCURRED = piece(',"occurred_at":"')
// By direction, then lane.
const GATES = DIRECTIONS.map(direction => pieces(LANES.map(lane =>
  `,"checkpoint":"${lane.code}","direction":"${direction}"`)))
const ALIASES = DIRECTIONS.map(direction => pieces(LANES.map(lane =>
  `,"checkpoint":"${lane.alias}","direction":"${direction}"`)))
const DECISIONS = pieces(REFUSALS.map(reason => reason === ''
  ? ',"decision":"admitted"'
  : `,"decision":"refused","refusal_reason":"${reason}"`))
const MODES = pieces(LANES.map(lane => `,"mode":"${lane.mode}"`))
const ACCOMPANIED = pieces(['parent', 'guardian', 'other_adult', 'none'].map(by => `,"accompaniment":"${by}"`))
const VISA_CLASSES = pieces(VISAS.map(visa => `,"visa":{"class":"${visa}"`))
const PERMITTED = piece(',"permitted_until":"')
const QUOTE = piece('"')
const BRACE = piece('}')
const PURPOSE_TEXTS = pieces(PURPOSES.map(purpose => `,"purpose":"${purpose}"`))
const COUNTRIES = pieces(NATIONALITIES.map(entry => `,"other_country":"${entry.code}"`))
const PROVINCE_TEXTS = pieces(Array.from({ length: 26 }, (_, i) => `,"destination_province":"KH-${i}"`))
const WRONG_CARRIER = piece(',"carrier":"XX 000"')

export function writeCrossing (pen: Pen, m: Message, person: Person): void {
  const gates = m.detail % ALIAS_ONE_IN === 7 ? ALIASES : GATES
  putInstant(pen, OCCURRED, m.second)
  putRecorded(pen, m)
  put(pen, gates[m.direction]![m.lane]!)
  put(pen, DECISIONS[m.refusal]!)
  put(pen, MODES[m.lane]!)
  putDocument(pen, m, person)
  putTraveller(pen, m, person)
  if (m.place !== 0 && Math.floor(m.second / 86_400) - person.birthDay < MINOR_DAYS) put(pen, accompaniment(m))
  if (m.visa !== 0) {
    put(pen, VISA_CLASSES[m.visa]!)
    if (m.untilDay !== 0) {
      put(pen, PERMITTED)
      put(pen, datePiece(m.untilDay))
      put(pen, QUOTE)
    }
    put(pen, BRACE)
  }
  put(pen, m.slip === SLIP_PURPOSE ? PURPOSE_TEXTS[PURPOSES.length - 1]! : PURPOSE_TEXTS[m.purpose]!)
  if (m.country !== 0) put(pen, COUNTRIES[m.country]!)
  if (m.direction === ARRIVAL) {
    put(pen, PROVINCE_TEXTS[m.slip === SLIP_PROVINCE ? m.province % 25 + 1 : m.province]!)
  }
  if (m.slip === SLIP_CARRIER) put(pen, WRONG_CARRIER)
  else putCarrier(pen, LANES[m.lane]!, m)
  if (m.returnee === 1) putReturnee(pen, m)
}

/** Who a child travels with: mostly a parent; a lone minor mostly with nobody. Assumption. */
function accompaniment (m: Message): number {
  const share = mix(m.ordinal) % 100
  if (m.place !== CHILD) return ACCOMPANIED[share < 60 ? 3 : 2]!
  return ACCOMPANIED[share < 86 ? 0 : share < 94 ? 1 : 2]!
}

const RETURNED_FROM = pieces(NATIONALITIES.map(entry => `,"returnee":{"from":"${entry.code}"`))
const REASONS = pieces(['crisis', 'voluntary', 'deported', 'other'].map(reason => `,"reason":"${reason}"`))
const NEA = pieces(['requested', 'declined', 'registered'].map(nea => `,"nea":"${nea}"}`))

function putReturnee (pen: Pen, m: Message): void {
  const a = m.detail % 100
  const b = (m.detail >>> 8) % 100
  put(pen, RETURNED_FROM[m.country]!)
  put(pen, REASONS[a < 74 ? 0 : a < 88 ? 1 : a < 97 ? 2 : 3]!)
  put(pen, NEA[b < 38 ? 0 : b < 72 ? 1 : 2]!)
}
