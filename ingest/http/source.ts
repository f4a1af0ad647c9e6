// Hands the stored requests to the loader, in the order of their ordinals: from memory where they still are, else from
// the segments. Small requests share a batch, large ones take several.
import type { Clock } from '../../core/clock.ts'
import { createMessageCollector, type MessageCollector } from '../../core/packed-messages.ts'
import { createSlices } from '../../core/slices.ts'
import type { BatchTaker, PositionStore, RawBatch, ReceiptRange } from '../../core/stage.ts'
import type { BatchLimits } from '../files/line-batcher.ts'
import type { SourceLog } from '../files/registry.ts'
import { createSubmitWindow, type SubmitWindow } from '../files/submit-window.ts'
import type { Backlog } from './backlog.ts'
import { messagesFrom } from './segment-body.ts'
import { type BodyReader, createBodyReader } from './segment-read.ts'

export const HTTP_SOURCE = 'http'
export const HTTP_PARTITION = 'http'

export interface HttpFeedDeps {
  positions: PositionStore
  clock: Clock
  log: SourceLog
}

export interface HttpFeed {
  /** Feeds until aborted; resolves when all that was submitted is durable. Throws what the loader throws. */
  run(taker: BatchTaker, signal: AbortSignal): Promise<void>
  /** The lost stretch at which the feed stands, if it does. */
  gap(): { from: number, to: number } | undefined
}

const BATCHES_UNDURABLE_MAX = 2
/** Messages between two looks at the clock. */
const LOOK_MESSAGES = 64

export function createHttpFeed (
  config: BatchLimits & { gapPollMs: number }, deps: HttpFeedDeps, backlog: Backlog
): HttpFeed {
  let gap: { from: number, to: number } | undefined

  async function run (taker: BatchTaker, signal: AbortSignal): Promise<void> {
    const window = createSubmitWindow(taker, BATCHES_UNDURABLE_MAX)
    const bodies = createBodyReader()
    try {
      await feed(window, bodies, signal)
      await window.drain()
    } finally {
      await bodies.close()
    }
  }

  async function feed (window: SubmitWindow, bodies: BodyReader, aborted: AbortSignal): Promise<void> {
    // A batch that fails while nothing else comes in must end the waiting too.
    const failed = new AbortController()
    const signal = AbortSignal.any([aborted, failed.signal])
    // One for all batches, which are alike: it begins each with the room of the one before.
    const collector = createMessageCollector()
    let cursor = backlog.durableOrdinal()
    while (!signal.aborted) {
      const next = backlog.at(cursor)
      const expected = next?.firstOrdinal ?? backlog.endOrdinal()
      if (expected > cursor) {
        cursor = await standAtGap(cursor, expected, window, signal)
      } else if (next === undefined) {
        await backlog.whenAdded(signal)
      } else {
        const batch = await collect(cursor, config, backlog, bodies, collector)
        if (batch === null) {
          cursor = await standAtGap(cursor, next.nextOrdinal, window, signal)
          continue
        }
        await submit(batch, window, failed)
        cursor = batch.nextOffset
      }
    }
  }

  async function submit (batch: RawBatch, window: SubmitWindow, failed: AbortController): Promise<void> {
    const { durable } = await window.submit(batch)
    durable.then(outcome => {
      const receipt = batch.receipts?.length === 1 ? batch.receipts[0]!.receipt : undefined
      const request = backlog.at(batch.firstOffset)
      const isWhole = request?.firstOrdinal === batch.firstOffset && request.nextOrdinal === batch.nextOffset
      backlog.advance(batch.nextOffset, receipt !== undefined && isWhole ? { receipt, outcome } : undefined)
    }, () => failed.abort())
  }

  /** Records what is lost and waits until it is accepted, which moves the stored position behind it. */
  async function standAtGap (from: number, to: number, window: SubmitWindow, signal: AbortSignal): Promise<number> {
    await window.drain()
    gap = { from, to }
    deps.log.warn({ code: 'SEGMENT_DAMAGED', from, to }, 'requests in a damaged or missing segment are lost')
    await deps.positions.recordLost(HTTP_SOURCE, HTTP_PARTITION, from, to)
    while (!signal.aborted) {
      const stored = await storedOrdinal(deps.positions)
      if (stored >= to) {
        gap = undefined
        backlog.advance(stored)
        return stored
      }
      await pause(config.gapPollMs, signal)
    }
    return from
  }

  return { run, gap: () => gap }
}

/** The next ordinal to load, by the warehouse; 0 if it knows of none. */
export async function storedOrdinal (positions: PositionStore): Promise<number> {
  const stored = await positions.positions(HTTP_SOURCE)
  return stored.find(position => position.partition === HTTP_PARTITION)?.nextOffset ?? 0
}

/** The next batch from the ordinal on; null if the request there cannot be read. */
async function collect (
  from: number, limits: BatchLimits, backlog: Backlog, bodies: BodyReader, collector: MessageCollector
): Promise<RawBatch | null> {
  const receipts: ReceiptRange[] = []
  const slices = createSlices()
  let nextOffset = from
  for (let isFull = false; !isFull;) {
    const request = backlog.at(nextOffset)
    if (request === undefined || request.firstOrdinal > nextOffset) break
    const body = request.body ?? await bodies.read(request.location)
    if (body === null) break
    // Kept until all of a large request is handed over, or it would be read again for every batch.
    backlog.attach(request, body)
    const firstOffset = nextOffset
    const next = messagesFrom(body, firstOffset - request.firstOrdinal)
    for (let value = next(); value !== null; value = next()) {
      isFull = collector.count() >= limits.batchMessagesMax ||
        (collector.count() > 0 && collector.byteCount() + value.length > limits.batchBytesMax)
      if (isFull) break
      if (nextOffset % LOOK_MESSAGES === 0 && slices.isOver()) await slices.rest()
      collector.add(nextOffset++, request.receivedAtMs, value)
    }
    if (nextOffset > firstOffset) receipts.push({ receipt: request.receipt, firstOffset, nextOffset })
    if (nextOffset === request.nextOrdinal) backlog.release(request)
  }
  if (collector.count() === 0) return null
  const messages = collector.take()
  return { source: HTTP_SOURCE, partition: HTTP_PARTITION, firstOffset: from, nextOffset, messages, receipts }
}

function pause (ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
