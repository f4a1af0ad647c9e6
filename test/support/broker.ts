// A real Kafka broker for tests: one shared by all test files of a run, or one of its own for a test that breaks it.
// BORDERFLOW_TEST_BROKERS names a broker that is already there; without it Apache Kafka is started from its jars.
import { readFile, rm, unlink, writeFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import {
  addOwner, brokerAnswers, endBroker, freezeBroker, launchBroker, launchCluster, relaunchBroker, type BrokerProcess
} from './broker/process.ts'
import { brokerClassPath, CACHE_FOLDER } from './broker/jars.ts'
import { processLives, withLock } from './broker/lock.ts'

export { createTestClient, createTopic, deleteRecords, produce, uniqueName, type TestMessage } from './broker/topics.ts'

/** A broker of its own. */
export interface OwnBroker {
  brokers: string
  /** Kills the broker and removes its data. */
  stop(): Promise<void>
  /** Kills the broker and leaves its data, so that `start` brings the same logs back on the same port. */
  halt(): Promise<void>
  start(): Promise<void>
  /** Silence: connections stay open, nothing is answered, until thawed or stopped. */
  freeze(): void
  thaw(): void
}

const SHARED_FILE = join(CACHE_FOLDER, 'shared.json')
const SHARED_LOCK = join(CACHE_FOLDER, 'shared.lock')
const LOCK_MS = 300_000

/**
 * Why no broker can be had, or undefined if one can. With CI set it is always undefined, so that a missing broker
 * fails the tests; otherwise the reason is written to standard error and the tests may skip themselves.
 */
export async function brokerMissing (): Promise<string | undefined> {
  if (process.env.BORDERFLOW_TEST_BROKERS || process.env.CI) return undefined
  try {
    await brokerClassPath()
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`\nKAFKA TESTS ARE SKIPPED: no test broker (${reason})\n`)
    return reason
  }
}

/** The address of the broker that all test files share; starts it on first use. */
export async function brokerForTests (): Promise<string> {
  const given = process.env.BORDERFLOW_TEST_BROKERS
  if (given) return given
  await brokerClassPath()
  return await withLock(SHARED_LOCK, LOCK_MS, async () => {
    const running = await sharedBroker()
    if (running) {
      await addOwner(running.folder, runPid())
      return running.brokers
    }
    const started = await launchBroker(runPid())
    await writeFile(SHARED_FILE, JSON.stringify(started))
    return started.brokers
  })
}

/** Ends this run's use of the shared broker, and the broker itself if no other run uses it. For global teardown. */
export async function stopSharedBroker (): Promise<void> {
  const running = await sharedBroker()
  if (!running) return
  await withLock(SHARED_LOCK, LOCK_MS, async () => {
    const owners = join(running.folder, 'owners')
    await unlink(join(owners, String(runPid()))).catch(() => undefined)
    const others = (await readdir(owners).catch(() => [])).filter(pid => processLives(Number(pid)))
    if (others.length > 0) return
    await rm(SHARED_FILE, { force: true })
    await endBroker(running)
  })
}

/** Starts a broker of its own for a test that stops, starts or breaks it. */
export async function startBroker (): Promise<OwnBroker> {
  return ownBroker(await launchBroker(process.pid))
}

/** Starts brokers that are one cluster: node ids from 1 on, in order. */
export async function startCluster (size: number): Promise<OwnBroker[]> {
  return (await launchCluster(process.pid, size)).map(ownBroker)
}

function ownBroker (started: BrokerProcess): OwnBroker {
  let broker = started
  return {
    brokers: broker.brokers,
    stop: async () => await endBroker(broker),
    halt: async () => await endBroker(broker, true),
    start: async () => { broker = await relaunchBroker(broker) },
    freeze: () => freezeBroker(broker, true),
    thaw: () => freezeBroker(broker, false)
  }
}

async function sharedBroker (): Promise<BrokerProcess | undefined> {
  const text = await readFile(SHARED_FILE, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const broker = JSON.parse(text) as BrokerProcess
  return processLives(broker.pid) && await brokerAnswers(broker.brokers) ? broker : undefined
}

// The test runner's main process: test files run in its children or threads and end before it does.
function runPid (): number {
  const inChild = isMainThread && process.env.VITEST_WORKER_ID !== undefined
  return inChild ? process.ppid : process.pid
}
