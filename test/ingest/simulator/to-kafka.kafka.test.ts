import { describe, expect, it, onTestFinished } from 'vitest'
import { hasCode } from '../../../core/errors.ts'
import { CONTRACTS, eventsOf, simulateDays, simulateToKafka, type Contract } from '../../../ingest/simulator/index.ts'
import { brokerForTests, brokerMissing, createTestClient, createTopic, uniqueName } from '../../support/broker.ts'

const options = { seed: 21, scale: 0.02, from: '2025-03-01', to: '2025-03-03', correctionShare: 0.05 }
const noBroker = await brokerMissing() !== undefined

describe.skipIf(noBroker)('simulateToKafka', () => {
  it.each([false, true])('sends every message once, whole, revisions of an id in order (gzip: %s)', async gzip => {
    const brokers = await brokerForTests()
    const prefix = uniqueName('sim')
    const topics = Object.fromEntries(CONTRACTS.map(contract => [contract, `${prefix}.${contract}`])) as
      Record<Contract, string>
    for (const topic of Object.values(topics)) await createTopic(brokers, topic, 3)
    const expected = [...simulateDays(options)].flatMap(({ events }) => [...eventsOf(events)])
    const sent = await simulateToKafka(options, { brokers: [brokers], topics, gzip })
    expect(sent.events).toBe(expected.length)
    const received = await readAll(brokers, Object.values(topics), expected.length)
    for (const contract of CONTRACTS) {
      const own = received.filter(({ topic }) => topic === topics[contract])
      const wanted = expected.filter(event => event.contract === contract)
      expect(own.map(({ value }) => value).sort()).toEqual(wanted.map(({ json }) => json.toString()).sort())
    }
    const firstSeen = new Map<string, { place: string, revision: number }>()
    for (const { topic, partition, key, value } of received) {
      const { revision } = JSON.parse(value) as { revision: number }
      const place = `${topic} ${partition}`
      const before = firstSeen.get(`${topic} ${key}`)
      if (before !== undefined) {
        expect(place).toBe(before.place)
      }
      expect(revision).toBeLessThanOrEqual((before?.revision ?? 0) + 1)
      firstSeen.set(`${topic} ${key}`, { place, revision: Math.max(revision, before?.revision ?? 0) })
    }
    expect([...firstSeen.values()].filter(({ revision }) => revision > 1).length).toBeGreaterThan(5)
  }, 120_000)

  it('says when no broker answers', async () => {
    const failure: unknown = await simulateToKafka(options, { brokers: ['127.0.0.1:1'] }).catch((error: unknown) => error)
    expect(hasCode(failure, 'KAFKA_UNREACHABLE')).toBe(true)
  }, 60_000)
})

interface Received {
  topic: string
  partition: number
  key: string
  value: string
}

/** The first `count` messages of the topics, in the order of each partition. */
async function readAll (brokers: string, topics: string[], count: number): Promise<Received[]> {
  const consumer = createTestClient(brokers).consumer({ groupId: uniqueName('group') })
  const received: Received[] = []
  onTestFinished(async () => { await consumer.disconnect() })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        received.push({ topic, partition, key: String(message.key), value: String(message.value) })
        if (received.length === count) resolve()
      }
    }).catch(reject)
  })
  return received
}
