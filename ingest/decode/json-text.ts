// From the bytes of a message to a JSON object: the checks that come before its contract is known.
import { isUtf8 } from 'node:buffer'
import type { Reason } from '../../schemas/reasons.ts'

/** Largest message, bytes (docs/method.md §1). */
export const MESSAGE_BYTES_MAX = 64 * 1024
/** Deepest nesting of objects and arrays; the outermost object is level 1. */
export const MESSAGE_DEPTH_MAX = 8

const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The object that a message is, or the reason why it is none. */
export function parseObject (bytes: Uint8Array): Record<string, unknown> | Reason {
  if (isBlank(bytes)) return 'empty'
  if (bytes.length > MESSAGE_BYTES_MAX) return 'too_large'
  // One pass tells whether the text is ASCII and how many brackets it can nest at most.
  let openings = 0
  let union = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    union |= byte
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) openings++
  }
  const isAscii = union < 0x80
  if (!isAscii && !isUtf8(bytes)) return 'not_utf8'
  if (openings > MESSAGE_DEPTH_MAX && nestsTooDeep(bytes)) return 'too_deep'
  return parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(isAscii ? 'latin1' : 'utf8'))
}

function parse (text: string): Record<string, unknown> | Reason {
  let value: unknown
  try {
    // A byte order mark and NaN are no JSON; of a key that stands twice the last counts.
    value = JSON.parse(text)
  } catch {
    return 'not_json'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not_json'
  return value as Record<string, unknown>
}

/** Only space, tab, CR and LF. */
function isBlank (bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a) return false
  }
  return true
}

/** True if brackets outside text nest more than MESSAGE_DEPTH_MAX levels. Works on text that is no JSON, too. */
function nestsTooDeep (bytes: Uint8Array): boolean {
  let depth = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inText) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) inText = false
    } else if (byte === QUOTE) {
      inText = true
    } else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      if (++depth > MESSAGE_DEPTH_MAX) return true
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth--
    }
  }
  return false
}
