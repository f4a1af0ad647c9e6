// A raw batch in one piece of memory: so it is decoded, and so it changes threads, by changing hands instead of being
// copied message by message.
import { type RawBatch } from './stage.ts'

/** A raw batch whose messages lie one behind the other. */
export interface PackedBatch {
  batch: Omit<RawBatch, 'messages'>
  bytes: Uint8Array
  /** Where each message ends in `bytes`. */
  ends: Uint32Array
  offsets: Float64Array
  receivedAtMs: Float64Array
}

/** Packs a batch; the messages are copied, because the memory they lie in is shared with others. */
export function packBatch ({ messages, ...batch }: RawBatch): PackedBatch {
  const count = messages.length
  const ends = new Uint32Array(count)
  const offsets = new Float64Array(count)
  const receivedAtMs = new Float64Array(count)
  let size = 0
  for (let i = 0; i < count; i++) {
    const { value, offset, receivedAtMs: received } = messages[i]!
    ends[i] = size += value.length
    offsets[i] = offset
    receivedAtMs[i] = received
  }
  const bytes = new Uint8Array(size)
  for (let i = 0, at = 0; i < count; i++) {
    const { value } = messages[i]!
    bytes.set(value, at)
    at += value.length
  }
  return { batch, bytes, ends, offsets, receivedAtMs }
}

/** The bytes of a message, which stay where they are. */
export function messageOf ({ bytes, ends }: PackedBatch, message: number): Uint8Array {
  return bytes.subarray(message === 0 ? 0 : ends[message - 1], ends[message])
}

/** The memory of a packed batch. */
export function packedMemory ({ bytes, ends, offsets, receivedAtMs }: PackedBatch): ArrayBuffer[] {
  return [bytes, ends, offsets, receivedAtMs].map(({ buffer }) => buffer as ArrayBuffer)
}
