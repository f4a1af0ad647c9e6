// The document number of a scanned message: normalised once, for the pseudonym and for the fingerprint.
import { fieldNumber, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { type KeyedBuffer } from '../keyed-hash.ts'
import { TRAVELLER_PREFIX } from '../traveller-key.ts'

const NUMBER = fieldNumber('document.number')
const TYPE = fieldNumber('document.type')
const SEPARATOR = 0x1f
const CASE_BIT = 0x20
/** Free text of a contract that is ASCII. */
const NUMBER_BYTES_MAX = 64

export type DocumentReader = ReturnType<typeof createDocumentReader>

/** Reads document numbers; `keyed` is the buffer of the traveller keys. */
export function createDocumentReader (keyed: KeyedBuffer, { starts, ends }: ScannedFields) {
  const { buffer, start } = keyed
  const stateAt = start + buffer.write(TRAVELLER_PREFIX, start, 'latin1')
  const normalised = new Uint8Array(NUMBER_BYTES_MAX)
  let length = 0

  return {
    /** Normalises the number: upper case, only A–Z and 0–9 kept. False if nothing is left. */
    normalise (bytes: Uint8Array): boolean {
      length = 0
      const end = ends[NUMBER] as number
      for (let i = starts[NUMBER] as number; i < end; i++) {
        let byte = bytes[i] as number
        if (byte >= 0x61 && byte <= 0x7a) byte ^= CASE_BIT
        if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39)) normalised[length++] = byte
      }
      return length > 0
    },
    /** The normalised number, until the next message. */
    number: () => normalised.subarray(0, length),
    /** The traveller's key, one character a byte. */
    key (bytes: Uint8Array, state: Uint8Array): string {
      let at = stateAt
      for (let i = 0; i < state.length; i++) buffer[at++] = state[i] as number
      buffer[at++] = SEPARATOR
      const end = ends[TYPE] as number
      for (let i = starts[TYPE] as number; i < end; i++) buffer[at++] = bytes[i] as number
      buffer[at++] = SEPARATOR
      for (let i = 0; i < length; i++) buffer[at++] = normalised[i] as number
      return keyed.digest(at)
    }
  }
}
