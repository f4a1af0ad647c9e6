// A message becomes one line of JSON: its contract, id and revision here, the rest as its contract has it.
import { LANES } from './calibration.ts'
import { CONTRACTS, CROSSING, SPOILT, TALLY, VOID } from './codes.ts'
import type { Message } from './message.ts'
import { datePiece, piece, pieces, put, putDigits, putText, type Pen } from './pen.ts'
import { describePerson, type Person } from './person.ts'
import { putRecorded } from './render-parts.ts'
import { writeCrossing } from './render-crossing.ts'
import { writeExtension, writeRegistration, writeTally } from './render-papers.ts'
import { spoil } from './spoil.ts'

/** By contract. */
const WRITERS = [writeCrossing, writeTally, writeExtension, writeRegistration]
const ID_FIELDS = ['event_id', 'tally_id', 'extension_id', 'registration_id']
const HEADS = pieces(CONTRACTS.map((contract, i) => `{"contract":"${contract}","${ID_FIELDS[i]!}":"`))
const LANE_MARKS = pieces(LANES.map(lane => `${lane.short}-`))
const PAPER_MARKS = pieces(['', 'TAL-', 'EXT-', 'REG-'])
const REVISION = piece('","revision":')
const RECORD = piece(',"action":"record"')
const VOIDED = piece(',"action":"void"')
const END = piece('}')

/** A function that writes a message at the pen, without a newline; ASCII, but for some that are spoilt. */
export function createRenderer (seed: number, salt: number): (pen: Pen, message: Message) => void {
  const mark = piece(`${seed.toString(36)}-`)
  const person: Person = { sex: 0, birthDay: 0, birthForm: 0, key: 0, residence: 0 }
  return (pen, m) => {
    const start = pen.at
    putId(pen, m, mark)
    put(pen, m.slip === VOID ? VOIDED : RECORD)
    if (m.slip === VOID) {
      putRecorded(pen, m)
    } else {
      if (m.contract !== TALLY) describePerson(person, salt, m.nationality, m.ordinal, m.segment, m.place)
      WRITERS[m.contract]!(pen, m, person)
    }
    put(pen, END)
    if (m.slip < SPOILT) return
    const line = pen.bytes.toString('latin1', start, pen.at)
    pen.at = start
    putText(pen, spoil(line, m.slip - SPOILT, CONTRACTS[m.contract]!))
  }
}

/** Contract, id and revision. The id names gate or kind, date, seed and number of the day, so no two runs clash. */
function putId (pen: Pen, m: Message, mark: number): void {
  put(pen, HEADS[m.contract]!)
  put(pen, m.contract === CROSSING ? LANE_MARKS[m.lane]! : PAPER_MARKS[m.contract]!)
  const date = datePiece(Math.floor(m.second / 86_400))
  put(pen, date)
  put(pen, DASH)
  put(pen, mark)
  putDigits(pen, m.sequence, 6)
  put(pen, REVISION)
  putDigits(pen, m.revision, 1)
}

const DASH = piece('-')
