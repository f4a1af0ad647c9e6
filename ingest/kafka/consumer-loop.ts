// A fetched batch becomes a RawBatch: contiguous with the one before it, few in flight, handed over without waiting
// until it is durable.
import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import type { Logger } from 'pino'
import { BorderflowError } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { createMessageCollector, releaseMessages, type PackedMessages } from '../../core/packed-messages.ts'
import { createSlices } from '../../core/slices.ts'
import type { BatchOutcome, BatchTaker, RawBatch } from '../../core/stage.ts'
import { isReadable, type Assignments, type Partition } from './assignments.ts'
import type { Commits } from './commits.ts'
import type { KafkaSettings } from './config.ts'
import { compareMark, markOf } from './marks.ts'
import { KAFKA_SOURCE, type Placement } from './placement.ts'
import { sizesOf } from './records/fetched-record.ts'
import type { Watchdog } from './watchdog.ts'

interface LoopDeps {
  settings: KafkaSettings
  assignments: Assignments
  taker: BatchTaker
  placement: Placement
  watchdog: Watchdog
  commits: Commits
  /** Key of the marks of records. */
  markKey: Uint8Array
  /** Stops fetching the partition, waits for its batches, and starts it again from its stored position. */
  replace (partition: Partition): void
  /** Fetches the partition from another offset next. */
  seek (partition: Partition, offset: number): void
  pause (partition: Partition): void
  fail (error: unknown): void
  isClosed (): boolean
  log: Logger
}

/** Where a fetched batch lies: asked for from `fetched`, records known up to `end` exclusive, log up to `high`. */
interface Span {
  fetched: number
  end: number
  high: number
}

const STALE_MAX = 5
/** Records between two looks at the clock. */
const LOOK_RECORDS = 64
const NO_VALUE = new Uint8Array(0)

/** The handler for kafkajs' eachBatch. It never throws errors of ours (kafkajs would retry); they go to `fail`. */
export function createConsumerLoop (deps: LoopDeps): (payload: EachBatchPayload) => Promise<void> {
  const { assignments, isClosed, fail } = deps
  return async payload => {
    const { batch } = payload
    const partition = assignments.get(batch.topic, batch.partition)
    if (!partition) return
    // A batch that was fetched before a seek is no longer wanted: isStale says so.
    const isWanted = (): boolean => !isClosed() && !payload.isStale() &&
      assignments.isCurrent(partition) && isReadable(partition)
    try {
      if (isWanted()) await handle(deps, partition, payload, isWanted)
    } catch (error) {
      fail(error)
    }
  }
}

async function handle (
  deps: LoopDeps, partition: Partition, payload: EachBatchPayload, isWanted: () => boolean
): Promise<void> {
  const { batch } = payload
  const span = spanOf(payload)
  if (span.fetched > partition.covered) {
    const isVoid = await jumpIsVoid(deps, partition)
    if (!isVoid || !isWanted()) return
  }
  if (!isSameLog(deps, partition, batch.messages, span)) return
  const fresh = batch.messages.filter(message => sizesOf(message).offset >= partition.next)
  if (fresh.length === 0) {
    passOver(deps, partition, payload, span)
    return
  }
  const endWait = deps.watchdog.waiting()
  const timer = setInterval(() => { payload.heartbeat().catch(() => undefined) }, deps.settings.heartbeatIntervalMs)
  try {
    await slotFree(deps, partition)
    const messages = await packRecords(fresh)
    if (isWanted()) await submit(deps, partition, payload, rawBatch(deps, partition, messages, fresh.at(-1), span))
    else releaseMessages(messages)
  } finally {
    clearInterval(timer)
    endWait()
  }
}

/**
 * A batch was fetched from beyond what is covered: true if the offsets between hold nothing for us. They may also be
 * deleted (kafkajs then goes to the log's start by itself), or the batch may be a left-over of an earlier fetch:
 * therefore the broker is asked, and the stretch read a second time.
 */
async function jumpIsVoid (deps: LoopDeps, partition: Partition): Promise<boolean> {
  const ends = (await deps.placement.ends(partition.topic)).get(partition.number)
  if (!deps.assignments.isCurrent(partition) || !isReadable(partition)) return false
  if (ends && ends.low > partition.covered) {
    deps.pause(partition)
    await deps.placement.stopLost(partition, ends.low)
    return false
  }
  if (partition.probedAt === partition.next) return true
  partition.probedAt = partition.next
  partition.covered = partition.next
  deps.seek(partition, partition.next)
  return false
}

