// Ids already seen, in memory: 64-bit hash → sequence of the record's current image. 12 bytes a slot, at most 0.7 full.
// A hash is no proof: every hit is confirmed in the table, and different ids of one hash stand side by side. Split into
// 1,024 parts that grow and are copied one by one: of 200 million ids that holds the event loop 3 ms.

export const PARTS = 1024
/** A part is chosen by the highest bits of a hash, a slot by the lowest. */
const PART_SHIFT = 22
const PART_SLOTS_INITIAL = 64
const FULL_SHARE_MAX = 0.7
/** Sequences begin at 1: 0 marks an empty slot. */
const EMPTY = 0

/** One of the tables: hash words and sequences by slot. */
export interface Part { low: Uint32Array, high: Uint32Array, sequence: Uint32Array, used: number }

export interface IdIndex {
  /** Adds an image; an equal hash that is there already stays beside it. */
  add (low: number, high: number, sequence: number): void
  /** Puts a record's new image in the place of the one before. */
  replace (low: number, high: number, oldSequence: number, newSequence: number): void
  /** The sequences under a hash: none for a new id, more than one only if ids collide. */
  find (low: number, high: number): readonly number[]
  /** Forgets every sequence under a hash. */
  remove (low: number, high: number): void
  /** Forgets every sequence from this one on, and returns the hashes they stood under: low and high words in turn. */
  removeFrom (sequence: number): number[]
  /** The tables as they are at this moment, for saving: they go on changing. */
  part (number: number): Readonly<Part>
  readonly size: number
  /** Bytes of the tables. */
  readonly bytes: number
}

const NONE: readonly number[] = []

/** An index of saved tables, all of its parts, or an empty one. */
export function createIdIndex (saved?: Part[]): IdIndex {
  const parts = saved ?? Array.from({ length: PARTS }, () => createPart(PART_SLOTS_INITIAL))
  let size = parts.reduce((sum, part) => sum + part.used, 0)

  function add (low: number, high: number, sequence: number): void {
    const number = high >>> PART_SHIFT
    let part = parts[number] as Part
    if (part.used >= part.sequence.length * FULL_SHARE_MAX) part = parts[number] = grown(part)
    insert(part, low, high, sequence)
    size++
  }

  function replace (low: number, high: number, oldSequence: number, newSequence: number): void {
    const part = parts[high >>> PART_SHIFT] as Part
    for (let slot = firstSlot(part, low); part.sequence[slot] !== EMPTY; slot = nextSlot(part, slot)) {
      if (part.sequence[slot] === oldSequence) {
        part.sequence[slot] = newSequence
        return
      }
    }
    throw new Error('the image to replace is not in the index')
  }

  function find (low: number, high: number): readonly number[] {
    const part = parts[high >>> PART_SHIFT] as Part
    let found: number[] | null = null
    for (let slot = firstSlot(part, low); part.sequence[slot] !== EMPTY; slot = nextSlot(part, slot)) {
      if (part.low[slot] === low && part.high[slot] === high) (found ??= []).push(part.sequence[slot] as number)
    }
    return found ?? NONE
  }

  function remove (low: number, high: number): void {
    const part = parts[high >>> PART_SHIFT] as Part
    for (let slot = firstSlot(part, low); part.sequence[slot] !== EMPTY;) {
      if (part.low[slot] === low && part.high[slot] === high) {
        empty(part, slot)
        size--
      } else {
        slot = nextSlot(part, slot)
      }
    }
  }

  function removeFrom (sequence: number): number[] {
    const removed: number[] = []
    for (const part of parts) {
      for (let slot = 0; slot < part.sequence.length;) {
        if ((part.sequence[slot] as number) >= sequence) {
          removed.push(part.low[slot] as number, part.high[slot] as number)
          // What moves into the emptied slot is looked at next.
          empty(part, slot)
          size--
        } else {
          slot++
        }
      }
    }
    return removed
  }

  return {
    add,
    replace,
    find,
    remove,
    removeFrom,
    part: number => parts[number] as Part,
    get size () { return size },
    get bytes () { return parts.reduce((sum, part) => sum + part.sequence.length * 12, 0) }
  }
}

function createPart (slots: number): Part {
  return { low: new Uint32Array(slots), high: new Uint32Array(slots), sequence: new Uint32Array(slots), used: 0 }
}

function grown (part: Part): Part {
  const larger = createPart(part.sequence.length * 2)
  for (let slot = 0; slot < part.sequence.length; slot++) {
    const sequence = part.sequence[slot] as number
    if (sequence !== EMPTY) insert(larger, part.low[slot] as number, part.high[slot] as number, sequence)
  }
  return larger
}

function insert (part: Part, low: number, high: number, sequence: number): void {
  let slot = firstSlot(part, low)
  while (part.sequence[slot] !== EMPTY) slot = nextSlot(part, slot)
  part.low[slot] = low
  part.high[slot] = high
  part.sequence[slot] = sequence
  part.used++
}

/** Empties a slot and closes the gap: entries behind it move up as far as their own first slot allows. */
function empty (part: Part, slot: number): void {
  const mask = part.sequence.length - 1
  let gap = slot
  for (let next = nextSlot(part, slot); part.sequence[next] !== EMPTY; next = nextSlot(part, next)) {
    const home = firstSlot(part, part.low[next] as number)
    if (((next - home) & mask) < ((next - gap) & mask)) continue
    part.low[gap] = part.low[next] as number
    part.high[gap] = part.high[next] as number
    part.sequence[gap] = part.sequence[next] as number
    gap = next
  }
  part.sequence[gap] = EMPTY
  part.used--
}

// Lengths are powers of two.
function firstSlot (part: Part, low: number): number {
  return low & (part.sequence.length - 1)
}

function nextSlot (part: Part, slot: number): number {
  return (slot + 1) & (part.sequence.length - 1)
}
