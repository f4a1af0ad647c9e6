// Offsets of the group, committed after the rows: what lag tools show, and nothing that is ever read back.
import type { Consumer } from 'kafkajs'
import type { Logger } from 'pino'
import { errorText } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import type { Assignments, Partition } from './assignments.ts'

export interface Commits {
  /** Notes that everything below `nextOffset` is durable; commits soon, newest value only. */
  note (partition: Partition, nextOffset: number): void
  /** Resolves once what was noted is committed or has failed. Never rejects. */
  flush (): Promise<void>
}

interface CommitDeps {
  consumer: Consumer
  assignments: Assignments
  log: Logger
}

export function createCommits ({ consumer, assignments, log }: CommitDeps): Commits {
  const noted = new Map<Partition, number>()
  let running: Promise<void> | undefined

  const commitNoted = async (): Promise<void> => {
    while (noted.size > 0) {
      // A commit to a partition that is no longer assigned would succeed, and mislead.
      const offsets = [...noted].filter(([partition]) => assignments.isCurrent(partition))
        .map(([{ topic, number }, next]) => ({ topic, partition: number, offset: String(next) }))
      noted.clear()
      if (offsets.length === 0) continue
      try {
        await consumer.commitOffsets(offsets)
        failpoint('kafka-offsets-committed')
      } catch (error) {
        log.warn({ error: errorText(error) }, 'group offsets not committed; only lag tools read them')
      }
    }
  }

  const flush = async (): Promise<void> => {
    running ??= commitNoted().finally(() => { running = undefined })
    await running
  }

  return {
    note: (partition, nextOffset) => {
      noted.set(partition, Math.max(nextOffset, noted.get(partition) ?? 0))
      flush().catch(() => undefined)
    },
    flush
  }
}
