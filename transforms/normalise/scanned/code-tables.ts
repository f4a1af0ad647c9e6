// The code lists and closed sets by bytes: for each code its number, its ordinal, and the bytes it is reported as.
import { createByteTable, type ByteTable } from '../../../core/byte-table.ts'
import { type Dimension } from '../../../schemas/columns.ts'
import { ENUMS, messageValues, type EnumName } from '../../../schemas/enums.ts'
import { type NormaliseContext } from '../context.ts'
import { reportedSex } from '../person.ts'
import { BAD } from './field-reader.ts'

/** Codes of a dictionary that a message may carry. */
export interface Codes { table: ByteTable, number: Int16Array }

/** Values of a closed set. */
export interface Values { table: ByteTable, ordinal: Uint8Array }

/** States by code, learnt as they come: the list is asked once for each. */
export interface StateCodes {
  /** The place of a code, or BAD if the list does not know it. */
  find (bytes: Uint8Array, start: number, end: number): number
  /** By place: number and bytes of the code under which it is reported; its own number, or −1 if it is no country. */
  reportedNumber: Int16Array
  reported: Uint8Array[]
  countryNumber: Int16Array
}

export interface Checkpoints {
  /** The checkpoint of a text on a day: its number, mode and code; null if there is none. */
  find (bytes: Uint8Array, start: number, end: number, day: number): FoundCheckpoint | null
}

export interface FoundCheckpoint { number: number, modeOrdinal: number, mode: Uint8Array, code: Uint8Array }

const SPELLINGS_MAX = 4096
/** Every code of three letters or fewer is far more than there are. */
const STATES_MAX = 2048
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

/** Values of a set as messages write them. */
export function valuesOf (name: EnumName): Values {
  const values = messageValues(name)
  return { table: createByteTable(values), ordinal: Uint8Array.from(values, value => ordinalIn(name, value)) }
}

/** `F`, `M`, `X` and `<` with what each is reported as. */
export function sexValues (): Values & { reported: Uint8Array[] } {
  const values = ['F', 'M', 'X', '<']
  return {
    table: createByteTable(values),
    ordinal: Uint8Array.from(values, value => ordinalIn('sex', reportedSex(value))),
    reported: values.map(value => bytesOf(reportedSex(value)))
  }
}

/** Codes of a dictionary that its list accepts. */
export function codesOf (
  { codeNumbers }: NormaliseContext, dimension: Dimension, isAccepted: (code: string) => boolean
): Codes {
  const codes = [...codeNumbers[dimension]].filter(([code]) => isAccepted(code))
  return { table: createByteTable(codes.map(([code]) => code)), number: Int16Array.from(codes, ([, number]) => number) }
}

/** All states that a nationality, an issuing state or a country of a message may be. */
export function stateCodes ({ lists, codeNumbers }: NormaliseContext): StateCodes {
  const table = createByteTable([], STATES_MAX)
  const reportedNumber = new Int16Array(STATES_MAX)
  const countryNumber = new Int16Array(STATES_MAX)
  const reported: Uint8Array[] = []
  return {
    reportedNumber,
    countryNumber,
    reported,
    find (bytes, start, end) {
      const known = table.find(bytes, start, end)
      if (known >= 0) return known
      const code = latin1(bytes, start, end)
      const reporting = lists.reportingState(code)
      const number = codeNumbers.state.get(reporting ?? '')
      if (reporting === null || number === undefined || table.size >= STATES_MAX) return BAD
      const place = table.add(code)
      reportedNumber[place] = number
      countryNumber[place] = lists.isCountry(code) ? codeNumbers.state.get(code) ?? -1 : -1
      reported[place] = bytesOf(reporting)
      return place
    }
  }
}

/** Checkpoints by whatever spelling was understood before. */
export function checkpointFinder ({ lists, codeNumbers }: NormaliseContext): Checkpoints {
  let table = createByteTable([], SPELLINGS_MAX)
  let spellings: string[] = []
  const found = new Map<object, FoundCheckpoint>()

  return {
    find (bytes, start, end, day) {
      let position = table.find(bytes, start, end)
      const text = position >= 0 ? spellings[position] as string : latin1(bytes, start, end)
      const entry = lists.resolveCheckpoint(text, day)
      if (typeof entry === 'string') return null
      if (position < 0) {
        if (table.size >= SPELLINGS_MAX) {
          table = createByteTable([], SPELLINGS_MAX)
          spellings = []
        }
        position = table.add(text)
        spellings[position] = text
      }
      let checkpoint = found.get(entry)
      if (checkpoint === undefined) {
        checkpoint = {
          number: codeNumbers.checkpoint.get(entry.code) ?? -1,
          modeOrdinal: ordinalIn('travel_mode', entry.mode),
          mode: bytesOf(entry.mode),
          code: bytesOf(entry.code)
        }
        found.set(entry, checkpoint)
      }
      return checkpoint.number < 0 ? null : checkpoint
    }
  }
}

function ordinalIn (name: EnumName, value: string): number {
  return (ENUMS[name] as readonly string[]).indexOf(value)
}

function latin1 (bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', start, end)
}
