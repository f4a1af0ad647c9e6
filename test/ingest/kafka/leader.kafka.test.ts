// Leaders that change: a topic on three brokers, of which the one that leads goes away and comes back, twice.
import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  brokerMissing, createTestClient, createTopic, produce, startCluster, uniqueName, type OwnBroker
} from '../../support/broker.ts'
import { createMemoryLoader } from './memory-loader.ts'
import { quickConfig, runSource, until } from './running-source.ts'

const CONTRACT = 'gdi.crossing.v1'
const SIZE = 3
const MESSAGES = 300
const CHANGE_MS = 60_000
const missing = await brokerMissing()

describe.skipIf(missing)('leaders that change', () => {
  let cluster: OwnBroker[] = []
  let admin: Admin
  const addresses = (): string => cluster.map(({ brokers }) => brokers).join()

  beforeAll(async () => {
    cluster = await startCluster(SIZE)
    admin = createTestClient(addresses()).admin()
    await admin.connect()
    await until(async () => (await admin.describeCluster()).brokers.length === SIZE, 'three brokers', CHANGE_MS)
  }, 180_000)
  afterAll(async () => {
    await admin?.disconnect()
    await Promise.all(cluster.map(async broker => { await broker.stop() }))
  }, 60_000)

  /** Node ids of leader and in-sync replicas of the first partition; no leader while nobody knows. */
  async function stateOf (topic: string): Promise<{ leader: number, inSync: number }> {
    const described = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null)
    const partition = described?.topics[0]?.partitions.find(({ partitionId }) => partitionId === 0)
    return { leader: partition?.leader ?? -1, inSync: partition?.isr.length ?? 0 }
  }

  it('loads each message once while the broker that leads goes away, twice', async () => {
    const topic = uniqueName('leader')
    await createTopic(addresses(), topic, SIZE, { 'min.insync.replicas': '2' }, SIZE)
    const loader = createMemoryLoader()
    const running = runSource(quickConfig(addresses(), { [CONTRACT]: topic }), loader, topic)
    const led = new Set<number>()
    let produced = 0
    const send = async (): Promise<void> => {
      await produce(addresses(), topic, Array.from({ length: MESSAGES }, (_, i) =>
        ({ value: `message ${produced + i}`, partition: i % SIZE })))
      produced += MESSAGES
    }
    const loaded = async (): Promise<void> => {
      await until(() => loader.rows.length >= produced,
        () => `${produced} rows, there are ${loader.rows.length}; ${JSON.stringify(running.source.status())}`, CHANGE_MS)
    }
    await send()
    await loaded()
    for (let round = 0; round < 2; round++) {
      const { leader } = await stateOf(topic)
      led.add(leader)
      const broker = cluster[leader - 1] as OwnBroker
      await send()
      await broker.halt()
      await until(async () => ![-1, leader].includes((await stateOf(topic)).leader), 'another leader', CHANGE_MS)
      await send()
      await loaded()
      await broker.start()
      await until(async () => (await stateOf(topic)).inSync === SIZE, 'three replicas in sync', CHANGE_MS)
    }
    expect(led.size).toBe(2)
    expect(await running.stop()).toBeLessThan(20_000)
    expect(new Set(loader.rows.map(({ value }) => value)).size).toBe(produced)
    expect(loader.rows).toHaveLength(produced)
  }, 240_000)
})
