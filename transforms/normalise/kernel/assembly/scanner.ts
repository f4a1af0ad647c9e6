// Finds where the known fields of a message lie, if it is written as almost all are: known fields once each, plain
// ASCII text, whole numbers. Anything else is refused, which says nothing of it. `at` only grows and must meet the end
// of the message exactly, so what lies behind the message may be read but never becomes part of what is accepted.
import { clearFields, kindOf, NULL, OBJECT, setInteger, setKind, setText } from './fields'
import { findKey, firstOf, keyLength } from './keys'

/** Largest message, bytes (docs/method.md §1). */
const MESSAGE_BYTES_MAX: usize = 64 * 1024
const QUOTE: u32 = 0x22
const BACKSLASH: u32 = 0x5c
const BRACE_OPEN: u32 = 0x7b
const BRACE_CLOSE: u32 = 0x7d
const COLON: u32 = 0x3a
const COMMA: u32 = 0x2c
const ZERO: u32 = 0x30
const SPACE: u32 = 0x20
/** `null`, as a word in memory. */
const NULL_WORD: u32 = 0x6c6c756e
/** Digits of a number that is surely exact. */
const DIGITS_MAX: usize = 15

/** Fields that hold a value come first; objects have the numbers from this one on. */
export let valueFields: u32 = 0

let at: usize = 0
let end: usize = 0
let seen: u64 = 0

/** The fields that the last message had: one bit each. */
export function seenFields (): u64 { return seen }

/** True if the message in [start, stop) is an object of the plain kind. */
export function scan (start: usize, stop: usize): bool {
  if (stop - start > MESSAGE_BYTES_MAX) return false
  at = start
  end = stop
  seen = 0
  clearFields()
  blanks()
  if (at >= end || load<u8>(at) !== BRACE_OPEN || !object(0)) return false
  blanks()
  return at === end
}

/** Reads an object whose brace is at `at`; level 0 is the message, others are the objects in it. */
function object (level: u32): bool {
  at++
  blanks()
  if (load<u8>(at) === BRACE_CLOSE) {
    at++
    return true
  }
  let previous = firstOf(level)
  while (at < end) {
    if (load<u8>(at) !== QUOTE) return false
    const found = findKey(at + 1, level, previous)
    if (found < 0) return false
    const field = <u32>found
    if (kindOf(field) !== 0) return false
    at += keyLength(field) + 2
    if (load<u8>(at) !== COLON) {
      blanks()
      if (load<u8>(at) !== COLON) return false
    }
    at++
    if (!value(field)) return false
    seen |= <u64>1 << field
    previous = field
    if (load<u8>(at) <= SPACE) blanks()
    const next: u32 = load<u8>(at++)
    if (next !== COMMA) return next === BRACE_CLOSE
    if (load<u8>(at) <= SPACE) blanks()
  }
  return false
}

function value (field: u32): bool {
  if (load<u8>(at) <= SPACE) blanks()
  const byte: u32 = load<u8>(at)
  if (byte === QUOTE) return field < valueFields && text(field)
  if (byte === BRACE_OPEN) {
    if (field < valueFields) return false
    setKind(field, OBJECT)
    return object(field - valueFields + 1)
  }
  if (load<u32>(at) === NULL_WORD) {
    setKind(field, NULL)
    at += 4
    return true
  }
  return field < valueFields && integer(field)
}

/** Sixteen bytes at a time: a byte ends the text if it is a quote, a backslash, or no printable ASCII. */
function text (field: u32): bool {
  const start = at + 1
  for (let i = start; i < end; i += 16) {
    const bytes = v128.load(i)
    // As signed numbers, control characters and everything above ASCII are below the space.
    const odd = i8x16.bitmask(v128.or(
      v128.lt<i8>(bytes, v128.splat<i8>(<i8>SPACE)),
      v128.or(v128.eq<u8>(bytes, v128.splat<u8>(<u8>QUOTE)), v128.eq<u8>(bytes, v128.splat<u8>(<u8>BACKSLASH)))
    ))
    if (odd === 0) continue
    const stop = i + <usize>ctz(odd)
    if (load<u8>(stop) !== QUOTE) return false
    setText(field, start, stop)
    at = stop + 1
    return true
  }
  return false
}

function integer (field: u32): bool {
  const start = at
  let number: i64 = 0
  for (; at < end; at++) {
    const digit: u32 = <u32>load<u8>(at) - ZERO
    if (digit > 9) break
    number = number * 10 + digit
  }
  const length = at - start
  // A leading zero is no JSON; what follows the digits must end the value, or the caller refuses it.
  if (length === 0 || length > DIGITS_MAX || (length > 1 && load<u8>(start) === ZERO)) return false
  setInteger(field, number)
  return true
}

function blanks (): void {
  while (at < end) {
    const byte: u32 = load<u8>(at)
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
    at++
  }
}
