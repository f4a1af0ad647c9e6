// Reading alone: the topics by kafkajs with our fetch sizes, and nothing done with the messages.
import { Kafka, logLevel } from 'kafkajs'
import { argument, measure } from '../measure.ts'

const topics = Object.values(JSON.parse(argument('topics')) as Record<string, string>)
const wanted = Number(argument('events'))
const kafka = new Kafka({ brokers: [argument('brokers')], logLevel: logLevel.NOTHING })
const consumer = kafka.consumer({
  groupId: `bench-read-${process.pid}`, maxBytes: 32 * 1024 * 1024, maxBytesPerPartition: 8 * 1024 * 1024
})
await consumer.connect()
await consumer.subscribe({ topics, fromBeginning: true })
await measure(async () => {
  let events = 0
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        events += batch.messages.length
        for (const { value } of batch.messages) bytes += value?.length ?? 0
        if (events >= wanted) resolve()
      }
    }).catch(reject)
  })
  return { events, bytes }
})
await consumer.disconnect()
