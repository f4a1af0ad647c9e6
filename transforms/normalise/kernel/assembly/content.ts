// Writes the text of a keyed digest byte by byte: the very bytes that the ordinary way joins with U+001F and encodes.
import { kindOf, lengthOf, startOf, TEXT } from './fields'
import { copyText } from './memory'

const SEPARATOR: u32 = 0x1f
const COLON: u32 = 0x3a
const HYPHEN: u32 = 0x2d
const ZERO: u32 = 0x30
const digits = memory.data(24, 16)
let end: usize = 0

/** Begins a content at a place. */
export function beginContent (at: usize): void {
  end = at
}

/** The end of the content, without the separator behind its last part. */
export function contentEnd (): usize {
  return end - 1
}

/** A text and a separator. */
export function put (text: usize, length: usize): void {
  copyText(end, text, length)
  end += length
  separate()
}

/** A whole number, in decimals. */
export function putNumber (value: i64): void {
  decimals(value)
  separate()
}

/** A field as it stands; nothing for one that is not there. */
export function putField (field: u32): void {
  if (kindOf(field) === TEXT) copyField(field)
  separate()
}

/** Free text with its length in front. */
export function putFreeText (field: u32): void {
  if (kindOf(field) === TEXT) {
    decimals(<i64>lengthOf(field))
    store<u8>(end++, COLON)
    copyField(field)
  }
  separate()
}

function separate (): void { store<u8>(end++, SEPARATOR) }

function copyField (field: u32): void {
  const length = lengthOf(field)
  copyText(end, startOf(field), length)
  end += length
}

function decimals (value: i64): void {
  if (value < 0) {
    store<u8>(end++, HYPHEN)
    value = -value
  }
  let from = digits + 24
  // Two halves of 32 bits are divided faster than one of 64.
  let low = <u32>(value % 100_000_000)
  let high = <u64>value / 100_000_000
  if (high > 0) {
    for (let i = 0; i < 8; i++, low /= 10) store<u8>(--from, ZERO + low % 10)
    for (; high > 0; high /= 10) store<u8>(--from, ZERO + <u32>(high % 10))
  } else {
    do {
      store<u8>(--from, ZERO + low % 10)
      low /= 10
    } while (low > 0)
  }
  const length = digits + 24 - from
  memory.copy(end, from, length)
  end += length
}
