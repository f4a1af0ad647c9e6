// Collects lines into batches of one file. The last full batch is held back until it is known whether more follows, for
// the file's end is recorded with its last rows.
import { type RawBatch, type RawMessage } from '../../core/stage.ts'
import { FILE_SOURCE } from './registry.ts'

export interface BatchLimits {
  batchMessagesMax: number
  batchBytesMax: number
}

export const DEFAULT_BATCH_LIMITS: BatchLimits = { batchMessagesMax: 5000, batchBytesMax: 8 * 1024 * 1024 }

export interface LineBatcher {
  /** Adds a line; returns the batch before it if that is full. */
  add(offset: number, value: Uint8Array): RawBatch | null
  /** The last batch, with `endsPartition`; null if no line was added. */
  end(): RawBatch | null
}

export function createLineBatcher (partition: string, receivedAtMs: number, limits: BatchLimits): LineBatcher {
  let messages: RawMessage[] = []
  let bytes = 0

  function take (): RawBatch {
    const batch: RawBatch = {
      source: FILE_SOURCE,
      partition,
      firstOffset: messages[0]!.offset,
      nextOffset: messages[messages.length - 1]!.offset + 1,
      messages
    }
    messages = []
    bytes = 0
    return batch
  }

  return {
    add (offset, value) {
      const isFull = messages.length >= limits.batchMessagesMax ||
        (messages.length > 0 && bytes + value.length > limits.batchBytesMax)
      const full = isFull ? take() : null
      messages.push({ offset, receivedAtMs, value })
      bytes += value.length
      return full
    },
    end: () => messages.length === 0 ? null : { ...take(), endsPartition: true }
  }
}
