// A network and a log that cannot be trusted: half-open connections, cut ones, batches that cannot be read, and records
// that compaction takes away.
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { brokerForTests, brokerMissing, createTestClient, createTopic, produce, uniqueName } from '../../support/broker.ts'
import { sealBatch } from '../../support/record-batch.ts'
import { startFlakyProxy, type FlakyProxy } from '../../torture/flaky-proxy.ts'
import { createMemoryLoader, type MemoryLoader } from './memory-loader.ts'
import { quickConfig, runSource, until, type RunningSource } from './running-source.ts'

const CONTRACT = 'gdi.crossing.v1'
const missing = await brokerMissing()
const LONG_MS = 60_000
/** Of a batch of one short record without a key, before its value: 61 bytes of the batch, 6 of the record. */
const HEAD_BYTES = 67
const MARKER = 'A-BATCH-THAT-IS-SPOILT-ON-ITS-WAY'

describe.skipIf(missing)('kafka source', () => {
  let brokers: string
  beforeAll(async () => { brokers = await brokerForTests() })

  const newTopic = async (settings: Record<string, string> = {}): Promise<string> => {
    const topic = uniqueName('network')
    await createTopic(brokers, topic, 1, settings)
    return topic
  }
  const proxied = async (): Promise<FlakyProxy> => {
    const proxy = await startFlakyProxy(brokers)
    onTestFinished(async () => { await proxy.close() })
    return proxy
  }
  const run = (through: string, topic: string, loader: MemoryLoader, more = {}): RunningSource => runSource({
    ...quickConfig(through, { [CONTRACT]: topic }),
    requestTimeoutMs: 2_000,
    stallTimeoutMs: 8_000,
    restarts: { max: 1, withinMs: 60_000 },
    ...more
  }, loader, topic)
  const loaded = async (loader: MemoryLoader, count: number): Promise<void> =>
    await until(() => loader.rows.length >= count, () => `${count} rows, there are ${loader.rows.length}`, LONG_MS)
  const valuesOf = (loader: MemoryLoader): string[] => loader.rows.map(({ value }) => value)

  it('gets over connections that are open and silent, by itself or by ending with a reason', async () => {
    const topic = await newTopic()
    const proxy = await proxied()
    const loader = createMemoryLoader()
    const running = run(proxy.brokers, topic, loader)
    await produce(brokers, topic, [{ value: 'a' }])
    await loaded(loader, 1)
    proxy.silenceOpen()
    await produce(brokers, topic, [{ value: 'b' }])
    const isLoaded = loaded(loader, 2).then(() => null, () => null)
    const ended = await Promise.race([isLoaded, running.failure().catch(() => null)])
    if (ended !== null) {
      expect(ended).toMatchObject({ retryable: true })
      const again = run(proxy.brokers, topic, loader)
      await loaded(loader, 2)
      await again.stop()
    } else {
      await running.stop()
    }
    expect(valuesOf(loader)).toEqual(['a', 'b'])
  }, 150_000)

  it('loads each message once while its connections are cut again and again', async () => {
    const topic = await newTopic()
    const proxy = await proxied()
    const loader = createMemoryLoader()
    const running = run(proxy.brokers, topic, loader, { restarts: { max: 100, withinMs: 60_000 }, retries: 8 })
    const sent: string[] = []
    for (let round = 0; round < 6; round++) {
      const part = Array.from({ length: 50 }, (_, i) => `${round}-${i}`)
      await produce(brokers, topic, part.map(value => ({ value })))
      sent.push(...part)
      await loaded(loader, sent.length - 25)
      proxy.cut()
    }
    await loaded(loader, sent.length)
    await running.stop()
    expect(valuesOf(loader)).toEqual(sent)
  }, 150_000)

  it.each([
    { how: 'that was altered', spoil: (batch: Buffer) => { batch.write('B', HEAD_BYTES) }, isSealed: false },
    { how: 'of a codec that is none', spoil: (batch: Buffer) => { batch.writeInt16BE(7, 21) } },
    { how: 'that says gzip and is not', spoil: (batch: Buffer) => { batch.writeInt16BE(1, 21) } },
    { how: 'that says lz4 and is not', spoil: (batch: Buffer) => { batch.writeInt16BE(3, 21) } },
    { how: 'of a format that is none', spoil: (batch: Buffer) => { batch.writeInt8(9, 16) } },
    { how: 'that says more records than it has', spoil: (batch: Buffer) => { batch.writeInt32BE(1_000, 57) } },
    { how: 'whose record is longer than it', spoil: (batch: Buffer) => { batch.writeInt8(0x7e, 61) } }
  ])('never passes over a batch $how, and loads it once it can be read', async ({ spoil, isSealed = true }) => {
    const topic = await newTopic()
    const proxy = await proxied()
    const loader = createMemoryLoader()
    await produce(brokers, topic, [{ value: 'before' }])
    await produce(brokers, topic, [{ value: MARKER }])
    await produce(brokers, topic, [{ value: 'after' }])
    let spoilt = 0
    proxy.alter(bytes => {
      const at = bytes.indexOf(MARKER)
      if (at < HEAD_BYTES) return
      const batch = bytes.subarray(at - HEAD_BYTES)
      spoil(batch)
      if (isSealed) sealBatch(batch)
      spoilt++
    })
    const running = run(proxy.brokers, topic, loader)
    const isLoaded = loaded(loader, 3).then(() => null)
    isLoaded.catch(() => {})
    const ended = await Promise.race([isLoaded, running.failure().catch(() => null)])
    expect(spoilt).toBeGreaterThan(0)
    if (ended === null) {
      // Not everything that is wrong keeps the client from reading what is there.
      await running.stop()
      expect(valuesOf(loader)).toEqual(['before', MARKER, 'after'])
      return
    }
    expect(ended.name).toBe('BorderflowError')
    expect(ended.message).not.toContain(MARKER)
    expect(valuesOf(loader).filter(value => value !== 'before')).toEqual([])
    proxy.alter(undefined)
    const again = run(proxy.brokers, topic, loader)
    await loaded(loader, 3)
    await again.stop()
    expect(valuesOf(loader)).toEqual(['before', MARKER, 'after'])
  }, 150_000)

  it('reads what compaction left, counts what it took, and goes on behind a record that is gone', async () => {
    const topic = await newTopic({
      'cleanup.policy': 'compact',
      'segment.ms': '100',
      'min.cleanable.dirty.ratio': '0.01',
      'min.compaction.lag.ms': '0',
      'max.compaction.lag.ms': '100',
      'delete.retention.ms': '0'
    })
    const round = async (name: string): Promise<void> => {
      for (let at = 0; at < 4; at++) await produce(brokers, topic, [{ key: `k${at}`, value: `${name}${at}` }])
    }
    await round('a')
    const loader = createMemoryLoader()
    const first = run(brokers, topic, loader)
    await loaded(loader, 4)
    await first.stop()
    await round('b')
    await round('c')
    // Only segments that are closed are compacted: what is written last closes the one before.
    await until(async () => {
      await produce(brokers, topic, [{ key: 'last', value: 'last' }])
      return !(await allValues(brokers, topic)).some(value => /^[ab]/.test(value))
    }, 'the log to be compacted', 90_000)
    const second = run(brokers, topic, loader)
    const end = await endOf(brokers, topic)
    await until(() => (loader.stored.get(`${topic}/0`)?.nextOffset ?? 0) >= end, 'the end of the log', LONG_MS)
    await second.stop()
    const values = valuesOf(loader)
    expect(values.slice(0, 4)).toEqual(['a0', 'a1', 'a2', 'a3'])
    expect(values.filter(value => value.startsWith('c'))).toEqual(['c0', 'c1', 'c2', 'c3'])
    expect(new Set(loader.rows.map(({ offset }) => offset)).size).toBe(loader.rows.length)
    const [{ nextOffset, startOffset } = { nextOffset: 0, startOffset: 0 }] = [...loader.stored.values()]
    expect(loader.rows.length + (loader.absent.get(`${topic}/0`) ?? 0)).toBe(nextOffset - startOffset)
    expect(loader.lost).toEqual([])
    expect(second.logLines.join('')).not.toContain('KAFKA_TOPIC_REPLACED')
  }, 180_000)
})

/** The values that the log holds now, read by a client of its own. */
async function allValues (brokers: string, topic: string): Promise<string[]> {
  const client = createTestClient(brokers)
  const end = await endOf(brokers, topic)
  const consumer = client.consumer({ groupId: uniqueName('reader') })
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  let last = -1
  await consumer.run({
    eachMessage: async ({ message }) => {
      values.push(String(message.value))
      last = Number(message.offset)
    }
  })
  await until(() => last >= end - 1, 'the end of the log', 30_000)
  await consumer.disconnect()
  return values
}

/** The offset behind the last record of a topic of one partition. */
async function endOf (brokers: string, topic: string): Promise<number> {
  const admin = createTestClient(brokers).admin()
  await admin.connect()
  const [{ high } = { high: '0' }] = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return Number(high)
}
