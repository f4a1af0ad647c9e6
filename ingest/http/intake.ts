// The HTTP intake as a whole: opens the segments, offers the routes as a Fastify plugin and the bodies as a source.
import type { FastifyPluginAsync } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { createSharedSlices } from '../../core/slices.ts'
import type { PositionStore, Source, SourceStatus } from '../../core/stage.ts'
import { type BatchLimits, DEFAULT_BATCH_LIMITS } from '../files/line-batcher.ts'
import type { SourceLog } from '../files/registry.ts'
import { type Backlog, type BacklogConfig, createBacklog } from './backlog.ts'
import type { ByteBudget } from './body.ts'
import { purgeSegments } from './purge.ts'
import { createKeyIndex } from './receipts.ts'
import { type Authenticate, createRoutes, type ReceiptReader, type RouteConfig, type RouteState } from './routes.ts'
import { listSegments, prepareSegmentFolder } from './segment-files.ts'
import { scanSegments } from './segment-scan.ts'
import { createSegmentWriter, type SegmentWriterConfig, type SegmentWriterDeps } from './segment-writer.ts'
import { createHttpFeed, HTTP_PARTITION, HTTP_SOURCE, type HttpFeed } from './source.ts'

const MIB = 1024 * 1024

interface AllSettings extends BatchLimits, BacklogConfig, RouteConfig, SegmentWriterConfig {
  /** Bytes of bodies that may be in memory while they are received and stored, over all requests. */
  receivingBytesMax: number
  idempotencyKeysMax: number
  /** How often it is looked whether a lost gap was accepted. */
  gapPollMs: number
}

/** Only the folder of the segments must be given. */
export type HttpIntakeConfig = Partial<AllSettings> & Pick<AllSettings, 'folder'>

const DEFAULTS: Omit<AllSettings, 'folder'> = {
  ...DEFAULT_BATCH_LIMITS,
  wireBytesMax: 8 * MIB,
  bodyBytesMax: 16 * MIB,
  requestMessagesMax: 100_000,
  receivingBytesMax: 128 * MIB,
  memoryBytesMax: 32 * MIB,
  backlogBytesMax: 256 * MIB,
  concurrentRequestsMax: 256,
  answerWaitMs: 2000,
  retryAfterSeconds: 5,
  segmentBytesMax: 64 * MIB,
  segmentAgeMaxMs: 24 * 60 * 60 * 1000,
  idempotencyKeysMax: 1_000_000,
  gapPollMs: 1000,
  routeConfig: {}
}

export interface HttpIntakeDeps {
  positions: PositionStore
  authenticate: Authenticate
  receipts: ReceiptReader
  clock: Clock
  log: SourceLog
  /** How segments are opened, if not by node:fs. */
  openFile?: SegmentWriterDeps['openFile']
}

export interface HttpIntake {
  /** Registers the routes; ready once the segments are opened. */
  plugin: FastifyPluginAsync
  source: Source
  /** Ends segments that are old and deletes those that are loaded and older than `rawDays`. Returns how many. */
  purge(rawDays: number): Promise<number>
  /** Refuses new bodies with 503, waits for those being stored, closes the segment. The source ends by its signal. */
  close(): Promise<void>
}

/**
 * Limits in milliseconds for the server that the plugin is registered with: a sender that stalls is cut off, a slow
 * one has a minute. Fastify has no limits of its own.
 */
export const RECOMMENDED_SERVER_OPTIONS = {
  connectionTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 30_000,
  http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024 }
}

interface Opened extends RouteState {
  feed: HttpFeed
}

export function createHttpIntake (config: HttpIntakeConfig, deps: HttpIntakeDeps): HttpIntake {
  const settings: AllSettings = { ...DEFAULTS, ...config }
  let isClosing = false
  let opening: Promise<Opened> | undefined
  let opened: Opened | undefined
  let state: SourceStatus['state'] = 'starting'

  function open (): Promise<Opened> {
    opening ??= openSegments(settings, deps, () => isClosing).then(result => { opened = result; return result })
    return opening
  }

  async function run (...[taker, signal]: Parameters<Source['run']>): Promise<void> {
    try {
      const { feed } = await open()
      state = 'running'
      await feed.run(taker, signal)
      state = 'stopped'
    } catch (error) {
      state = 'failed'
      throw error
    }
  }

  function status (): SourceStatus {
    if (opened === undefined) return { name: HTTP_SOURCE, state }
    const gap = opened.feed.gap()
    const lag = opened.backlog.endOrdinal() - opened.backlog.durableOrdinal()
    if (gap === undefined) return { name: HTTP_SOURCE, state, lag }
    return { name: HTTP_SOURCE, state: 'stopped', lag, detail: { lostFrom: gap.from, lostTo: gap.to } }
  }

  return {
    plugin: createRoutes(settings, deps, open),
    source: { name: HTTP_SOURCE, run, status },
    async purge (rawDays) {
      const { writer } = await open()
      await writer.rollIfOld()
      return purgeSegments(settings.folder, rawDays, deps)
    },
    async close () {
      isClosing = true
      if (opening !== undefined) await (await opening).writer.close()
    }
  }
}

async function openSegments (settings: AllSettings, deps: HttpIntakeDeps, isClosing: () => boolean): Promise<Opened> {
  await prepareSegmentFolder(settings.folder)
  const files = await listSegments(settings.folder)
  // A new warehouse begins where the segments do: what was purged before is not lost to it.
  const oldest = files.find(file => file.head !== null)?.head?.firstOrdinal ?? 0
  const stored = await deps.positions.start(HTTP_SOURCE, HTTP_PARTITION, oldest)
  const keys = createKeyIndex(settings.idempotencyKeysMax)
  const scan = await scanSegments(files, stored.nextOffset, ({ key, receipt, body }) => {
    if (key !== undefined) keys.keep(key, receipt, body)
  }, deps.log)
  const backlog = createBacklog(settings, stored.nextOffset, scan.nextOrdinal)
  for (const { header, body } of scan.frames) backlog.add(pendingOf(header, body))
  const writer = createSegmentWriter(settings, {
    clock: deps.clock,
    openFile: deps.openFile,
    onStored: (header, location, body) => backlog.add({ ...pendingOf(header, location), body })
  }, scan)
  const feed = createHttpFeed(settings, deps, backlog)
  const budget = createBudget(settings.receivingBytesMax)
  return { writer, backlog, keys, budget, slices: createSharedSlices(), feed, isClosing }
}

function pendingOf (
  header: { receipt: string, firstOrdinal: number, count: number, receivedAtMs: number },
  location: Parameters<Backlog['add']>[0]['location']
): Parameters<Backlog['add']>[0] {
  const { receipt, firstOrdinal, count, receivedAtMs } = header
  return { receipt, firstOrdinal, nextOrdinal: firstOrdinal + count, receivedAtMs, location }
}

function createBudget (bytesMax: number): ByteBudget {
  let used = 0
  return {
    take (bytes) {
      if (used + bytes > bytesMax) return false
      used += bytes
      return true
    },
    give (bytes) { used -= bytes }
  }
}
