// One consumer from its start to its end: what its events mean, its timers, and how it is taken down.
import type { Admin, Consumer, ConsumerEndBatchProcessEvent, Kafka } from 'kafkajs'
import type { Logger } from 'pino'
import { errorText } from '../../core/errors.ts'
import type { BatchTaker, PositionStore } from '../../core/stage.ts'
import { isReadable, lagOf, type Assignments, type Partition } from './assignments.ts'
import { createCommits } from './commits.ts'
import type { KafkaSettings } from './config.ts'
import { createConsumerLoop } from './consumer-loop.ts'
import { kafkaFailure } from './failures.ts'
import type { Membership } from './membership.ts'
import { createPlacement } from './placement.ts'
import { createPlacer } from './placer.ts'
import { createPoller } from './poller.ts'
import { createRestartBudget } from './restarts.ts'
import { every, within } from './timers.ts'
import { createWatchdog } from './watchdog.ts'

export interface SessionDeps {
  settings: KafkaSettings
  client: Kafka
  admin: Admin
  groupId: string
  assignments: Assignments
  membership: Membership
  taker: BatchTaker
  positions: PositionStore
  /** Key of the marks of records. */
  markKey: Uint8Array
  log: Logger
  /** Called at every sign of life. */
  onActivity (): void
}

export interface Session {
  start (): Promise<void>
  /** Rejects with the error that ends the session; never resolves. */
  failed: Promise<never>
  /** Waits for batches in flight (at most `flightsMs`), commits, disconnects. Never rejects. */
  close (flightsMs: number): Promise<void>
}

const WATCH_MS = 1_000
const COMMIT_MS = 1_500
const DISCONNECT_MS = 2_500

export function createSession (deps: SessionDeps): Session {
  const { settings, client, groupId, assignments, membership, taker, positions, log } = deps
  const where = `brokers ${settings.brokers.join(',')}, group ${groupId}`
  const { failed, reject } = failureSignal()
  let closed = false
  const isClosed = (): boolean => closed
  const fail = (error: unknown): void => reject(kafkaFailure(error, where))

  const restarts = createRestartBudget(settings.restarts, log)
  const consumer = client.consumer(consumerConfig(settings, groupId, restarts))
  const watchdog = createWatchdog(settings, where)
  const commits = createCommits({ consumer, assignments, log })
  const placement = createPlacement({ admin: deps.admin, positions, log, confirmMs: Math.min(1_000, settings.pollMs) })
  const placer = createPlacer({ consumer, assignments, placement, membership, fail, isClosed, log })
  const eachBatch = createConsumerLoop({
    settings, assignments, taker, placement, watchdog, commits, fail, isClosed, markKey: deps.markKey, log, ...placer
  })
  const topics = Object.values(settings.topics)
  const { replace } = placer
  const poll = createPoller({ topics, assignments, membership, placement, positions, replace, fail, log })

  const { events } = consumer
  consumer.on(events.REQUEST, () => { watchdog.answered(); deps.onActivity() })
  consumer.on(events.FETCH, () => watchdog.fetched())
  consumer.on(events.END_BATCH_PROCESS, event => coverFiltered(assignments, event, watchdog.progressed))
  consumer.on(events.GROUP_JOIN, ({ payload }) => { watchdog.fetched(); placer.begin(payload.memberAssignment) })
  consumer.on(events.CRASH, ({ payload }) => { if (!payload.restart) fail(payload.error) })

  const stopTimers: Array<() => void> = []
  return {
    failed,
    start: async () => {
      if (closed) return
      await consumer.connect()
      await consumer.subscribe({ topics, fromBeginning: true })
      if (closed) return await disconnect(consumer, log)
      stopTimers.push(every(settings.pollMs, poll), every(WATCH_MS, async () => {
        const error = watchdog.verdict(lagOf(assignments.all().filter(isReadable)))
        if (error) fail(error)
      }))
      const manual = { autoCommit: false, eachBatchAutoResolve: false }
      await consumer.run({ ...manual, partitionsConsumedConcurrently: 1, eachBatch })
    },
    close: async flightsMs => {
      closed = true
      for (const stop of stopTimers) stop()
      placer.pauseAll()
      await within(Promise.allSettled(assignments.flights()), flightsMs)
      await within(commits.flush(), COMMIT_MS)
      await disconnect(consumer, log)
    }
  }
}

function consumerConfig (
  settings: KafkaSettings, groupId: string, restarts: { allow (error: Error): boolean }
): Parameters<Kafka['consumer']>[0] {
  return {
    groupId,
    allowAutoTopicCreation: false,
    readUncommitted: false,
    maxBytes: settings.fetchBytesMax,
    maxBytesPerPartition: settings.partitionFetchBytesMax,
    maxWaitTimeInMs: settings.fetchWaitMs,
    sessionTimeout: settings.sessionTimeoutMs,
    heartbeatInterval: settings.heartbeatIntervalMs,
    metadataMaxAge: settings.metadataMaxAgeMs,
    retry: {
      initialRetryTime: 300,
      maxRetryTime: 5_000,
      retries: settings.retries,
      restartOnFailure: async error => restarts.allow(error)
    }
  }
}

/** Control records and aborted messages never reach eachBatch; kafkajs tells of their passing in this event alone. */
function coverFiltered (
  assignments: Assignments, { payload }: ConsumerEndBatchProcessEvent, progressed: () => void
): void {
  if (payload.batchSize > 0 || payload.firstOffset === null) return
  const partition: Partition | undefined = assignments.get(payload.topic, payload.partition)
  const end = Number(payload.lastOffset) + 1
  if (!partition || Number(payload.firstOffset) > partition.covered || end <= partition.covered) return
  partition.covered = end
  progressed()
}

function failureSignal (): { failed: Promise<never>, reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_resolve, _reject) => { reject = _reject })
  failed.catch(() => undefined)
  return { failed, reject }
}

async function disconnect (client: Consumer, log: Logger): Promise<void> {
  const left = client.disconnect().catch((error: unknown) => {
    log.warn({ error: errorText(error) }, 'the consumer did not disconnect cleanly')
  })
  await within(left, DISCONNECT_MS)
}
