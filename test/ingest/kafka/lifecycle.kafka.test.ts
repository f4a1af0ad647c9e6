// Assignments that change, back-pressure, the end of a run, and brokers that go away.
import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  brokerForTests, brokerMissing, createTestClient, createTopic, produce, startBroker, uniqueName, type OwnBroker
} from '../../support/broker.ts'
import { createMemoryLoader, type MemoryLoader } from './memory-loader.ts'
import { quickConfig, runSource, until, type RunningSource } from './running-source.ts'

const CONTRACT = 'gdi.crossing.v1'
const missing = await brokerMissing()

describe.skipIf(missing)('kafka source', () => {
  let brokers: string
  let admin: Admin
  beforeAll(async () => {
    brokers = await brokerForTests()
    admin = createTestClient(brokers).admin()
    await admin.connect()
  })
  afterAll(async () => { await admin?.disconnect() })

  const newTopic = async (partitions = 1): Promise<string> => {
    const topic = uniqueName('lifecycle')
    await createTopic(brokers, topic, partitions)
    return topic
  }
  const run = (topic: string, loader: MemoryLoader): RunningSource =>
    runSource(quickConfig(brokers, { [CONTRACT]: topic }), loader, topic)

  it('reads new partitions of a topic while it runs, each message once', async () => {
    const topic = await newTopic()
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await produce(brokers, topic, values('a', 20))
    await until(() => loader.rows.length === 20, '20 rows')
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    // A new partition has no leader for a moment: that is an error of the request, not of the test.
    await until(async () => await admin.fetchTopicOffsets(topic).then(list => list.length === 3, () => false), 'three partitions')
    for (const partition of [0, 1, 2]) {
      await produce(brokers, topic, values(`b${partition}`, 10).map(message => ({ ...message, partition })))
    }
    await until(() => loader.rows.length >= 50, () => `50 rows, there are ${loader.rows.length}`)
    await running.stop()
    expect(new Set(loader.rows.map(({ value }) => value)).size).toBe(50)
    expect(loader.rows).toHaveLength(50)
  })

  it('loads each message once through repeated stops and starts under load', async () => {
    const topic = await newTopic(3)
    const loader = createMemoryLoader()
    for (let round = 0; round < 5; round++) {
      const running = run(topic, loader)
      await produce(brokers, topic, values(`r${round}`, 300).map((message, at) => ({ ...message, key: String(at) })))
      await until(() => loader.rows.length > round * 300, 'the first rows of the round')
      await running.stop()
    }
    const last = run(topic, loader)
    await until(() => loader.rows.length >= 1500, () => `1500 rows, there are ${loader.rows.length}`)
    await last.stop()
    expect(new Set(loader.rows.map(({ value }) => value)).size).toBe(1500)
    expect(loader.rows).toHaveLength(1500)
  })

  it('commits the group offset for lag tools once batches are durable', async () => {
    const topic = await newTopic()
    await produce(brokers, topic, values('a', 25))
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    const committed = async (): Promise<string | undefined> => {
      const [offsets] = await admin.fetchOffsets({ groupId: `borderflow-test-${topic}`, topics: [topic] })
      return offsets?.partitions[0]?.offset
    }
    await until(async () => await committed() === '25', 'offset 25 committed')
    await running.stop()
  })

  it('keeps few batches in flight and stays in its group while the loader is slow', async () => {
    const topic = await newTopic()
    const loader = createMemoryLoader()
    const open = loader.hold()
    const limits = {
      sessionTimeoutMs: 6_000, stallTimeoutMs: 5_000, partitionFetchBytesMax: 2_000, inFlightPerPartitionMax: 2
    }
    const running = runSource({ ...quickConfig(brokers, { [CONTRACT]: topic }), ...limits }, loader, topic)
    for (let at = 0; at < 5; at++) await produce(brokers, topic, values(`${'z'.repeat(2_500)}${at}`, 1))
    await until(() => loader.batches.length === 2, 'two batches in flight')
    const joined = (): number => running.logLines.filter(line => line.includes('has joined the group')).length
    const before = joined()
    const held = performance.now()
    await until(() => performance.now() - held > 8_000, 'longer than the session and the stall timeout')
    expect(loader.batches).toHaveLength(2)
    open()
    await until(() => loader.rows.length === 5, '5 rows')
    expect(joined()).toBe(before)
    expect(loader.inFlightMost).toBe(2)
    await running.stop()
  })

  it('waits at its end for what is in flight, commits it, and ends within five seconds', async () => {
    const topic = await newTopic()
    await produce(brokers, topic, values('a', 10))
    const loader = createMemoryLoader()
    const open = loader.hold()
    const running = run(topic, loader)
    await until(() => loader.batches.length === 1, 'a batch in flight')
    const ended = running.stop()
    let isOver = false
    const over = ended.then(() => { isOver = true })
    await until(() => admin.fetchTopicOffsets(topic).then(() => true), 'a round trip')
    expect(isOver).toBe(false)
    open()
    expect(await ended).toBeLessThan(5_000)
    await over
    expect(loader.rows).toHaveLength(10)
    const [offsets] = await admin.fetchOffsets({ groupId: `borderflow-test-${topic}`, topics: [topic] })
    expect(offsets?.partitions[0]?.offset).toBe('10')
    const { groups } = await admin.describeGroups([`borderflow-test-${topic}`])
    expect(groups[0]?.members).toEqual([])
  })

  it('says within bounded time that no broker can be reached', async () => {
    const begun = performance.now()
    const config = { ...quickConfig('127.0.0.1:1', { [CONTRACT]: 'any' }), retries: 2 }
    const error = await runSource(config, createMemoryLoader(), 'none').failure()
    expect(error).toMatchObject({ code: 'KAFKA_UNREACHABLE', retryable: true })
    expect(error.message).toContain('127.0.0.1:1')
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  it('can be stopped while it still looks for a broker', async () => {
    const running = runSource(quickConfig('127.0.0.1:1', { [CONTRACT]: 'any' }), createMemoryLoader(), 'none')
    expect(await running.stop()).toBeLessThan(5_000)
  })
})

describe.skipIf(missing)('kafka source with a broker of its own', () => {
  let own: OwnBroker
  beforeAll(async () => { own = await startBroker() })
  afterAll(async () => { await own?.stop() })

  it('goes on by itself after a short absence of the broker', async () => {
    const topic = uniqueName('absence')
    await createTopic(own.brokers, topic)
    const loader = createMemoryLoader()
    const running = runSource({ ...quickConfig(own.brokers, { [CONTRACT]: topic }), retries: 5 }, loader, topic)
    await produce(own.brokers, topic, values('a', 10))
    await until(() => loader.rows.length === 10, '10 rows')
    await own.halt()
    await own.start()
    await produce(own.brokers, topic, values('b', 10))
    await until(() => loader.rows.length >= 20, () => `20 rows, there are ${loader.rows.length}`, 60_000)
    await running.stop()
    expect(loader.rows).toHaveLength(20)
  }, 150_000)

  it('ends as stalled when the broker falls silent with its connections open', async () => {
    const topic = uniqueName('silence')
    await createTopic(own.brokers, topic)
    const config = { ...quickConfig(own.brokers, { [CONTRACT]: topic }), stallTimeoutMs: 3_000 }
    const running = runSource(config, createMemoryLoader(), topic)
    await until(() => running.source.status().detail?.reading === 1, 'the source to read')
    own.freeze()
    const begun = performance.now()
    expect(await running.failure()).toMatchObject({ code: 'KAFKA_STALLED', retryable: true })
    expect(performance.now() - begun).toBeLessThan(15_000)
    own.thaw()
  }, 60_000)

  it('gives up as unreachable once its restarts are used up', async () => {
    const topic = uniqueName('gone')
    await createTopic(own.brokers, topic)
    const limits = { retries: 1, restarts: { max: 1, withinMs: 60_000 } }
    const config = { ...quickConfig(own.brokers, { [CONTRACT]: topic }), ...limits }
    const running = runSource(config, createMemoryLoader(), topic)
    await until(() => running.source.status().detail?.reading === 1, 'the source to read')
    await own.halt()
    expect(await running.failure()).toMatchObject({ code: 'KAFKA_UNREACHABLE', retryable: true })
  }, 90_000)
})

function values (stem: string, count: number): Array<{ value: string }> {
  return Array.from({ length: count }, (_, at) => ({ value: `${stem}-${at}` }))
}
