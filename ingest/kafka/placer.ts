// Puts assigned partitions where they have to start, one after the other: paused, placed, sought, resumed.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import type { Logger } from 'pino'
import { errorText } from '../../core/errors.ts'
import type { Assignments, Partition } from './assignments.ts'
import { isTransient } from './failures.ts'
import type { Membership } from './membership.ts'
import type { Placement } from './placement.ts'

export interface Placer {
  /** A new assignment: pauses all of it at once (no fetch may use the group's offset), then places each partition. */
  begin (byTopic: Record<string, number[]>): void
  /** Places one partition again from its stored position. */
  replace (partition: Partition): void
  seek (partition: Partition, offset: number): void
  pause (partition: Partition): void
  pauseAll (): void
}

interface PlacerDeps {
  consumer: Consumer
  assignments: Assignments
  placement: Placement
  membership: Membership
  fail (error: unknown): void
  isClosed (): boolean
  log: Logger
}

const ATTEMPTS = 5
const RETRY_MS = 1_000

export function createPlacer (deps: PlacerDeps): Placer {
  const { consumer, assignments, placement, membership, fail, isClosed, log } = deps

  // Between a crash of the consumer and its restart there is nothing to command; the next assignment starts anew.
  const command = (action: () => void): void => {
    try {
      action()
    } catch (error) {
      log.debug({ error: errorText(error) }, 'the consumer took no command')
    }
  }
  const target = ({ topic, number }: Partition): Array<{ topic: string, partitions: number[] }> =>
    [{ topic, partitions: [number] }]
  const pause = (partition: Partition): void => command(() => consumer.pause(target(partition)))
  const seek = ({ topic, number }: Partition, offset: number): void =>
    command(() => consumer.seek({ topic, partition: number, offset: String(offset) }))
  const isOver = (partition: Partition): boolean => isClosed() || !assignments.isCurrent(partition)

  const placeOne = async (partition: Partition): Promise<void> => {
    await Promise.allSettled(partition.flights)
    if (isOver(partition)) return
    const offset = await patiently(() => placement.place(partition))
    if (offset === undefined || isOver(partition)) return
    log.info({ partition: partition.name, next: partition.next, low: partition.low, high: partition.high }, 'partition placed')
    seek(partition, offset)
    command(() => consumer.resume(target(partition)))
  }

  const placeAll = async (partitions: Partition[]): Promise<void> => {
    await patiently(() => membership.check())
    for (const partition of partitions) if (!isOver(partition)) await placeOne(partition)
  }

  return {
    begin: byTopic => {
      const partitions = assignments.assign(byTopic)
      for (const partition of partitions) pause(partition)
      placeAll(partitions).catch(fail)
    },
    replace: partition => {
      if (partition.status === 'checking' || isOver(partition)) return
      partition.status = 'checking'
      partition.misfits = 0
      pause(partition)
      placeOne(partition).catch(fail)
    },
    seek,
    pause,
    pauseAll: () => { for (const partition of assignments.all()) pause(partition) }
  }

  async function patiently<T> (ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask()
      } catch (error) {
        if (attempt >= ATTEMPTS || isClosed() || !isTransient(error)) throw error
        await sleep(RETRY_MS)
      }
    }
  }
}
