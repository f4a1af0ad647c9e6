// Parts of a line that contracts share: times, document and traveller.
import { NATIONALITIES } from './calibration.ts'
import { DOCUMENTS, PASSPORT, SEXES, SLIP_BIRTH } from './codes.ts'
import type { Message } from './message.ts'
import { datePiece, piece, pieces, put, putDigits, putStart, putTime, type Pen } from './pen.ts'
import { putDocumentNumber, type Person } from './person.ts'

const RECORDED = piece(',"recorded_at":"')
const OFFSET = piece('+07:00"')
const DOT = piece('.')

/** `,"recorded_at":"…"`. */
export function putRecorded (pen: Pen, m: Message): void {
  put(pen, RECORDED)
  putTime(pen, m.recordedSecond)
  put(pen, DOT)
  putDigits(pen, m.recordedMs, 3)
  put(pen, OFFSET)
}

/** A field of time: its piece ends with the opening quotation mark. */
export function putInstant (pen: Pen, field: number, localSecond: number): void {
  put(pen, field)
  putTime(pen, localSecond)
  put(pen, OFFSET)
}

const DOCUMENT_HEADS = DOCUMENTS.map(type => pieces(NATIONALITIES.map(entry =>
  `,"document":{"type":"${type}","issuing_state":"${entry.documentCode}","number":"`)))
const DOCUMENT_END = piece('"}')

/** `,"document":{…}`. Stateless persons and refugees without a passport carry papers of the state they live in. */
export function putDocument (pen: Pen, m: Message, person: Person): void {
  const isOwn = m.document === PASSPORT || NATIONALITIES[m.nationality]!.isState
  put(pen, DOCUMENT_HEADS[m.document]![isOwn ? m.nationality : person.residence]!)
  putDocumentNumber(pen, person.key, m.nationality)
  put(pen, DOCUMENT_END)
}

const TRAVELLER_HEADS = SEXES.map(sex => pieces(NATIONALITIES.map(entry =>
  `,"traveller":{"nationality":"${entry.documentCode}","sex":"${sex}"`)))
const BORN = piece(',"date_of_birth":"')
const QUOTE = piece('"')
const RESIDENCES = pieces(NATIONALITIES.map(entry => `,"country_of_residence":"${entry.code}"}`))

/** `,"traveller":{…}`. */
export function putTraveller (pen: Pen, m: Message, person: Person): void {
  put(pen, TRAVELLER_HEADS[person.sex]![m.nationality]!)
  if (person.birthForm !== 3) {
    put(pen, BORN)
    const form = m.slip === SLIP_BIRTH ? 2 : person.birthForm
    putStart(pen, datePiece(person.birthDay), form === 0 ? 10 : form === 1 ? 7 : 4)
    put(pen, QUOTE)
  }
  put(pen, RESIDENCES[person.residence]!)
}
