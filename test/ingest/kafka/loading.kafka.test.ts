// Reading a topic to its end, restarts, and what may lie in a log.
import { CompressionTypes, type Producer } from 'kafkajs'
import { beforeAll, describe, expect, it } from 'vitest'
import { registerCodecs } from '../../../ingest/kafka/codecs.ts'
import { brokerForTests, brokerMissing, createTestClient, createTopic, produce, uniqueName } from '../../support/broker.ts'
import { rawMessages } from '../../support/raw-messages.ts'
import { createMemoryLoader, type MemoryLoader } from './memory-loader.ts'
import { quickConfig, runSource, until, type RunningSource } from './running-source.ts'

const CONTRACT = 'gdi.crossing.v1'
const missing = await brokerMissing()

describe.skipIf(missing)('kafka source', () => {
  let brokers: string
  beforeAll(async () => { brokers = await brokerForTests() })

  const newTopic = async (partitions = 1, settings: Record<string, string> = {}): Promise<string> => {
    const topic = uniqueName('crossings')
    await createTopic(brokers, topic, partitions, settings)
    return topic
  }
  const run = (topic: string, loader: MemoryLoader, warehouse = topic): RunningSource =>
    runSource(quickConfig(brokers, { [CONTRACT]: topic }), loader, warehouse)
  const transactional = (id: string): Producer =>
    createTestClient(brokers).producer({ transactionalId: id, maxInFlightRequests: 1, idempotent: true })
  const loaded = async (loader: MemoryLoader, count: number): Promise<void> =>
    await until(() => loader.rows.length >= count, () => `${count} rows, there are ${loader.rows.length}`)

  it('loads every message once, with broker time, contract and contiguous ranges', async () => {
    const topic = await newTopic(3)
    const values = numbered('m', 600)
    const before = Date.now()
    await produce(brokers, topic, values.map((value, at) => ({ key: `k${at}`, value })))
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await loaded(loader, 600)
    await until(() => running.source.status().lag === 0, 'no lag')
    expect(running.source.status()).toMatchObject({ name: 'kafka', state: 'running' })
    await running.stop()
    expect(running.source.status().state).toBe('stopped')
    expect(loader.rows.map(({ value }) => value).sort()).toEqual(values.sort())
    expect(loader.rows.every(({ contract }) => contract === CONTRACT)).toBe(true)
    const times = loader.rows.map(({ receivedAtMs }) => receivedAtMs)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before - 1_000)
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() + 1_000)
    expectAccounted(loader)
    expect(new Set(loader.batches.map(({ source }) => source))).toEqual(new Set(['kafka']))
    expect([...loader.stored.keys()].sort()).toEqual([0, 1, 2].map(number => `${topic}/${number}`))
    expect(running.logLines.join('')).not.toContain('m-1')
  })

  it('goes on from the stored positions after a restart and loads nothing twice', async () => {
    const topic = await newTopic(2)
    const loader = createMemoryLoader()
    await produce(brokers, topic, numbered('a', 50).map(value => ({ value })))
    const first = run(topic, loader)
    await loaded(loader, 50)
    await first.stop()
    await produce(brokers, topic, numbered('b', 50).map(value => ({ value })))
    const second = run(topic, loader)
    await loaded(loader, 100)
    await second.stop()
    expect(loader.rows.map(({ value }) => value).sort()).toEqual([...numbered('a', 50), ...numbered('b', 50)].sort())
    expectAccounted(loader)
  })

  it('obeys the stored position when the group offset says otherwise, before or behind it', async () => {
    for (const groupOffset of ['0', '100']) {
      const topic = await newTopic()
      const loader = createMemoryLoader()
      await produce(brokers, topic, numbered('a', 100).map(value => ({ value })))
      loader.stored.set(`${topic}/0`, { source: 'kafka', partition: `${topic}/0`, startOffset: 0, nextOffset: 40 })
      const admin = createTestClient(brokers).admin()
      await admin.connect()
      const groupId = `borderflow-test-${topic}`
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: groupOffset }] })
      await admin.disconnect()
      const running = run(topic, loader)
      await loaded(loader, 60)
      await running.stop()
      expect(loader.rows.map(({ offset }) => offset)).toEqual(Array.from({ length: 60 }, (_, at) => at + 40))
      expect(loader.batches[0]?.firstOffset).toBe(40)
    }
  })

  it('reads again from the stored position when a batch turns out stale', async () => {
    const topic = await newTopic()
    const loader = createMemoryLoader()
    await produce(brokers, topic, numbered('a', 20).map(value => ({ value })))
    const open = loader.hold()
    const running = run(topic, loader)
    await until(() => loader.batches.length > 0, 'a batch in flight')
    const position = loader.stored.get(`${topic}/0`)
    if (!position) throw new Error('no position')
    loader.stored.set(`${topic}/0`, { ...position, nextOffset: 5 })
    open()
    await loaded(loader, 15)
    await running.stop()
    expect(loader.rows.map(({ offset }) => offset)).toEqual(Array.from({ length: 15 }, (_, at) => at + 5))
  })

  it('reads gzip, snappy, lz4 and zstd batches', async () => {
    await registerCodecs()
    const codecs: Array<[string, CompressionTypes | undefined]> = [['gzip', CompressionTypes.GZIP],
      ['snappy', CompressionTypes.Snappy], ['lz4', CompressionTypes.LZ4], ['zstd', undefined]]
    for (const [name, compression] of codecs) {
      // The broker itself writes zstd here: a topic of that type is compressed again on arrival.
      const topic = await newTopic(1, compression ? {} : { 'compression.type': 'zstd' })
      const values = numbered(`${name}-${'long '.repeat(20)}`, 200)
      await produce(brokers, topic, values.map(value => ({ value })), { compression })
      const loader = createMemoryLoader()
      const running = run(topic, loader)
      await loaded(loader, 200)
      await running.stop()
      expect(loader.rows.map(({ value }) => value), name).toEqual(values)
    }
  })

  it('hands over a message without a value as an empty one', async () => {
    const topic = await newTopic()
    await produce(brokers, topic, [{ key: 'k', value: null }, { value: 'x' }])
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await loaded(loader, 2)
    await running.stop()
    expect(loader.rows.map(({ value }) => value)).toEqual(['', 'x'])
    expect(rawMessages(loader.batches[0]!.messages)[0]?.value).toBeInstanceOf(Uint8Array)
  })

  it('counts control records and aborted messages as absent, in ranges without holes', async () => {
    const topic = await newTopic()
    const producer = transactional(topic)
    await producer.connect()
    for (let round = 0; round < 12; round++) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: numbered(`r${round}`, 3).map(value => ({ value })) })
      if (round % 3 === 0) await transaction.commit()
      else await transaction.abort()
    }
    const loader = createMemoryLoader()
    const running = run(topic, loader)
    await loaded(loader, 12)
    await until(() => running.source.status().lag === 0, 'no lag although the log ends with aborted messages')
    const before = await producer.transaction()
    await before.send({ topic, messages: [{ value: 'last' }] })
    await before.commit()
    await producer.disconnect()
    await loaded(loader, 13)
    await running.stop()
    const committed = [0, 3, 6, 9].flatMap(round => numbered(`r${round}`, 3))
    expect(loader.rows.map(({ value }) => value)).toEqual([...committed, 'last'])
    expectAccounted(loader)
    expect(loader.absent.get(`${topic}/0`)).toBeGreaterThanOrEqual(8 * 3 + 12)
  })

  it('reads aborted messages that fill whole fetches', async () => {
    const topic = await newTopic()
    const producer = transactional(topic)
    await producer.connect()
    await produce(brokers, topic, [{ value: 'first' }])
    for (let round = 0; round < 6; round++) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ value: 'x'.repeat(5_000) }] })
      await transaction.abort()
    }
    await producer.disconnect()
    await produce(brokers, topic, [{ value: 'second' }])
    const loader = createMemoryLoader()
    const config = { ...quickConfig(brokers, { [CONTRACT]: topic }), partitionFetchBytesMax: 1_000 }
    const running = runSource(config, loader, topic)
    await loaded(loader, 2)
    await running.stop()
    expect(loader.rows.map(({ value }) => value)).toEqual(['first', 'second'])
    expectAccounted(loader)
  })

  it('reads a message larger than its fetch size', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '3000000' })
    await produce(brokers, topic, [{ value: 'y'.repeat(2_000_000) }, { value: 'after' }])
    const loader = createMemoryLoader()
    const config = { ...quickConfig(brokers, { [CONTRACT]: topic }), partitionFetchBytesMax: 100_000 }
    const running = runSource(config, loader, topic)
    await loaded(loader, 2)
    await running.stop()
    expect(loader.rows.map(({ value }) => value.length)).toEqual([2_000_000, 5])
  })
})

function numbered (stem: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${stem}-${at}`)
}

function expectAccounted ({ stored, rows, absent }: MemoryLoader): void {
  for (const { partition, startOffset, nextOffset } of stored.values()) {
    const count = rows.filter(row => row.partition === partition).length
    expect(count + (absent.get(partition) ?? 0), partition).toBe(nextOffset - startOffset)
  }
}
