// Writing lines as bytes. Every text that recurs is encoded once into a common pool and copied from there: joining and
// encoding strings for each line took four times as long as all the rest of the simulation.
import { formatDay } from '../../core/civil-date.ts'
import { assert } from '../../core/errors.ts'

/** A place to write: `bytes` has room enough for a line after `at`; `view` is a view of the same bytes. */
export interface Pen {
  bytes: Buffer
  view: DataView
  at: number
}

/** A text in the pool: its start in the upper 22 bits, its length in the lower 9. */
export type Piece = number

const LENGTH_BITS = 9
const LENGTH_MASK = 511
const DATES_FROM = -50_000
const POOL_BYTES = 1 << 22
const pool = new DataView(new ArrayBuffer(POOL_BYTES))
let used = 4
// Pieces of dates by day, made when first needed; 0 is not yet made.
const dates = new Int32Array(100_000)

/** A pen at the start of fresh bytes. */
export function createPen (size: number): Pen {
  const bytes = Buffer.allocUnsafeSlow(size)
  return { bytes, view: new DataView(bytes.buffer), at: 0 }
}

/** Makes room for at least `room` more bytes. */
export function makeRoom (pen: Pen, room: number): void {
  if (pen.bytes.length - pen.at >= room) return
  const larger = createPen(pen.bytes.length * 2 + room)
  pen.bytes.copy(larger.bytes, 0, 0, pen.at)
  pen.bytes = larger.bytes
  pen.view = larger.view
}

/** Encodes an ASCII text of fewer than 512 characters for later use. */
export function piece (text: string): Piece {
  assert(text.length <= LENGTH_MASK && used + text.length + 4 <= POOL_BYTES, 'a pool with room for every piece')
  const start = used
  for (let i = 0; i < text.length; i++) pool.setUint8(used++, text.charCodeAt(i))
  return (start << LENGTH_BITS) | text.length
}

export const pieces = (texts: readonly string[]): Piece[] => texts.map(piece)

const twoDigits = pieces(Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0')))
const minutes = pieces(Array.from({ length: 1440 }, (_, i) =>
  `T${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:`))

/** Copies a piece, four bytes at a time: what it copies too much is overwritten by what follows. */
export function put (pen: Pen, text: Piece): void {
  const view = pen.view
  const at = pen.at
  const from = text >>> LENGTH_BITS
  const length = text & LENGTH_MASK
  for (let i = 0; i < length; i += 4) view.setInt32(at + i, pool.getInt32(from + i))
  pen.at = at + length
}

/** The first `length` characters of a piece. */
export const putStart = (pen: Pen, text: Piece, length: number): void =>
  put(pen, (text & ~LENGTH_MASK) | length)

/** A whole number with leading zeros to a width. */
export function putDigits (pen: Pen, value: number, width: number): void {
  let rest = value
  for (let i = pen.at + width - 1; i >= pen.at; i--) {
    const tenth = Math.floor(rest / 10)
    pen.bytes[i] = 48 + rest - tenth * 10
    rest = tenth
  }
  pen.at += width
}

/** A whole number from 0, without leading zeros. */
export function putNumber (pen: Pen, value: number): void {
  let width = 1
  for (let limit = 10; value >= limit; limit *= 10) width++
  putDigits(pen, value, width)
}

/** `YYYY-MM-DD` of days since 1970-01-01, as a piece. */
export function datePiece (day: number): Piece {
  const i = day - DATES_FROM
  let text = dates[i]!
  if (text === 0) dates[i] = text = piece(formatDay(day))
  return text
}

/** `YYYY-MM-DDThh:mm:ss` of a local second. */
export function putTime (pen: Pen, localSecond: number): void {
  const day = Math.floor(localSecond / 86_400)
  const second = localSecond - day * 86_400
  const minute = Math.floor(second / 60)
  put(pen, datePiece(day))
  put(pen, minutes[minute]!)
  put(pen, twoDigits[second - minute * 60]!)
}

/** Text that is written too seldom for a piece; Latin-1. */
export function putText (pen: Pen, text: string): void {
  pen.at += pen.bytes.write(text, pen.at, 'latin1')
}
