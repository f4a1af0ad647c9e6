// The Kafka source: start in order (brokers, topics, alone in the group, consumer), run until aborted or failed, end
// with every batch durable.
import { randomBytes } from 'node:crypto'
import type { Admin } from 'kafkajs'
import type { Logger } from 'pino'
import type { Clock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import type { BatchTaker, PositionStore, Source, SourceStatus } from '../../core/stage.ts'
import { createAssignments, lagOf, type Assignments } from './assignments.ts'
import { createClient, mendKafkajs } from './client.ts'
import { groupIdOf, kafkaSettings, type KafkaSettings, type KafkaSourceConfig } from './config.ts'
import { kafkaFailure } from './failures.ts'
import { createMembership } from './membership.ts'
import { KAFKA_SOURCE } from './placement.ts'
import { createSession, type Session } from './session.ts'
import { within } from './timers.ts'

export interface KafkaSourceDeps {
  positions: PositionStore
  /** UUID of the warehouse: part of the group's id. */
  warehouseId: string
  /** Key of the marks by which a log is known again. */
  markKey: Uint8Array
  log: Logger
  clock: Clock
}

const FAILED_FLIGHTS_MS = 5_000
const ADMIN_DISCONNECT_MS = 1_000

/**
 * Reads the configured topics from the stored positions on. Throws SETTINGS_INVALID. `run` rejects with
 * KAFKA_UNREACHABLE, KAFKA_TOPIC_MISSING, KAFKA_FOREIGN_MEMBER, KAFKA_STALLED, KAFKA_FAILED, POSITION_STALE, or with
 * what the loader rejected a batch with. Lost and replaced partitions stop by themselves; `status` tells of them.
 */
export function createKafkaSource (config: KafkaSourceConfig, deps: KafkaSourceDeps): Source {
  const settings = kafkaSettings(config)
  const { log } = deps
  const groupId = groupIdOf(settings, deps.warehouseId)
  // Now, while the process starts: modules are read from the disk in one go.
  mendKafkajs()
  // A random ending tells this process from one that was killed and is still a member.
  const clientId = `${settings.clientId}-${randomBytes(4).toString('hex')}`
  const assignments = createAssignments(settings.topics)
  let state: SourceStatus['state'] = 'starting'
  let lastActivityMs: number | undefined
  let failure: string | undefined

  const start = async (admin: Admin, session: Session, waitUntilAlone: () => Promise<void>): Promise<void> => {
    await admin.connect()
    await requireTopics(admin, Object.values(settings.topics))
    await waitUntilAlone()
    await session.start()
    if (state === 'starting') state = 'running'
  }

  const run = async (taker: BatchTaker, signal: AbortSignal): Promise<void> => {
    const client = await createClient(settings, log, clientId)
    const admin = client.admin()
    const { sessionTimeoutMs, pollMs } = settings
    const membership = createMembership({ admin, groupId, clientId, sessionTimeoutMs, pollMs, log })
    const session = createSession({
      settings,
      client,
      admin,
      groupId,
      assignments,
      membership,
      taker,
      positions: deps.positions,
      markKey: deps.markKey,
      log,
      onActivity: () => { lastActivityMs = deps.clock.now() }
    })
    let flightsMs = Infinity
    try {
      const started = start(admin, session, async () => await membership.waitUntilAlone(signal))
      await Promise.race([started.then(async () => await session.failed), session.failed, whenAborted(signal)])
      state = 'stopped'
    } catch (error) {
      const reason = kafkaFailure(error, `brokers ${settings.brokers.join(',')}, group ${groupId}`)
      flightsMs = FAILED_FLIGHTS_MS
      state = 'failed'
      failure = reason.code
      throw reason
    } finally {
      await session.close(flightsMs)
      await within(admin.disconnect().catch(() => undefined), ADMIN_DISCONNECT_MS)
    }
  }

  return {
    name: KAFKA_SOURCE,
    run,
    status: () => ({
      name: KAFKA_SOURCE,
      state,
      lag: lagOf(assignments.all()),
      lastActivityMs,
      detail: detailOf(assignments, settings, failure)
    })
  }
}

/** Numbers of partitions by state, and what stands still and why. */
function detailOf (
  assignments: Assignments, settings: KafkaSettings, failure?: string
): Record<string, string | number> {
  const all = assignments.all()
  const named = (status: string): string => all.filter(partition => partition.status === status)
    .map(({ name }) => name).join(' ')
  const detail: Record<string, string | number> = {
    topics: Object.values(settings.topics).join(' '),
    partitions: all.length,
    reading: all.filter(({ status }) => status === 'reading' || status === 'verifying').length,
    inFlight: assignments.flights().length
  }
  const lost = named('lost')
  const replaced = named('replaced')
  if (lost) detail.lost = lost
  if (replaced) detail.KAFKA_TOPIC_REPLACED = replaced
  if (failure) detail.failure = failure
  return detail
}

async function requireTopics (admin: Admin, wanted: string[]): Promise<void> {
  const known = new Set(await admin.listTopics())
  const missing = wanted.filter(topic => !known.has(topic))
  if (missing.length === 0) return
  throw new BorderflowError('KAFKA_TOPIC_MISSING', {
    expected: `topics ${wanted.join(', ')}`,
    found: `no topic ${missing.join(', ')}`,
    remedy: 'Create them (they are never made automatically), correct kafka.topics, or allow this user to describe them.'
  })
}

async function whenAborted (signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => { signal.addEventListener('abort', () => resolve(), { once: true }) })
}
