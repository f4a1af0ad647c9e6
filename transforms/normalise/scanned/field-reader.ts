// Reads single fields of a scanned message as codes, days and texts. Every reader answers BAD for what the contract or
// its lists would not accept.
import { dayAt, dayOf, instantAt, NO_DAY, number2, number4 } from '../../../core/byte-times.ts'
import { setTextBytes, type PackedTextColumn } from '../../../core/column-buffer.ts'
import { ABSENT, NULL, TEXT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { ageOfBorn } from '../age.ts'

export const BAD = -1
/** Finds the place of a code: a table of bytes, or whatever looks one up. */
export interface CodeFinder { find (bytes: Uint8Array, start: number, end: number): number }
/** The position of a code that is not there. */
export const NONE = -2
/** The age of whom no date of birth is given. */
export const NO_AGE = -2

export type FieldReader = ReturnType<typeof createFieldReader>

/** A reader of the fields of whatever message was scanned last. */
export function createFieldReader ({ kinds, starts, ends }: ScannedFields) {
  let bytes: Uint8Array = new Uint8Array(0)

  function code (field: number, table: CodeFinder): number {
    return kinds[field] === TEXT ? table.find(bytes, starts[field] as number, ends[field] as number) : BAD
  }

  function isGone (field: number): boolean {
    return kinds[field] === ABSENT || kinds[field] === NULL
  }

  function length (field: number): number {
    return (ends[field] as number) - (starts[field] as number)
  }

  function isText (field: number, lengthMax: number): boolean {
    return kinds[field] === TEXT && length(field) > 0 && length(field) <= lengthMax
  }

  return {
    /** Begins a message. */
    begin: (message: Uint8Array) => { bytes = message },
    code,
    isGone,
    isText,
    /** The position of a code, or NONE. */
    codeOrNone: (field: number, table: CodeFinder) => isGone(field) ? NONE : code(field, table),
    isTextOrNone: (field: number, lengthMax: number) => isGone(field) || isText(field, lengthMax),
    /** Milliseconds since 1970, or NaN. */
    instant: (field: number) => kinds[field] === TEXT
      ? instantAt(bytes, starts[field] as number, ends[field] as number)
      : NaN,
    /** Days since 1970-01-01, or NO_DAY. */
    day: (field: number) =>
      kinds[field] === TEXT && length(field) === 10 ? dayAt(bytes, starts[field] as number) : NO_DAY,
    /** Completed years on a day, or NO_AGE or BAD. */
    age (field: number, businessDay: number): number {
      if (isGone(field)) return NO_AGE
      if (kinds[field] !== TEXT) return BAD
      const start = starts[field] as number
      const size = length(field)
      if (size !== 10 && size !== 7 && size !== 4) return BAD
      const year = number4(bytes, start)
      const month = size === 4 ? 0 : number2(bytes, start + 5)
      const day = size === 10 ? number2(bytes, start + 8) : 0
      const isDate = size === 10
        ? dayAt(bytes, start) !== NO_DAY
        : (size === 4 || bytes[start + 4] === 0x2d) && dayOf(year, size === 4 ? 1 : month, 1) !== NO_DAY
      return isDate ? ageOfBorn(year, month, day, businessDay) ?? BAD : BAD
    },
    /** Copies a text into its column; one that is not there stays null. */
    copy (field: number, column: PackedTextColumn, row: number): void {
      if (kinds[field] === TEXT) {
        setTextBytes(column, row, bytes, starts[field] as number, ends[field] as number)
      }
    }
  }
}
