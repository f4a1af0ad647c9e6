// Where a partition starts: the stored position against what the broker still has. Also what stops a partition.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Logger } from 'pino'
import { BorderflowError } from '../../core/errors.ts'
import type { PositionStore } from '../../core/stage.ts'
import type { Partition } from './assignments.ts'

export const KAFKA_SOURCE = 'kafka'

/** Both ends of a log: the first offset kept, and the one after the last. */
export interface LogEnds {
  low: number
  high: number
}

export interface Placement {
  /**
   * Reads the stored position (registering a new partition at the log's start) and judges it. Returns the offset to
   * fetch from, or undefined if the partition is stopped as `lost` or `replaced`.
   */
  place (partition: Partition): Promise<number | undefined>
  /** Records offsets that are gone and stops the partition until that is accepted. */
  stopLost (partition: Partition, low: number): Promise<void>
  /** Stops the partition: its log is not the one that was read. */
  stopReplaced (partition: Partition, found: string): void
  /** The ends of every log of a topic, by partition number. */
  ends (topic: string): Promise<Map<number, LogEnds>>
}

interface PlacementDeps {
  admin: Admin
  positions: PositionStore
  log: Logger
  /** How long after a first look a log that ends too early is looked at again: a new leader may lag a moment. */
  confirmMs: number
}

export function createPlacement ({ admin, positions, log, confirmMs }: PlacementDeps): Placement {
  const ends = async (topic: string): Promise<Map<number, LogEnds>> => {
    const list = await admin.fetchTopicOffsets(topic)
    return new Map(list.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]))
  }

  const look = async (partition: Partition): Promise<void> => {
    const found = (await ends(partition.topic)).get(partition.number)
    if (found) Object.assign(partition, found)
  }

  const stopReplaced = (partition: Partition, found: string): void => {
    partition.status = 'replaced'
    const error = new BorderflowError('KAFKA_TOPIC_REPLACED', {
      expected: 'the log that was read before',
      found,
      where: `${partition.name}, next offset ${partition.next}`,
      remedy: 'The topic was made anew or its log cut. Load into a new warehouse, or move the stored position.'
    })
    log.error({ code: error.code, partition: partition.name }, `partition stopped: ${error.message}`)
  }

  const stopLost = async (partition: Partition, low: number): Promise<void> => {
    partition.status = 'lost'
    partition.low = low
    log.error({ partition: partition.name, fromOffset: partition.next, toOffset: low },
      'partition stopped: records were deleted before they were read; it goes on once the gap is accepted')
    await positions.recordLost(KAFKA_SOURCE, partition.name, partition.next, low)
  }

  const place = async (partition: Partition): Promise<number | undefined> => {
    await look(partition)
    const stored = await positions.start(KAFKA_SOURCE, partition.name, partition.low)
    const { nextOffset, lastRecord } = stored
    Object.assign(partition, { next: nextOffset, covered: nextOffset, mark: lastRecord, probedAt: undefined })
    if (nextOffset > partition.high) {
      await sleep(confirmMs)
      await look(partition)
    }
    if (nextOffset > partition.high) {
      stopReplaced(partition, `a log that ends at ${partition.high}`)
      return undefined
    }
    if (nextOffset < partition.low) {
      await stopLost(partition, partition.low)
      return undefined
    }
    return seekTarget(partition, log)
  }

  return { place, stopLost, stopReplaced, ends }
}

// The last record consumed is fetched again first, where the log still reaches back to it.
function seekTarget (partition: Partition, log: Logger): number {
  const { mark, next, low } = partition
  if (mark && mark.offset < next && mark.offset >= low) {
    partition.status = 'verifying'
    return mark.offset
  }
  if (mark) log.info({ partition: partition.name, offset: mark.offset }, 'last record consumed is gone: not compared')
  partition.status = 'reading'
  return next
}
