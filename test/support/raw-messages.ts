// Packed messages one by one.
import { messageAt, type PackedMessages, type RawMessage } from '../../core/packed-messages.ts'

export function rawMessages (messages: PackedMessages): RawMessage[] {
  return Array.from(messages.offsets, (offset, i) =>
    ({ offset, receivedAtMs: messages.receivedAtMs[i] as number, value: messageAt(messages, i) }))
}
