// SHA-256 (FIPS 180-4) of four texts at a time, one in each lane of a vector: a third of the time of one after the
// other. A digest may go on from any state: what comes before a text, as a key, is digested once and for all.

export const LANES: usize = 4
export const BLOCK_BYTES: usize = 64
/** Eight vectors: each has one word of the four states. */
export const STATE_BYTES: usize = 128
/** What a text needs of room behind it. */
export const PADDING_BYTES: usize = 72

const LENGTH_BYTES: usize = 8
const VECTOR_BYTES: usize = 16

const initial = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
])
const constants = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
])
const schedule = memory.data(64 * 16, 16)
const texts = memory.data(4 * 4, 16)
const blocks = memory.data(4 * 4, 16)

/** Begins four digests. */
export function begin (state: usize): void {
  for (let word: usize = 0; word < 8; word++) {
    v128.store(state + word * VECTOR_BYTES, v128.splat<u32>(load<u32>(initial + (word << 2))))
  }
}

/** A word of one of four states, as the big-endian number that it is. */
export function wordOf (state: usize, word: usize, lane: usize): u32 {
  return load<u32>(state + word * VECTOR_BYTES + (lane << 2))
}

/**
 * Puts a text of `length` bytes into a lane, with its padding behind it; `before` bytes, whole blocks, were digested
 * already.
 */
export function setLane (lane: usize, text: usize, length: usize, before: usize): void {
  const padded = (length + 1 + LENGTH_BYTES + BLOCK_BYTES - 1) & ~(BLOCK_BYTES - 1)
  memory.fill(text + length, 0, padded - length)
  store<u8>(text + length, 0x80)
  store<u64>(text + padded - LENGTH_BYTES, bswap(<u64>(before + length) << 3))
  setBlocks(lane, text, padded / BLOCK_BYTES)
}

/** Puts whole blocks into a lane; none leaves its state as it is. */
export function setBlocks (lane: usize, text: usize, count: usize): void {
  store<usize>(texts + (lane << 2), text)
  store<usize>(blocks + (lane << 2), count)
}

/** Digests what is in the lanes. */
export function digestLanes (state: usize): void {
  const counts = v128.load(blocks)
  for (let block: u32 = 0; ; block++) {
    const isOn = v128.gt<u32>(counts, v128.splat<u32>(block))
    if (!v128.any_true(isOn)) return
    compress(state, isOn)
    // A lane that has ended reads its last block again, for nothing.
    const step = v128.and(v128.gt<u32>(counts, v128.splat<u32>(block + 1)), v128.splat<u32>(<u32>BLOCK_BYTES))
    v128.store(texts, v128.add<u32>(v128.load(texts), step))
  }
}

function compress (state: usize, isOn: v128): void {
  expand()
  let a = v128.load(state)
  let b = v128.load(state, 16)
  let c = v128.load(state, 32)
  let d = v128.load(state, 48)
  let e = v128.load(state, 64)
  let f = v128.load(state, 80)
  let g = v128.load(state, 96)
  let h = v128.load(state, 112)
  // Eight rounds a turn: the letters have changed places once around, so nothing is moved.
  for (let i: usize = 0; i < 64; i += 8) {
    h = first(h, e, f, g, i); d = v128.add<u32>(d, h); h = second(h, a, b, c)
    g = first(g, d, e, f, i + 1); c = v128.add<u32>(c, g); g = second(g, h, a, b)
    f = first(f, c, d, e, i + 2); b = v128.add<u32>(b, f); f = second(f, g, h, a)
    e = first(e, b, c, d, i + 3); a = v128.add<u32>(a, e); e = second(e, f, g, h)
    d = first(d, a, b, c, i + 4); h = v128.add<u32>(h, d); d = second(d, e, f, g)
    c = first(c, h, a, b, i + 5); g = v128.add<u32>(g, c); c = second(c, d, e, f)
    b = first(b, g, h, a, i + 6); f = v128.add<u32>(f, b); b = second(b, c, d, e)
    a = first(a, f, g, h, i + 7); e = v128.add<u32>(e, a); a = second(a, b, c, d)
  }
  add(state, a, isOn)
  add(state + 16, b, isOn)
  add(state + 32, c, isOn)
  add(state + 48, d, isOn)
  add(state + 64, e, isOn)
  add(state + 80, f, isOn)
  add(state + 96, g, isOn)
  add(state + 112, h, isOn)
}

/** The words of a block of each lane, and what is made of them. */
function expand (): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += VECTOR_BYTES) transpose(schedule + (i << 2), i)
  for (let at = schedule + 16 * VECTOR_BYTES; at < schedule + 64 * VECTOR_BYTES; at += VECTOR_BYTES) {
    const w15 = v128.load(at - 15 * VECTOR_BYTES)
    const w2 = v128.load(at - 2 * VECTOR_BYTES)
    const s0 = v128.xor(v128.xor(rotated(w15, 7), rotated(w15, 18)), v128.shr<u32>(w15, 3))
    const s1 = v128.xor(v128.xor(rotated(w2, 17), rotated(w2, 19)), v128.shr<u32>(w2, 10))
    const before = v128.add<u32>(v128.load(at - 16 * VECTOR_BYTES), v128.load(at - 7 * VECTOR_BYTES))
    v128.store(at, v128.add<u32>(before, v128.add<u32>(s0, s1)))
  }
}

/** Four words of each lane, from byte `i` of its block on, become four vectors of one word each. */
function transpose (to: usize, i: usize): void {
  const a = words(0, i)
  const b = words(1, i)
  const c = words(2, i)
  const d = words(3, i)
  const ab = v128.shuffle<u32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<u32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<u64>(ab, cd, 0, 2))
  v128.store(to, v128.shuffle<u64>(ab, cd, 1, 3), 16)
  v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 0, 2), 32)
  v128.store(to, v128.shuffle<u64>(abHigh, cdHigh, 1, 3), 48)
}

/** Four words of a lane's text, most significant byte first. */
function words (lane: usize, i: usize): v128 {
  const bytes = v128.load(load<usize>(texts + (lane << 2)) + i)
  return v128.shuffle<u8>(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
}

function rotated (x: v128, bits: i32): v128 {
  return v128.or(v128.shr<u32>(x, bits), v128.shl<u32>(x, 32 - bits))
}

function add (at: usize, value: v128, isOn: v128): void {
  const before = v128.load(at)
  v128.store(at, v128.add<u32>(before, v128.and(value, isOn)))
}

/** T1 of a round. */
function first (h: v128, e: v128, f: v128, g: v128, round: usize): v128 {
  const sum = v128.xor(v128.xor(rotated(e, 6), rotated(e, 11)), rotated(e, 25))
  const constant = v128.splat<u32>(load<u32>(constants + (round << 2)))
  const given = v128.add<u32>(v128.load(schedule + round * VECTOR_BYTES), constant)
  return v128.add<u32>(v128.add<u32>(h, sum), v128.add<u32>(v128.bitselect(f, g, e), given))
}

/** T1 + T2 of a round. */
function second (t1: v128, a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotated(a, 2), rotated(a, 13)), rotated(a, 22))
  const majority = v128.bitselect(c, a, v128.xor(a, b))
  return v128.add<u32>(t1, v128.add<u32>(sum, majority))
}
