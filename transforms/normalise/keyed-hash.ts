// Keyed digests of short texts. HMAC (RFC 2104) is built from two one-shot hashes, which cost half of what a Hmac object
// does for a hundred bytes; a test holds it against node:crypto's own.
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
/** Bytes kept of a digest: 128 bits. */
export const DIGEST_BYTES = 16

/** HMAC-SHA-256 with a key of at most 64 bytes; the result is the first 16 bytes, in a new array. */
export function createHmac128 (key: Uint8Array): (text: string) => Uint8Array {
  let inner = padded(key, 0x36, 1024)
  const outer = padded(key, 0x5c, BLOCK_BYTES + 32)
  return function hmac128 (text) {
    const worst = BLOCK_BYTES + text.length * 3
    if (worst > inner.length) inner = padded(key, 0x36, worst * 2)
    const length = inner.write(text, BLOCK_BYTES, 'utf8')
    hash('sha256', inner.subarray(0, BLOCK_BYTES + length), 'buffer').copy(outer, BLOCK_BYTES)
    return hash('sha256', outer, 'buffer').subarray(0, DIGEST_BYTES)
  }
}

/**
 * A keyed fingerprint of content, 128 bits: SHA-512/256 over key and text. SHA-512/256 hides its inner state, so a key in
 * front of the text is a sound code without HMAC's second pass.
 */
export function createFingerprint (key: Uint8Array): (text: string) => Uint8Array {
  let buffer = Buffer.alloc(4096)
  buffer.set(key)
  return function fingerprint (text) {
    const worst = key.length + text.length * 3
    if (worst > buffer.length) {
      buffer = Buffer.alloc(worst * 2)
      buffer.set(key)
    }
    const length = buffer.write(text, key.length, 'utf8')
    return hash('sha512-256', buffer.subarray(0, key.length + length), 'buffer').subarray(0, DIGEST_BYTES)
  }
}

function padded (key: Uint8Array, pad: number, bytes: number): Buffer {
  if (key.length > BLOCK_BYTES) throw new Error(`a key of at most ${BLOCK_BYTES} bytes is expected`)
  const buffer = Buffer.alloc(bytes)
  buffer.fill(pad, 0, BLOCK_BYTES)
  for (let i = 0; i < key.length; i++) buffer[i] = (key[i] ?? 0) ^ pad
  return buffer
}
