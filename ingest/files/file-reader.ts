// Reads one registered file from its stored position to its end, handing over batches while the ones before are loaded.
import type { BatchOutcome, BatchTaker, PositionStore } from '../../core/stage.ts'
import { decompress } from './decompress.ts'
import { changed, type OpenedFile, unreadable } from './identity.ts'
import { type BatchLimits, createLineBatcher } from './line-batcher.ts'
import { createLineSplitter } from './line-splitter.ts'
import { compressionOf } from './names.ts'
import { FILE_SOURCE } from './registry.ts'

const READ_BYTES = 256 * 1024

export type FileOutcome = Omit<BatchOutcome, 'applied'>

export interface Reading {
  /** False if the signal ended it before the file's end. */
  isComplete: boolean
  /** Lines read of the file, those below the stored position included. */
  lines: number
  /** Resolves once all batches that were handed over are durable, with their sum. */
  durable: Promise<FileOutcome>
}

export interface ReadingContext {
  positions: PositionStore
  taker: BatchTaker
  limits: BatchLimits
  signal: AbortSignal
}

/**
 * Reads a file; resolves when its last batch is accepted. Throws FILE_UNREADABLE (bad gzip, an input error) or
 * FILE_CHANGED (grown, cut or written to since it was opened); batches handed over before stay loaded.
 */
export async function readFile (
  file: OpenedFile, number: number, receivedAtMs: number, context: ReadingContext
): Promise<Reading> {
  const { positions, taker, limits, signal } = context
  const stored = await positions.start(FILE_SOURCE, String(number), 0)
  const batcher = createLineBatcher(String(number), receivedAtMs, limits)
  const splitter = createLineSplitter()
  const outcomes: Promise<BatchOutcome>[] = []
  let offset = 0

  async function take (lines: Uint8Array[]): Promise<void> {
    for (const line of lines) {
      const full = offset < stored.nextOffset ? null : batcher.add(offset, line)
      offset++
      if (full !== null) await hand(full)
    }
  }

  async function hand (batch: Parameters<BatchTaker['submit']>[0]): Promise<void> {
    await file.checkUnchanged()
    outcomes.push((await taker.submit(batch)).durable)
  }

  for await (const chunk of plainBytes(file)) {
    if (signal.aborted) return { isComplete: false, lines: offset, durable: sum(outcomes) }
    await take(splitter.push(chunk))
  }
  // A file that grew ends in the middle of a line here: the last line may be taken only if nothing changed.
  await file.checkUnchanged()
  await take(splitter.end())
  if (offset < stored.nextOffset) {
    throw changed(file.path, `${offset} lines, of which ${stored.nextOffset} are already loaded`)
  }
  const last = batcher.end()
  if (last !== null) await hand(last)
  return { isComplete: true, lines: offset, durable: sum(outcomes) }
}

/**
 * The file's bytes as they were at opening, decompressed, each chunk until the next is asked for; whatever goes wrong
 * in reading is FILE_UNREADABLE.
 */
async function * plainBytes (file: OpenedFile): AsyncGenerator<Uint8Array> {
  const compression = compressionOf(file.identity.name) ?? 'none'
  try {
    // A decompressor may still read one chunk when it asks for the next.
    if (compression === 'none') yield * storedBytes(file, Buffer.allocUnsafeSlow(READ_BYTES))
    else yield * decompress(storedBytes(file), compression)
  } catch (error) {
    throw unreadable(file.path, error)
  }
}

/** No further than the size at opening. Each chunk has a buffer of its own, unless one is given for all. */
async function * storedBytes (file: OpenedFile, buffer?: Buffer): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.identity.sizeBytes;) {
    const wanted = Math.min(READ_BYTES, file.identity.sizeBytes - position)
    const chunk = buffer ?? Buffer.allocUnsafeSlow(wanted)
    const { bytesRead } = await file.handle.read(chunk, 0, wanted, position)
    if (bytesRead === 0) return
    yield chunk.subarray(0, bytesRead)
    position += bytesRead
  }
}

async function sum (outcomes: Promise<BatchOutcome>[]): Promise<FileOutcome> {
  const total: FileOutcome = { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
  for (const outcome of await Promise.all(outcomes)) {
    total.read += outcome.read
    total.loaded += outcome.loaded
    total.duplicate += outcome.duplicate
    total.superseded += outcome.superseded
    for (const [reason, messages] of Object.entries(outcome.quarantined)) {
      total.quarantined[reason] = (total.quarantined[reason] ?? 0) + messages
    }
  }
  return total
}
