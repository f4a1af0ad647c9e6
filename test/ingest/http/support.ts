// A Fastify server with the real intake over an in-memory loader that counts by receipt, as the warehouse does.
import fastify from 'fastify'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { createHttpIntake, type HttpIntakeConfig, type HttpIntakeDeps } from '../../../ingest/http/intake.ts'
import type { ReceiptCounts } from '../../../ingest/http/routes.ts'
import { rawMessages } from '../../support/raw-messages.ts'
import { createMemoryLoader, type MemoryLoader, START_MS, temporaryFolder } from '../files/support.ts'

export const TOKEN = { authorization: 'Bearer token-of-desk' }
export const NDJSON = { ...TOKEN, 'content-type': 'application/x-ndjson' }
export const JSON_ARRAY = { ...TOKEN, 'content-type': 'application/json' }

/** What outlives a restart of the process: the warehouse and the folder of the segments. */
export function createWarehouse () {
  const loader = createMemoryLoader()
  const receipts = new Map<string, ReceiptCounts>()
  loader.afterCommit = batch => {
    for (const { receipt, firstOffset, nextOffset } of batch.receipts ?? []) {
      const counts = receipts.get(receipt) ?? { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
      const messages = rawMessages(batch.messages).filter(({ offset }) => offset >= firstOffset && offset < nextOffset)
      const empty = messages.filter(({ value }) => value.length === 0).length
      counts.read += messages.length
      counts.loaded += messages.length - empty
      if (empty > 0) counts.quarantined.empty = (counts.quarantined.empty ?? 0) + empty
      receipts.set(receipt, counts)
    }
  }
  return { loader, receipts }
}

/** A folder for segments that is not there yet, and a warehouse that has nothing. */
export async function createPlace () {
  return { folder: join(await temporaryFolder(), 'intake'), warehouse: createWarehouse() }
}

export interface Running {
  app: ReturnType<typeof fastify>
  intake: ReturnType<typeof createHttpIntake>
  logged: string[]
  clock: ReturnType<typeof fixedClock>
  /** Ends the source and the intake as a shutdown does. */
  stop(): Promise<void>
  ended: Promise<void>
}

/** Starts the intake on a folder; with `isLoading` false nothing is handed to the loader. */
export async function startIntake (
  config: HttpIntakeConfig, warehouse: ReturnType<typeof createWarehouse>,
  { isLoading = true, openFile }: { isLoading?: boolean, openFile?: HttpIntakeDeps['openFile'] } = {}
): Promise<Running> {
  const logged: string[] = []
  const keep = (fields: object, text: string): void => { logged.push(`${text} ${JSON.stringify(fields)}`) }
  const clock = fixedClock(START_MS)
  const intake = createHttpIntake({ gapPollMs: 10, answerWaitMs: 60_000, ...config }, {
    positions: warehouse.loader,
    receipts: { read: async receipt => warehouse.receipts.get(receipt) ?? null },
    authenticate: async token => {
      const name = /^token-of-(\w+)$/.exec(token)?.[1]
      return name === undefined ? null : { name }
    },
    clock,
    log: { info: keep, warn: keep },
    openFile
  })
  const app = fastify()
  await app.register(intake.plugin)
  await app.ready()
  const signal = new AbortController()
  const ended = isLoading ? intake.source.run(warehouse.loader, signal.signal) : Promise.resolve()
  ended.catch(() => {})
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      signal.abort()
      await app.close()
      await intake.close()
      await ended
    })()
    return stopping
  }
  onTestFinished(() => stop().catch(() => {}))
  return { app, intake, logged, clock, stop, ended }
}

/** Values of all loaded messages, in order. */
export const values = (loader: MemoryLoader): string[] =>
  loader.batches.flatMap(batch => rawMessages(batch.messages).map(message => Buffer.from(message.value).toString()))

export const segmentNames = async (folder: string): Promise<string[]> => (await readdir(folder)).sort()

/** Holds every commit until it is released. */
export function holdCommits (loader: MemoryLoader): () => void {
  let release: () => void = () => {}
  const gate = new Promise<void>(resolve => { release = resolve })
  loader.beforeCommit = () => gate
  return () => {
    loader.beforeCommit = async () => {}
    release()
  }
}
