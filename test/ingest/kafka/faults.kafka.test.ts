// What must not be passed over in silence: lost records, another topic, other members, stopped loading.
import kafkajs, { type Admin, CompressionTypes } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerCodecs } from '../../../ingest/kafka/codecs.ts'
import {
  brokerForTests, brokerMissing, createTestClient, createTopic, deleteRecords, produce, uniqueName
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
    const topic = uniqueName('faults')
    await createTopic(brokers, topic, partitions)
    return topic
  }
  const send = async (topic: string, values: string[], partition = 0): Promise<void> =>
    await produce(brokers, topic, values.map(value => ({ value, partition })))
  const run = (topic: string, loader: MemoryLoader): RunningSource =>
    runSource(quickConfig(brokers, { [CONTRACT]: topic }), loader, topic)
  const loaded = async (loader: MemoryLoader, count: number): Promise<void> =>
    await until(() => loader.rows.length >= count, () => `${count} rows, there are ${loader.rows.length}`)
  const detail = (running: RunningSource, name: string): string | number | undefined =>
    running.source.status().detail?.[name]

  it('stops a partition whose next records were deleted, goes on with others, and resumes once that is accepted', async () => {
    const topic = await newTopic(2)
    await send(topic, ['a', 'b', 'c', 'd', 'e', 'f'])
    const loader = createMemoryLoader()
    const partition = `${topic}/0`
    loader.stored.set(partition, { source: 'kafka', partition, startOffset: 0, nextOffset: 2 })
    await deleteRecords(brokers, topic, 0, 4)
    const running = run(topic, loader)
    await until(() => loader.lost.length > 0, 'a lost gap recorded')
    await send(topic, ['other'], 1)
    await loaded(loader, 1)
    expect(loader.lost).toEqual([{ partition, fromOffset: 2, toOffset: 4 }])
    expect(loader.rows.map(({ value }) => value)).toEqual(['other'])
    expect(detail(running, 'lost')).toBe(partition)
    loader.accept({ partition, fromOffset: 2, toOffset: 4 })
    await loaded(loader, 3)
    await running.stop()
    expect(loader.rows.map(({ value }) => value)).toEqual(['other', 'e', 'f'])
    expect(detail(running, 'lost')).toBeUndefined()
  })

  it('never jumps over records that are deleted while it runs', async () => {
    const topic = await newTopic()
    const partition = `${topic}/0`
    const long = 'x'.repeat(2_000)
    await send(topic, ['a'])
    const loader = createMemoryLoader()
    const open = loader.hold()
    // One batch in flight, one message a fetch: of those sent while it is held at most one more can be in hand.
    const limits = { inFlightPerPartitionMax: 1, partitionFetchBytesMax: 1_000 }
    const running = runSource({ ...quickConfig(brokers, { [CONTRACT]: topic }), ...limits }, loader, topic)
    await until(() => loader.batches.length === 1, 'the first batch in flight')
    for (let count = 0; count < 4; count++) await send(topic, [long])
    await deleteRecords(brokers, topic, 0, 5)
    await send(topic, ['b'])
    open()
    await until(() => loader.lost.length > 0, 'a lost gap')
    const [lost] = loader.lost
    expect(lost?.toOffset).toBe(5)
    expect([1, 2]).toContain(lost?.fromOffset)
    expect(loader.stored.get(partition)?.nextOffset).toBe(lost?.fromOffset)
    loader.accept({ partition, fromOffset: 0, toOffset: 5 })
    await until(() => loader.rows.at(-1)?.value === 'b', 'the record after the gap')
    await running.stop()
    expect(loader.rows.at(-1)?.offset).toBe(5)
  })

  it('stops a partition whose topic was made anew with as many records', async () => {
    const topic = await newTopic()
    await send(topic, ['a', 'b', 'c'])
    const loader = createMemoryLoader()
    const first = run(topic, loader)
    await loaded(loader, 3)
    await first.stop()
    await recreate(admin, brokers, topic)
    await send(topic, ['A', 'B', 'C', 'D', 'E'])
    const second = run(topic, loader)
    await until(() => detail(second, 'KAFKA_TOPIC_REPLACED') === `${topic}/0`, 'the partition to be stopped')
    await second.stop()
    expect(loader.rows).toHaveLength(3)
    expect(second.logLines.join('')).toContain('KAFKA_TOPIC_REPLACED')
  })

  it('stops a partition whose log ends before the stored position, also while it runs', async () => {
    const topic = await newTopic()
    await send(topic, ['a', 'b', 'c'])
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await loaded(loader, 3)
    await recreate(admin, brokers, topic)
    await send(topic, ['A'])
    await until(() => detail(running, 'KAFKA_TOPIC_REPLACED') === `${topic}/0`, 'the running partition to be stopped')
    await running.stop()
    const again = run(topic, loader)
    await until(() => detail(again, 'KAFKA_TOPIC_REPLACED') === `${topic}/0`, 'the partition to be stopped at start')
    await again.stop()
    expect(loader.rows.map(({ value }) => value)).toEqual(['a', 'b', 'c'])
  })

  it('goes on when the record to compare is gone and nothing else is', async () => {
    const topic = await newTopic()
    await send(topic, ['a', 'b', 'c'])
    const loader = createMemoryLoader()
    const first = run(topic, loader)
    await loaded(loader, 3)
    await first.stop()
    await deleteRecords(brokers, topic, 0, 3)
    await send(topic, ['d'])
    const second = run(topic, loader)
    await loaded(loader, 4)
    await second.stop()
    expect(loader.lost).toEqual([])
    expect(second.logLines.join('')).toContain('not compared')
  })

  it('refuses to start beside another member of its group, naming it', async () => {
    const topic = await newTopic()
    const loader = createMemoryLoader()
    const first = run(topic, loader)
    await until(() => first.source.status().detail?.reading === 1, 'the first source to read')
    const second = runSource({ ...quickConfig(brokers, { [CONTRACT]: topic }), sessionTimeoutMs: 1_500 }, loader, topic)
    const error = await second.failure()
    expect(error).toMatchObject({ code: 'KAFKA_FOREIGN_MEMBER', retryable: false })
    expect(error.message).toContain('borderflow-test-')
    expect(first.source.status().state).toBe('running')
    await first.stop()
  })

  it('stops when another member joins its group later', async () => {
    const topic = await newTopic(2)
    const running = run(topic, createMemoryLoader())
    await until(() => running.source.status().detail?.reading === 2, 'the source to read')
    const stranger = createTestClient(brokers).consumer({ groupId: `borderflow-test-${topic}` })
    await stranger.connect()
    await stranger.subscribe({ topics: [topic] })
    await stranger.run({ eachMessage: async () => undefined })
    expect(await running.failure()).toMatchObject({ code: 'KAFKA_FOREIGN_MEMBER' })
    await stranger.disconnect()
    expect(running.source.status()).toMatchObject({ state: 'failed', detail: { failure: 'KAFKA_FOREIGN_MEMBER' } })
  })

  it('waits for a member that no longer answers to be put out, then loads', async () => {
    const topic = await newTopic()
    await send(topic, ['a'])
    const dead = createTestClient(brokers).consumer({
      groupId: `borderflow-test-${topic}`, sessionTimeout: 6_000, heartbeatInterval: 5_900
    })
    let wake: () => void = () => undefined
    let isHanging = false
    const hung = new Promise<void>(resolve => { wake = resolve })
    await dead.connect()
    await dead.subscribe({ topics: [topic], fromBeginning: true })
    await dead.run({
      eachMessage: async () => {
        isHanging = true
        await hung
      }
    })
    // Only a message in hand keeps it silent: while it fetches it would notice that it was put out, and join again.
    await until(() => isHanging, 'the other member to hang')
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await until(() => running.logLines.some(line => line.includes('waiting for it to leave')), 'the wait')
    await loaded(loader, 1)
    await running.stop()
    wake()
    await dead.disconnect()
  })

  it('names the topics that are missing and makes none', async () => {
    const topic = uniqueName('nowhere')
    const error = await run(topic, createMemoryLoader()).failure()
    expect(error).toMatchObject({ code: 'KAFKA_TOPIC_MISSING' })
    expect(error.message).toContain(topic)
    expect(await admin.listTopics()).not.toContain(topic)
  })

  it('ends instead of staying up idle when the consumer crashes for good', async () => {
    const topic = await newTopic()
    await registerCodecs()
    await produce(brokers, topic, [{ value: 'a' }], { compression: CompressionTypes.GZIP })
    const codec = kafkajs.CompressionCodecs[CompressionTypes.GZIP]
    kafkajs.CompressionCodecs[CompressionTypes.GZIP] = () => {
      throw Object.assign(new Error('no such codec'), { name: 'KafkaJSNotImplemented' })
    }
    const loader = createMemoryLoader()
    try {
      expect(await run(topic, loader).failure()).toMatchObject({ code: 'KAFKA_FAILED' })
    } finally {
      kafkajs.CompressionCodecs[CompressionTypes.GZIP] = codec
    }
    const again = run(topic, loader)
    await loaded(loader, 1)
    await again.stop()
  })

  it('ends with what the loader failed with, and loads the rest after a restart', async () => {
    const topic = await newTopic()
    await send(topic, ['a', 'b'])
    const loader = createMemoryLoader()
    loader.failNext(new Error('disk is full'))
    expect((await run(topic, loader).failure()).message).toContain('disk is full')
    expect(loader.rows).toEqual([])
    loader.failNext(undefined)
    const again = run(topic, loader)
    await loaded(loader, 2)
    await again.stop()
  })
})

async function recreate (admin: Admin, brokers: string, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] })
  await until(async () => !(await admin.listTopics()).includes(topic), 'the topic to be deleted')
  await createTopic(brokers, topic)
}
