// Collects lines into batches of one file. The last full batch is held back until it is known whether more follows, for
// the file's end is recorded with its last rows.
import { createMessageCollector } from '../../core/packed-messages.ts'
import type { RawBatch } from '../../core/stage.ts'
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
  const collector = createMessageCollector()

  function take (): RawBatch {
    const messages = collector.take()
    const firstOffset = messages.offsets[0] as number
    return {
      source: FILE_SOURCE, partition, firstOffset, nextOffset: firstOffset + messages.offsets.length, messages
    }
  }

  return {
    add (offset, value) {
      const isFull = collector.count() >= limits.batchMessagesMax ||
        (collector.count() > 0 && collector.byteCount() + value.length > limits.batchBytesMax)
      const full = isFull ? take() : null
      collector.add(offset, receivedAtMs, value)
      return full
    },
    end: () => collector.count() === 0 ? null : { ...take(), endsPartition: true }
  }
}
