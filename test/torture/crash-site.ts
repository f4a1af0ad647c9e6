// A data folder that is killed again and again, or left in peace: messages come to it from Kafka, from a spool folder
// and over HTTP. What was not acknowledged is sent again, as senders do.
import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { DAY_MS } from '../../core/civil-date.ts'
import { encodeSegmentHead, SEGMENT_HEAD_BYTES } from '../../ingest/http/segment-frame.ts'
import { listSegments } from '../../ingest/http/segment-files.ts'
import { CONTRACTS } from '../../ingest/simulator/index.ts'
import { jsonOf } from '../support/program.ts'
import { produce } from '../support/broker.ts'
import { valueOfRunning } from '../process/folders.ts'
import type { StreamMessage } from '../process/messages.ts'
import type { TestTopics } from '../process/topics.ts'

export interface Site {
  data: string
  spool: string
  env: Record<string, string>
  /** Puts the spool's share into a file of its own. */
  spoolFile (messages: readonly StreamMessage[]): Promise<void>
  /** Queues a request of these messages. */
  queue (messages: readonly StreamMessage[]): void
  /** Sends what waits, in order, until one is not acknowledged. Returns the number that waits still. */
  post (address: string): Promise<number>
  /** Why the last request that was not acknowledged was not. */
  lastRefusal (): string
  accounted (): Promise<number>
  outcomes (): Promise<Record<string, number>>
  /** Names of the checks that found differences, in the running process or by a command of its own. */
  differences (isRunning: boolean): Promise<string[]>
}

interface Check { check: string, differences: number }

/** Messages of one request. */
const REQUEST_MESSAGES = 100

/** A site of its own folder, without Kafka where no topics are named; `given` are settings beside the usual ones. */
export async function createSite (
  folder: string, name: string, topics: TestTopics | null, given: Record<string, string>
): Promise<Site> {
  const data = join(folder, name)
  const spool = join(folder, `${name}-spool`)
  await mkdir(spool)
  const waiting: { key: string, body: string }[] = []
  let files = 0
  let requests = 0
  let token: string | undefined
  let refusal = ''

  async function accepts (address: string, { key, body }: { key: string, body: string }): Promise<boolean> {
    try {
      token ??= (await valueOfRunning<{ token: string }>(data, 'access.create', { name: 'desk', role: 'producer' })).token
      const response = await fetch(`${address}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}`, 'idempotency-key': key },
        body
      })
      if (!response.ok) refusal = `${response.status} ${await response.text()}`
      return response.ok
    } catch (error) {
      refusal = String(error)
      return false
    }
  }

  async function outcomes (): Promise<Record<string, number>> {
    return (await valueOfRunning<{ messages: Record<string, number> }>(data, 'status')).messages
  }

  return {
    data,
    spool,
    env: { ...topics?.env, BORDERFLOW_HTTP_PORT: '0', BORDERFLOW_SPOOL_FOLDER: spool, ...given },
    async spoolFile (messages) {
      const path = join(spool, `part-${String(files++).padStart(5, '0')}.ndjson`)
      await writeFile(`${path}.partial`, linesOf(messages))
      await rename(`${path}.partial`, path)
    },
    queue (messages) {
      for (let first = 0; first < messages.length; first += REQUEST_MESSAGES) {
        const body = linesOf(messages.slice(first, first + REQUEST_MESSAGES))
        waiting.push({ key: `request-${requests++}`, body })
      }
    },
    async post (address) {
      while (waiting[0] !== undefined && await accepts(address, waiting[0])) waiting.shift()
      return waiting.length
    },
    lastRefusal: () => refusal,
    accounted: async () => accountedIn(await outcomes()),
    outcomes,
    async differences (isRunning) {
      const checks = isRunning
        ? await valueOfRunning<Check[]>(data, 'verify')
        : (await jsonOf<{ checks: Check[] }>(['verify', '--data', data])).checks
      return checks.filter(({ differences }) => differences > 0).map(({ check }) => check)
    }
  }
}

/** All messages of which there is an outcome. */
export function accountedIn (
  { loaded = 0, duplicate = 0, superseded = 0, quarantined = 0 }: Record<string, number>
): number {
  return loaded + duplicate + superseded + quarantined
}

/** Sends messages to their topics. */
export async function sendToKafka (
  brokers: string, { topics }: TestTopics, messages: readonly StreamMessage[]
): Promise<void> {
  for (const contract of CONTRACTS) {
    const own = messages.filter(message => message.contract === contract)
    if (own.length === 0) continue
    await produce(brokers, topics[contract], own.map(({ key, value }) => ({ key: key ?? null, value })))
  }
}

/** Ways of a message: all of an id go the same way, and so keep their order. */
export function wayOf ({ key }: StreamMessage): 'kafka' | 'spool' | 'http' {
  const byte = createHash('sha256').update(key ?? '').digest()[0] ?? 0
  return byte < 96 ? 'kafka' : byte < 192 ? 'spool' : 'http'
}

/** Files still in the spool, and those that failed. */
export async function spoolState (spool: string): Promise<{ waiting: string[], failed: string[] }> {
  const waiting = (await readdir(spool)).filter(name => name !== 'done' && name !== 'failed')
  return { waiting, failed: await readdir(join(spool, 'failed')) }
}

/** Lets all segments of a data folder that nothing runs on be forty days old. */
export async function ageSegments (data: string, nowMs: number): Promise<void> {
  const oldMs = nowMs - 40 * DAY_MS
  for (const { path, head } of await listSegments(join(data, 'intake')).catch(() => [])) {
    if (head === null) continue
    const bytes = await readFile(path)
    encodeSegmentHead({ ...head, createdAtMs: oldMs }).copy(bytes, 0, 0, SEGMENT_HEAD_BYTES)
    await writeFile(path, bytes)
    await utimes(path, oldMs / 1000, oldMs / 1000)
  }
}

const linesOf = (messages: readonly StreamMessage[]): string =>
  messages.map(({ value }) => `${value.toString('utf8')}\n`).join('')
