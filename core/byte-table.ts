// Short texts by their bytes: the position of a code in a list, found without making a text of the bytes.

export interface ByteTable {
  /** The position of the text in [start, end); −1 if the table does not have it. */
  find (bytes: Uint8Array, start: number, end: number): number
  /** Adds a text behind the others and returns its position. The table refuses more than it was made for. */
  add (text: string): number
  readonly size: number
}

/** A table of these texts with room for `extra` more. */
export function createByteTable (texts: readonly string[], extra = 0): ByteTable {
  const capacity = texts.length + extra
  let slotCount = 16
  while (slotCount < capacity * 3) slotCount *= 2
  const slots = new Int32Array(slotCount).fill(-1)
  const keys: Uint8Array[] = []

  function find (bytes: Uint8Array, start: number, end: number): number {
    for (let slot = slotOf(bytes, start, end); ; slot = (slot + 1) & (slotCount - 1)) {
      const position = slots[slot] as number
      if (position < 0 || isSame(keys[position] as Uint8Array, bytes, start, end)) return position
    }
  }

  function slotOf (bytes: Uint8Array, start: number, end: number): number {
    let hash = end - start
    for (let i = start; i < end; i++) hash = Math.imul(hash, 31) + (bytes[i] as number) | 0
    return (Math.imul(hash, 0x9e3779b1) >>> 7) & (slotCount - 1)
  }

  function add (text: string): number {
    if (keys.length >= capacity) throw new Error('the table is full')
    const key = new Uint8Array(Buffer.from(text))
    let slot = slotOf(key, 0, key.length)
    while ((slots[slot] as number) >= 0) slot = (slot + 1) & (slotCount - 1)
    slots[slot] = keys.length
    return keys.push(key) - 1
  }

  for (const text of texts) add(text)
  return { find, add, get size () { return keys.length } }
}

function isSame (key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
