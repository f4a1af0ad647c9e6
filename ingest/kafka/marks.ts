// The mark of the last record consumed: stored with the rows, compared when that record is read again.
import { createHmac } from 'node:crypto'
import type { KafkaMessage } from 'kafkajs'
import type { RecordMark } from '../../core/stage.ts'

/**
 * The mark of a record: HMAC-SHA-256 over the key's length (-1 for none), the key and the value. Keyed, because a plain
 * digest of an event would let whoever knows the rest of it try document numbers.
 */
export function markOf (message: KafkaMessage, secret: Uint8Array): RecordMark {
  const keyLength = Buffer.alloc(4)
  keyLength.writeInt32BE(message.key?.length ?? -1)
  const hash = createHmac('sha256', secret).update(keyLength)
  if (message.key) hash.update(message.key)
  if (message.value) hash.update(message.value)
  return { offset: Number(message.offset), timestampMs: Number(message.timestamp), digest: hash.digest('hex') }
}

/** `unseen`: the messages do not reach the marked offset; `gone`: they pass it without holding it. */
export type MarkVerdict = 'unseen' | 'same' | 'other' | 'gone'

/** Looks for the marked record among messages that were fetched from `fetchedOffset` and end before `endOffset`. */
export function compareMark (
  mark: RecordMark, messages: KafkaMessage[], fetchedOffset: number, endOffset: number,
  secret: Uint8Array
): MarkVerdict {
  if (endOffset <= mark.offset || fetchedOffset > mark.offset) return 'unseen'
  const wanted = String(mark.offset)
  const found = messages.find(({ offset }) => offset === wanted)
  if (!found) return 'gone'
  const { timestampMs, digest } = markOf(found, secret)
  return timestampMs === mark.timestampMs && digest === mark.digest ? 'same' : 'other'
}