/** Compares the marked record where the batch holds it; stops the partition if the log is another one. */
function isSameLog (deps: LoopDeps, partition: Partition, messages: KafkaMessage[], span: Span): boolean {
  if (!partition.mark) return true
  const verdict = compareMark(partition.mark, messages, span.fetched, span.end, deps.markKey)
  if (verdict === 'other') {
    deps.pause(partition)
    deps.placement.stopReplaced(partition, `another record at offset ${partition.mark.offset}`)
    return false
  }
  if (verdict === 'gone') {
    deps.log.info({ partition: partition.name, offset: partition.mark.offset }, 'last record consumed is gone: not compared')
  }
  if (partition.status === 'verifying' && span.end > partition.mark.offset) partition.status = 'reading'
  return true
}

/** Nothing new in the batch: it is passed over, or read from the right place if it lies wholly before it. */
function passOver (deps: LoopDeps, partition: Partition, payload: EachBatchPayload, span: Span): void {
  if (span.high < partition.next) {
    deps.replace(partition)
  } else if (span.end < partition.next && partition.status === 'reading') {
    deps.seek(partition, partition.next)
  } else {
    partition.covered = Math.max(partition.covered, span.end)
    payload.resolveOffset(payload.batch.lastOffset())
  }
}

async function submit (
  deps: LoopDeps, partition: Partition, payload: EachBatchPayload, batch: RawBatch
): Promise<void> {
  failpoint('kafka-batch-read')
  const accepted = deps.taker.submit(batch)
  const flight = accepted
    .then(async ({ durable }) => await durable)
    .then(outcome => settle(deps, partition, batch, outcome), deps.fail)
    .finally(() => partition.flights.delete(flight))
  partition.flights.add(flight)
  try {
    await accepted
  } catch {
    return // the flight has told it
  }
  partition.next = batch.nextOffset
  partition.covered = Math.max(partition.covered, batch.nextOffset)
  partition.mark = batch.lastRecord
  payload.resolveOffset(payload.batch.lastOffset())
  deps.watchdog.progressed()
}

function settle (deps: LoopDeps, partition: Partition, batch: RawBatch, outcome: BatchOutcome): void {
  if (outcome.applied) {
    partition.staleCount = 0
    deps.commits.note(partition, batch.nextOffset)
    return
  }
  partition.staleCount++
  deps.log.warn({ partition: partition.name, firstOffset: batch.firstOffset },
    'batch did not start at the stored position: reading again from there')
  if (partition.staleCount > STALE_MAX) {
    deps.fail(new BorderflowError('POSITION_STALE', {
      expected: 'batches to start at the stored position',
      found: `${partition.staleCount} in a row that did not`,
      where: `${partition.name}, offset ${batch.firstOffset}`
    }))
  } else {
    deps.replace(partition)
  }
}

async function slotFree (deps: LoopDeps, partition: Partition): Promise<void> {
  const { inFlightPerPartitionMax, inFlightMax } = deps.settings
  while (!deps.isClosed()) {
    const all = deps.assignments.flights()
    if (partition.flights.size >= inFlightPerPartitionMax) await Promise.race(partition.flights)
    else if (all.length >= inFlightMax) await Promise.race(all)
    else return
  }
}

/** The records one behind the other in memory that threads share. */
async function packRecords (records: readonly KafkaMessage[]): Promise<PackedMessages> {
  const slices = createSlices()
  const collector = createMessageCollector(records.reduce((sum, record) => sum + sizesOf(record).valueLength, 0))
  for (const [index, record] of records.entries()) {
    if (index % LOOK_RECORDS === 0 && slices.isOver()) await slices.rest()
    const { offset, timestampMs } = sizesOf(record)
    collector.add(offset, timestampMs, record.value ?? NO_VALUE)
  }
  return collector.take()
}

function rawBatch (
  { markKey }: LoopDeps, partition: Partition, messages: PackedMessages, last: KafkaMessage | undefined, span: Span
): RawBatch {
  return {
    source: KAFKA_SOURCE,
    partition: partition.name,
    firstOffset: partition.next,
    nextOffset: span.end,
    contract: partition.contract,
    messages,
    lastRecord: last && markOf(last, markKey)
  }
}

function spanOf ({ batch }: EachBatchPayload): Span {
  const { fetchedOffset } = batch as unknown as { fetchedOffset: string }
  return { fetched: Number(fetchedOffset), end: Number(batch.lastOffset()) + 1, high: Number(batch.highWatermark) }
}
