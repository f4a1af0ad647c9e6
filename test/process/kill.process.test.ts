import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { CONTRACTS } from '../../ingest/simulator/index.ts'
import { brokerForTests, brokerMissing, produce } from '../support/broker.ts'
import { startProgram, startService, until, type Running } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { csvOfRunning, valueOfRunning } from './folders.ts'
import { isOdd, stream, type StreamMessage } from './messages.ts'
import { createTopics, type TestTopics } from './topics.ts'

const noBroker = await brokerMissing() !== undefined
const kills = Number(process.env.BORDERFLOW_TEST_KILLS ?? 12)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const EVENTS_MIN = 50_000
const AS_OF = '2026-03-31'
const TABLES = [
  'flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations',
  'stays_summary', 'stock', 'overstays', 'registration_coverage', 'visitors', 'migrants', 'extensions'
]
/** Those in which a week leaves many rows, so that equal does not mean empty. */
const FULL = new Set(['flows', 'flows_hourly', 'minors', 'registrations', 'stays_summary', 'stock', 'visitors'])

describe.skipIf(noBroker)('a process that is killed again and again', () => {
  it(`loads every event once all the same: ${kills} kills, seed ${seed}`, async () => {
    const folder = await temporaryFolder()
    const brokers = await brokerForTests()
    const topics = await createTopics(brokers)
    const messages = stream({
      seed, scale: 0.35, from: '2026-02-01', to: '2026-02-07', correctionShare: 0.05, duplicateShare: 0.02, badShare: 0.01
    })
    expect(messages.length).toBeGreaterThan(EVENTS_MIN)
    const killed = await createSite(folder, 'killed', topics)
    const calm = await createSite(folder, 'calm', topics)
    const random = randomNumbers(seed)
    let diedLoading = 0

    const share = Math.ceil(messages.length / (kills + 1))
    for (let turn = 0; turn <= kills; turn++) {
      const part = messages.slice(turn * share, (turn + 1) * share)
      await sendToKafka(brokers, topics, part.filter(({ key }) => isOdd(key)))
      for (const { spool } of [killed, calm]) await sendToSpool(spool, turn, part.filter(({ key }) => !isOdd(key)))
      if (turn === kills) break
      const running = startProgram(['start', '--data', killed.data], { env: killed.env })
      if (turn % 3 === 2) {
        // At any moment from the first instruction on: opening, replaying, recovering.
        await sleep(random() * 4_000)
      } else {
        await loading(running, turn % 3 === 0 ? 'spool' : 'kafka')
        diedLoading++
        await sleep(random() * 400)
      }
      expect((await running.kill()).signal, running.stderr()).toBe('SIGKILL')
    }
    expect(diedLoading).toBeGreaterThanOrEqual(Math.floor(kills / 2))

    await startService(killed.data, { env: killed.env })
    await startService(calm.data, { env: calm.env })
    for (const { data, spool } of [killed, calm]) {
      await until(async () => await accounted(data) === messages.length, `all ${messages.length} messages of ${data}`)
      await until(async () => (await readdir(spool)).every(name => name === 'done' || name === 'failed'), 'an empty spool')
      expect(await readdir(join(spool, 'failed'))).toEqual([])
      const checks = await valueOfRunning<{ check: string, differences: number }[]>(data, 'verify')
      expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
    }
    expect(await outcomes(killed.data)).toEqual(await outcomes(calm.data))
    for (const table of TABLES) {
      const csv = await csvOfRunning(killed.data, table, AS_OF)
      expect(csv === await csvOfRunning(calm.data, table, AS_OF), table).toBe(true)
      if (FULL.has(table)) expect(csv.split('\n').length, table).toBeGreaterThan(100)
    }
  }, 240_000 + kills * 30_000)
})

interface Site { data: string, spool: string, env: Record<string, string> }

async function createSite (folder: string, name: string, { env }: TestTopics): Promise<Site> {
  const spool = join(folder, `${name}-spool`)
  await mkdir(spool)
  return {
    data: join(folder, name),
    spool,
    env: {
      ...env,
      BORDERFLOW_HTTP_PORT: '0',
      BORDERFLOW_SPOOL_FOLDER: spool,
      // Many small transactions, so that kills fall between and within them, and checkpoints in between.
      BORDERFLOW_LOADING_GROUP_MESSAGES_MAX: '400',
      BORDERFLOW_DATABASE_CHECKPOINT_WAL_MB: '2'
    }
  }
}

async function sendToKafka (brokers: string, { topics }: TestTopics, messages: StreamMessage[]): Promise<void> {
  for (const contract of CONTRACTS) {
    const own = messages.filter(message => message.contract === contract)
    await produce(brokers, topics[contract], own.map(({ key, value }) => ({ key: key ?? null, value })))
  }
}

async function sendToSpool (spool: string, turn: number, messages: StreamMessage[]): Promise<void> {
  const name = `part-${String(turn).padStart(3, '0')}.ndjson`
  const bytes = Buffer.concat(messages.flatMap(({ value }) => [value, Buffer.from('\n')]))
  await writeFile(join(spool, `${name}.partial`), bytes)
  await rename(join(spool, `${name}.partial`), join(spool, name))
}

/** Waits until the process has loaded something of a source. */
async function loading (running: Running, source: string): Promise<void> {
  const { address } = await running.logged('started')
  await until(async () => {
    const metrics = await (await fetch(`${String(address)}/metrics`)).text()
    return metrics.includes(`borderflow_messages_total{source="${source}"`)
  }, `something of ${source}: ${running.stderr()}`)
}

async function outcomes (data: string): Promise<Record<string, number>> {
  return (await valueOfRunning<{ messages: Record<string, number> }>(data, 'status')).messages
}

async function accounted (data: string): Promise<number> {
  const { loaded = 0, duplicate = 0, superseded = 0, quarantined = 0 } = await outcomes(data)
  return loaded + duplicate + superseded + quarantined
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomNumbers (from: number): () => number {
  let state = from >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
