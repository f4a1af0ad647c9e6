// SHA-256 (FIPS 180-4) from any state on: what comes before a text, as a key, is digested once and for all.

export const STATE_BYTES: usize = 32
export const BLOCK_BYTES: usize = 64

const LENGTH_AT: usize = 56

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
const schedule = memory.data(64 * 4, 16)
const lastBlock = memory.data(64, 16)

/** Begins a digest. */
export function begin (state: usize): void {
  memory.copy(state, initial, STATE_BYTES)
}

/** Ends a digest with the text of `length` bytes at `text`; `before` bytes, whole blocks, were digested already. */
export function finish (state: usize, text: usize, length: usize, before: usize): void {
  const bits = <u64>(before + length) << 3
  for (; length >= BLOCK_BYTES; length -= BLOCK_BYTES, text += BLOCK_BYTES) compress(state, text)
  memory.fill(lastBlock, 0, BLOCK_BYTES)
  memory.copy(lastBlock, text, length)
  store<u8>(lastBlock + length, 0x80)
  if (length >= LENGTH_AT) {
    compress(state, lastBlock)
    memory.fill(lastBlock, 0, BLOCK_BYTES)
  }
  store<u64>(lastBlock + LENGTH_AT, bswap(bits))
  compress(state, lastBlock)
}

/** Ends a digest with another digest's state, as HMAC does; one block was digested before. */
export function finishWithState (state: usize, inner: usize): void {
  for (let i: usize = 0; i < STATE_BYTES; i += 4) store<u32>(lastBlock + i, bswap(load<u32>(inner + i)))
  memory.fill(lastBlock + STATE_BYTES, 0, STATE_BYTES)
  store<u8>(lastBlock + STATE_BYTES, 0x80)
  store<u64>(lastBlock + LENGTH_AT, bswap(<u64>(BLOCK_BYTES + STATE_BYTES) << 3))
  compress(state, lastBlock)
}

/** Digests one block. */
export function compress (state: usize, block: usize): void {
  expand(block)
  let a = load<u32>(state)
  let b = load<u32>(state, 4)
  let c = load<u32>(state, 8)
  let d = load<u32>(state, 12)
  let e = load<u32>(state, 16)
  let f = load<u32>(state, 20)
  let g = load<u32>(state, 24)
  let h = load<u32>(state, 28)
  // Eight rounds a turn: the letters have changed places once around, so nothing is moved.
  for (let i: usize = 0; i < 256; i += 32) {
    h = first(h, e, f, g, i); d += h; h = second(h, a, b, c)
    g = first(g, d, e, f, i + 4); c += g; g = second(g, h, a, b)
    f = first(f, c, d, e, i + 8); b += f; f = second(f, g, h, a)
    e = first(e, b, c, d, i + 12); a += e; e = second(e, f, g, h)
    d = first(d, a, b, c, i + 16); h += d; d = second(d, e, f, g)
    c = first(c, h, a, b, i + 20); g += c; c = second(c, d, e, f)
    b = first(b, g, h, a, i + 24); f += b; b = second(b, c, d, e)
    a = first(a, f, g, h, i + 28); e += a; a = second(a, b, c, d)
  }
  store<u32>(state, load<u32>(state) + a)
  store<u32>(state, load<u32>(state, 4) + b, 4)
  store<u32>(state, load<u32>(state, 8) + c, 8)
  store<u32>(state, load<u32>(state, 12) + d, 12)
  store<u32>(state, load<u32>(state, 16) + e, 16)
  store<u32>(state, load<u32>(state, 20) + f, 20)
  store<u32>(state, load<u32>(state, 24) + g, 24)
  store<u32>(state, load<u32>(state, 28) + h, 28)
}

function expand (block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(schedule + i, bswap(load<u32>(block + i)))
  for (let i: usize = 64; i < 256; i += 4) {
    const w15 = load<u32>(schedule + i - 60)
    const w2 = load<u32>(schedule + i - 8)
    const s0 = rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >>> 3)
    const s1 = rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >>> 10)
    store<u32>(schedule + i, load<u32>(schedule + i - 64) + s0 + load<u32>(schedule + i - 28) + s1)
  }
}

/** T1 of a round. */
function first (h: u32, e: u32, f: u32, g: u32, i: usize): u32 {
  return h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + (g ^ (e & (f ^ g))) + load<u32>(constants + i) +
    load<u32>(schedule + i)
}

/** T1 + T2 of a round. */
function second (t1: u32, a: u32, b: u32, c: u32): u32 {
  return t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) | (c & (a | b)))
}
