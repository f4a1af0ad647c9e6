// The messages of a batch one by one.
import { messageAt, type RawMessage } from '../../core/packed-messages.ts'
import { type RawBatch } from '../../core/stage.ts'

export function rawMessages ({ messages }: RawBatch): RawMessage[] {
  return Array.from(messages.offsets, (offset, i) =>
    ({ offset, receivedAtMs: messages.receivedAtMs[i] as number, value: messageAt(messages, i) }))
}
