// Finds the number of a field by its key in the bytes of a message. Senders write their fields in the same order time
// after time, so the key that followed last time is tried first; the others are found by a small perfect hash.
import { OBJECT_FIELDS, SCANNED_FIELDS, VALUE_FIELDS } from '../../schemas/contracts/scanned-fields.ts'

export interface KeyFinder {
  /** What stands for "nothing before it" in an object of this level. */
  first (level: number): number
  /** The field whose key begins at `start`, behind its quote, and comes after `previous`; −1 if the level has none. */
  find (bytes: Uint8Array, start: number, level: number, previous: number): number
  /** Bytes of a field's key. */
  length (field: number): number
}

const QUOTE = 0x22
const SLOTS = 256
const FACTOR_MAX = 100_000

/** Level 0 is the message; level n is the n-th object of OBJECT_FIELDS. */
export function createKeyFinder (): KeyFinder {
  const names = SCANNED_FIELDS.map(path => Buffer.from(path.slice(path.indexOf('.') + 1)))
  const lengths = Uint8Array.from(names, name => name.length)
  const offsets = new Uint16Array(names.length)
  names.reduce((offset, name, field) => {
    offsets[field] = offset
    return offset + name.length
  }, 0)
  const letters = new Uint8Array(Buffer.concat(names))
  const levels = [fieldsOf(''), ...OBJECT_FIELDS.map(fieldsOf)].map(fields => perfectHash(fields, names))
  const followers = new Int16Array(SCANNED_FIELDS.length + levels.length)

  function isKey (bytes: Uint8Array, start: number, field: number): boolean {
    const length = lengths[field] as number
    if (start + length >= bytes.length || bytes[start + length] !== QUOTE) return false
    const offset = offsets[field] as number
    for (let i = 0; i < length; i++) if (bytes[start + i] !== letters[offset + i]) return false
    return true
  }

  return {
    first: level => SCANNED_FIELDS.length + level,
    find (bytes, start, level, previous) {
      const { slots, multiplier, isMember } = levels[level]!
      const expected = followers[previous] as number
      if (isMember[expected] === 1 && isKey(bytes, start, expected)) return expected
      let end = start
      let hash = 0
      for (; end < bytes.length && bytes[end] !== QUOTE; end++) hash = step(hash, bytes[end] as number)
      if (end === start || end >= bytes.length) return -1
      const field = slots[slotOf(hash, multiplier)] as number
      if (field < 0 || !isKey(bytes, start, field)) return -1
      followers[previous] = field
      return field
    },
    length: field => lengths[field] as number
  }
}

interface Level { slots: Int16Array, multiplier: number, isMember: Uint8Array }

/** Numbers of the fields of an object; '' is the message itself. */
function fieldsOf (object: string): number[] {
  return SCANNED_FIELDS.flatMap((path, field) => {
    const parent = field < VALUE_FIELDS.length && path.includes('.') ? path.slice(0, path.indexOf('.')) : ''
    return parent === object ? [field] : []
  })
}

function step (hash: number, byte: number): number {
  return Math.imul(hash, 31) + byte | 0
}

function slotOf (hash: number, multiplier: number): number {
  return (Math.imul(hash, multiplier) >>> 16) & (SLOTS - 1)
}

/** A multiplier under which no two keys of a level share a slot. */
function perfectHash (fields: readonly number[], names: readonly Buffer[]): Level {
  for (let factor = 1; factor < FACTOR_MAX; factor++) {
    const multiplier = Math.imul(factor, 0x9e3779b1)
    const slots = new Int16Array(SLOTS).fill(-1)
    const isFree = fields.every(field => {
      const name = names[field]!
      const slot = slotOf(name.reduce(step, 0), multiplier)
      if (slots[slot] !== -1) return false
      slots[slot] = field
      return true
    })
    if (!isFree) continue
    const isMember = new Uint8Array(names.length)
    for (const field of fields) isMember[field] = 1
    return { slots, multiplier, isMember }
  }
  throw new Error('the keys of a contract need another hash')
}
