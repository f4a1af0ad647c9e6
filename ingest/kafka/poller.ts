// What only the broker knows and no event tells, asked every few seconds: who is in the group, where each log begins
// and ends, and whether the stored position of a stopped partition has been moved.
import type { Logger } from 'pino'
import { errorText, hasCode } from '../../core/errors.ts'
import type { PositionStore } from '../../core/stage.ts'
import { isReadable, type Assignments, type Partition } from './assignments.ts'
import type { Membership } from './membership.ts'
import { KAFKA_SOURCE, type LogEnds, type Placement } from './placement.ts'

interface PollerDeps {
  topics: string[]
  assignments: Assignments
  membership: Membership
  placement: Placement
  positions: PositionStore
  replace (partition: Partition): void
  fail (error: unknown): void
  log: Logger
}

// A partition that has just been fetched to its end may look wrong once, between two answers.
const MISFITS_MAX = 2

/** One look; a look that fails is logged and the next one tries again. Only KAFKA_FOREIGN_MEMBER ends the source. */
export function createPoller (deps: PollerDeps): () => Promise<void> {
  let warned = false
  return async () => {
    try {
      await deps.membership.check()
      await lookAtLogs(deps)
      await lookAtStopped(deps)
      warned = false
    } catch (error) {
      if (hasCode(error, 'KAFKA_FOREIGN_MEMBER')) deps.fail(error)
      else if (!warned) deps.log.warn({ error: errorText(error) }, 'brokers could not be asked; trying again')
      warned = true
    }
  }
}

async function lookAtLogs ({ topics, assignments, placement, replace, log }: PollerDeps): Promise<void> {
  for (const topic of topics) {
    const ends = await placement.ends(topic)
    for (const partition of assignments.all()) {
      const found = partition.topic === topic ? ends.get(partition.number) : undefined
      if (!found) continue
      Object.assign(partition, found)
      if (!isReadable(partition) || fits(partition, found)) partition.misfits = 0
      else if (++partition.misfits >= MISFITS_MAX) {
        log.warn({ partition: partition.name, next: partition.next, ...found }, 'position is outside the log')
        replace(partition)
      }
    }
    const unassigned = [...ends.keys()].filter(number => !assignments.get(topic, number)).length
    if (unassigned > 0) log.debug({ topic, unassigned }, 'partitions not assigned yet')
  }
}

// Only a partition with nothing in flight or in hand can be told to be outside its log.
function fits ({ covered, flights }: Partition, { low, high }: LogEnds): boolean {
  return flights.size > 0 || (covered >= low && covered <= high)
}

async function lookAtStopped ({ assignments, positions, replace }: PollerDeps): Promise<void> {
  const stopped = assignments.all().filter(({ status }) => status === 'lost' || status === 'replaced')
  if (stopped.length === 0) return
  const positionList = await positions.positions(KAFKA_SOURCE)
  const stored = new Map(positionList.map(({ partition, nextOffset }) => [partition, nextOffset]))
  for (const partition of stopped) {
    const next = stored.get(partition.name)
    if (next !== undefined && next !== partition.next) replace(partition)
  }
}
