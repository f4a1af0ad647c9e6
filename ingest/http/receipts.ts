// Receipts and idempotency keys: what lets a sender ask again, without storing who asked or the key itself.
import { createHash, randomBytes } from 'node:crypto'

const SEPARATOR = '\u001f'
const RANDOM_HEX = 24

/** A receipt id: 96 random bits and a tag of its producer, 32 hex digits. */
export function newReceipt (producer: string): string {
  const random = randomBytes(RANDOM_HEX / 2).toString('hex')
  return random + producerTag(random, producer)
}

/** True if the text is a receipt that was given to this producer. */
export function isReceiptOf (receipt: string, producer: string): boolean {
  if (!/^[0-9a-f]{32}$/.test(receipt)) return false
  return receipt.slice(RANDOM_HEX) === producerTag(receipt.slice(0, RANDOM_HEX), producer)
}

/** Digest of an Idempotency-Key, which holds for one producer: 128 bits in hex. */
export function keyDigest (producer: string, key: string): string {
  return digest(producer + SEPARATOR + key).slice(0, 32)
}

export interface KnownKey {
  receipt: string
  /** Digest of the body that was stored under the key. */
  body: string
  /** Resolves once that body is stored; rejects if it could not be. */
  stored: Promise<void>
}

export interface KeyIndex {
  find(key: string): KnownKey | undefined
  /** Holds a key while its body is being stored; it is kept if that succeeds and free again if not. */
  hold(key: string, known: KnownKey): void
  /** A key found in a segment. */
  keep(key: string, receipt: string, body: string): void
}

/** Remembers the last `keysMax` keys, oldest forgotten first: about 200 bytes each. */
export function createKeyIndex (keysMax: number): KeyIndex {
  const held = new Map<string, KnownKey>()
  /** Receipt and body digest in one string, 32 characters each: the index may hold a million of them. */
  const kept = new Map<string, string>()

  function keep (key: string, receipt: string, body: string): void {
    kept.set(key, receipt + body)
    if (kept.size > keysMax) kept.delete(kept.keys().next().value!)
  }

  return {
    keep,
    find (key) {
      const pair = kept.get(key)
      if (pair === undefined) return held.get(key)
      return { receipt: pair.slice(0, 32), body: pair.slice(32), stored: Promise.resolve() }
    },
    hold (key, known) {
      held.set(key, known)
      known.stored
        .then(() => keep(key, known.receipt, known.body), () => {})
        .finally(() => held.delete(key))
        .catch(() => {})
    }
  }
}

function producerTag (random: string, producer: string): string {
  return digest(random + SEPARATOR + producer).slice(0, 32 - RANDOM_HEX)
}

function digest (text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
