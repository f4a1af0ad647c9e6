// Topics and messages for tests: unique names, creation, production with any codec.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin, type CompressionTypes, type IHeaders, type Kafka } from 'kafkajs'

// kafkajs is CommonJS: not all of its names can be imported where nothing bundles it, as in the benchmark.
const { KafkaJSError, logLevel, Partitioners } = kafkajs

const LEADERS_MS = 60_000

export interface TestMessage {
  key?: string | Buffer | null
  value: string | Buffer | null
  partition?: number
  headers?: IHeaders
}

/** A name that no other test uses. */
export function uniqueName (stem: string): string {
  return `${stem}-${randomBytes(5).toString('hex')}`
}

/** A silent client of the test broker. */
export function createTestClient (brokers: string): Kafka {
  return new kafkajs.Kafka({ clientId: uniqueName('test'), brokers: brokers.split(','), logLevel: logLevel.NOTHING })
}

/**
 * Creates a topic and waits until its partitions have leaders.
 * kafkajs' own wait gives up when a broker does not know the topic yet, which the one that has just made it may not.
 */
export async function createTopic (
  brokers: string, topic: string, partitions = 1, settings: Record<string, string> = {}, replicas = 1
): Promise<void> {
  const admin = createTestClient(brokers).admin()
  await admin.connect()
  try {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value }))
      }]
    })
    const deadline = performance.now() + LEADERS_MS
    while (!await leadersAreThere(admin, topic, partitions).catch(unlessOfKafka)) {
      if (performance.now() > deadline) throw new Error(`${topic} has no leaders after ${LEADERS_MS} ms`)
      await sleep(50)
    }
  } finally {
    await admin.disconnect()
  }
}

async function leadersAreThere (admin: Admin, topic: string, partitions: number): Promise<boolean> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const found = topics[0]?.partitions ?? []
  return found.length === partitions && found.every(({ leader }) => leader >= 0)
}

/** What Kafka answers while a topic is being made is not yet, not never. */
function unlessOfKafka (error: unknown): false {
  if (error instanceof KafkaJSError) return false
  throw error
}

// A broker takes 1 MiB of one partition in a request, unless the topic allows more.
const REQUEST_BYTES = 500_000

/** Produces messages in order, in as few requests as a broker takes, acknowledged by all replicas. */
export async function produce (
  brokers: string, topic: string, messages: TestMessage[], options: { compression?: CompressionTypes } = {}
): Promise<void> {
  const producer = createTestClient(brokers).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    // A request of which one partition is refused is sent again as a whole: the others may not take it twice.
    idempotent: true
  })
  await producer.connect()
  try {
    for (const part of inRequests(messages)) {
      await producer.send({ topic, acks: -1, messages: part, compression: options.compression })
    }
  } finally {
    await producer.disconnect()
  }
}

/** Deletes the records of a partition below an offset. */
export async function deleteRecords (brokers: string, topic: string, partition: number, offset: number): Promise<void> {
  const admin = createTestClient(brokers).admin()
  await admin.connect()
  try {
    await admin.fetchTopicOffsets(topic) // kafkajs deletes only in topics whose metadata it has loaded
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  } finally {
    await admin.disconnect()
  }
}

function inRequests (messages: TestMessage[]): TestMessage[][] {
  const requests: TestMessage[][] = []
  let bytes = Infinity
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + (message.key?.length ?? 0) + 100
    if (bytes + size > REQUEST_BYTES) {
      requests.push([])
      bytes = 0
    }
    requests.at(-1)?.push(message)
    bytes += size
  }
  return requests
}
