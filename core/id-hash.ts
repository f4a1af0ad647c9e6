// A 64-bit hash of a record's id, for the look-up of ids already seen. It is stored, so it may never change. Collisions
// cost a second look at the table and nothing else: every hit is confirmed by the id itself.

/** Writes the hash of (contract ordinal, id) as two 32-bit words, low first. */
export function setIdHash (words: Uint32Array, row: number, contract: number, id: string): void {
  // Two multiplicative lanes with a final avalanche across both (the public-domain cyrb53 by bryc, kept at 64 bits).
  let low = 0xdeadbeef ^ contract
  let high = 0x41c6ce57 ^ contract
  for (let i = 0; i < id.length; i++) {
    const character = id.charCodeAt(i)
    low = Math.imul(low ^ character, 2654435761)
    high = Math.imul(high ^ character, 1597334677)
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  words[row * 2] = low
  words[row * 2 + 1] = high
}
