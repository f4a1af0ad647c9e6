// Reads a message as almost all are written straight from its bytes: known fields, plain ASCII text, small numbers. It
// finds where each value lies and copies none. Anything else (an escape, an unknown or repeated field, a fraction …)
// is left to JSON.parse and the compiled contracts, whose verdict this one never replaces, only forestalls.
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import {
  createScannedFields, INTEGER, knownFieldNumbers, NULL, OBJECT, SCANNED_FIELDS, TEXT, VALUE_FIELDS, type ScannedFields
} from '../../schemas/contracts/scanned-fields.ts'
import { createKeyFinder } from './key-finder.ts'
import { MESSAGE_BYTES_MAX } from './json-text.ts'

export interface Scanner {
  /** What the last message that was scanned holds. */
  readonly fields: ScannedFields
  /** True if the message is an object of the plain kind; false says nothing of it. */
  scan (bytes: Uint8Array): boolean
  /** True if the scanned message has no field that the contract, given by its ordinal, does not know. */
  isOf (contract: number): boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const COLON = 0x3a
const COMMA = 0x2c
const ZERO = 0x30
const LETTER_N = 0x6e
const VALUES = VALUE_FIELDS.length
const WORD_BITS = 31
/** Digits of a number that is surely exact. */
const DIGITS_MAX = 15

/** 1 for a byte that stands for itself inside a text. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0)

/** A scanner; it keeps what it found of one message until the next. */
export function createScanner (): Scanner {
  const fields = createScannedFields()
  const { kinds, starts, ends, integers } = fields
  const keys = createKeyFinder()
  const known = CONTRACTS.map((_, contract) => wordsOf(knownFieldNumbers(contract)))
  let bytes: Uint8Array = new Uint8Array(0)
  let end = 0
  let at = 0
  let seenLow = 0
  let seenHigh = 0

  function scan (message: Uint8Array): boolean {
    bytes = message
    end = message.length
    if (end > MESSAGE_BYTES_MAX) return false
    at = 0
    seenLow = 0
    seenHigh = 0
    kinds.fill(0)
    blanks()
    if (bytes[at] !== BRACE_OPEN || !object(0)) return false
    blanks()
    return at === end
  }

  /** Reads an object whose brace is at `at`; level 0 is the message, others are the objects in it. */
  function object (level: number): boolean {
    at++
    blanks()
    if (bytes[at] === BRACE_CLOSE) {
      at++
      return true
    }
    let previous = keys.first(level)
    while (at < end) {
      if (bytes[at] !== QUOTE) return false
      const field = keys.find(bytes, at + 1, level, previous)
      if (field < 0 || kinds[field] !== 0) return false
      at += keys.length(field) + 2
      if (bytes[at] !== COLON) {
        blanks()
        if (bytes[at] !== COLON) return false
      }
      at++
      if (!value(field)) return false
      mark(field)
      previous = field
      if ((bytes[at] as number) <= 0x20) blanks()
      const next = bytes[at++]
      if (next !== COMMA) return next === BRACE_CLOSE
      if ((bytes[at] as number) <= 0x20) blanks()
    }
    return false
  }

  function value (field: number): boolean {
    if ((bytes[at] as number) <= 0x20) blanks()
    const byte = bytes[at]
    if (byte === QUOTE) return field < VALUES && text(field)
    if (byte === BRACE_OPEN) {
      if (field < VALUES) return false
      kinds[field] = OBJECT
      return object(field - VALUES + 1)
    }
    if (byte === LETTER_N) return nothing(field)
    return field < VALUES && integer(field)
  }

  function text (field: number): boolean {
    let i = at + 1
    starts[field] = i
    while (i < end && PLAIN[bytes[i] as number] === 1) i++
    if (i >= end || bytes[i] !== QUOTE) return false
    ends[field] = i
    kinds[field] = TEXT
    at = i + 1
    return true
  }

  function nothing (field: number): boolean {
    if (at + 4 > end || bytes[at + 1] !== 0x75 || bytes[at + 2] !== 0x6c || bytes[at + 3] !== 0x6c) return false
    kinds[field] = NULL
    at += 4
    return true
  }

  function integer (field: number): boolean {
    const start = at
    let number = 0
    while (at < end) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
      at++
    }
    const length = at - start
    // A leading zero is no JSON; what follows the digits must end the value, or the caller refuses it.
    if (length === 0 || length > DIGITS_MAX || (length > 1 && bytes[start] === ZERO)) return false
    kinds[field] = INTEGER
    integers[field] = number
    return true
  }

  function blanks (): void {
    while (at < end) {
      const byte = bytes[at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      at++
    }
  }

  function mark (field: number): void {
    if (field < WORD_BITS) seenLow |= 1 << field
    else seenHigh |= 1 << (field - WORD_BITS)
  }

  return {
    fields,
    scan,
    isOf (contract) {
      const { low, high } = known[contract]!
      return (seenLow & ~low) === 0 && (seenHigh & ~high) === 0
    }
  }
}

/** Numbers of fields as bits of two words. */
function wordsOf (numbers: readonly number[]): { low: number, high: number } {
  if (SCANNED_FIELDS.length > 2 * WORD_BITS) throw new Error('two words are too few for the fields of the contracts')
  const bits = (from: number): number => numbers
    .filter(number => number >= from && number < from + WORD_BITS)
    .reduce((word, number) => word | (1 << (number - from)), 0)
  return { low: bits(0), high: bits(WORD_BITS) }
}
