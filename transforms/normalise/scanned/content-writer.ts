// Writes the text of a keyed digest byte by byte: the very bytes that the ordinary way joins with U+001F and encodes.
import { TEXT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { type KeyedBuffer } from '../keyed-hash.ts'

const SEPARATOR = 0x1f
const COLON = 0x3a
const ZERO = 0x30

export type ContentWriter = ReturnType<typeof createContentWriter>

/** A writer into the buffer of a keyed digest. Every part ends with a separator but the last. */
export function createContentWriter ({ buffer, start, digest }: KeyedBuffer, { kinds, starts, ends }: ScannedFields) {
  let bytes: Uint8Array = new Uint8Array(0)
  let end = start
  const digits = new Uint8Array(20)

  function put (part: Uint8Array): void {
    for (let i = 0; i < part.length; i++) buffer[end++] = part[i] as number
    buffer[end++] = SEPARATOR
  }

  function number (value: number): void {
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
      end += buffer.write(String(value), end, 'latin1')
      return
    }
    let count = 0
    // In two halves: numbers that fit 31 bits are divided far faster.
    let high = Math.trunc(value / 1e6)
    let low = value - high * 1e6
    if (high > 0) {
      for (; count < 6; count++) {
        digits[count] = ZERO + low % 10
        low = Math.trunc(low / 10)
      }
    } else {
      high = low
    }
    do {
      digits[count++] = ZERO + high % 10
      high = Math.trunc(high / 10)
    } while (high > 0)
    while (count > 0) buffer[end++] = digits[--count] as number
  }

  function copy (field: number): void {
    const to = ends[field] as number
    for (let i = starts[field] as number; i < to; i++) buffer[end++] = bytes[i] as number
  }

  return {
    begin (message: Uint8Array): void {
      bytes = message
      end = start
    },
    put,
    /** A whole number, in decimals. */
    number (value: number): void {
      number(value)
      buffer[end++] = SEPARATOR
    },
    /** A field as it stands; nothing for one that is not there. */
    field (field: number): void {
      if (kinds[field] === TEXT) copy(field)
      buffer[end++] = SEPARATOR
    },
    /** Free text with its length in front. */
    freeText (field: number): void {
      if (kinds[field] === TEXT) {
        number((ends[field] as number) - (starts[field] as number))
        buffer[end++] = COLON
        copy(field)
      }
      buffer[end++] = SEPARATOR
    },
    /** The digest of all parts, the last one without its separator. */
    digest: () => digest(end - 1)
  }
}
