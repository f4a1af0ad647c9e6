// Sends a simulation to Kafka, each contract to its topic, every revision of an id to the same partition.
import { CompressionTypes, Kafka, logLevel, Partitioners, type Producer, type TopicMessages } from 'kafkajs'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { CONTRACTS, type Contract } from './codes.ts'
import { eventAt } from './day-lines.ts'
import { simulateDays, type SimulatedDay } from './days.ts'
import type { SimulatorOptions } from './options.ts'
import type { Progress } from './to-folder.ts'

export interface KafkaTarget {
  brokers: string[]
  /** Topic of each contract; the contract's name where absent. */
  topics?: Partial<Record<Contract, string>>
  /** Default `borderflow-simulator`. */
  clientId?: string
  /** Producer that the broker keeps from writing a batch twice. Default true. */
  idempotent?: boolean
  /** Default false. */
  gzip?: boolean
  /** Messages sent together. Default 1,000; a broker takes 1 MiB of one partition at a time. */
  batchMessages?: number
  /** Stops between two batches. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** Sends all events in order; values keep their contract field. Throws USAGE, KAFKA_UNREACHABLE or KAFKA_FAILED. */
export async function simulateToKafka (
  options: SimulatorOptions, target: KafkaTarget
): Promise<{ events: number, bytes: number, days: number }> {
  const { brokers, clientId = 'borderflow-simulator', idempotent = true, signal, onProgress } = target
  const batchMessages = target.batchMessages ?? 1000
  const kafka = new Kafka({ brokers, clientId, logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent, createPartitioner: Partitioners.DefaultPartitioner })
  const total = { events: 0, bytes: 0, days: 0 }
  await producer.connect().catch((error: unknown) => { throw failed('KAFKA_UNREACHABLE', brokers, error) })
  try {
    for (const { day, events } of simulateDays(options)) {
      for (let first = 0; first < events.count; first += batchMessages) {
        if (signal?.aborted === true) return total
        const next = Math.min(first + batchMessages, events.count)
        await sendBatch(producer, target, events, first, next)
        total.events += next - first
      }
      total.bytes += events.bytes.length
      total.days++
      onProgress?.({ day, ...total })
    }
    return total
  } finally {
    await producer.disconnect()
  }
}

async function sendBatch (
  producer: Producer, target: KafkaTarget, day: SimulatedDay, first: number, next: number
): Promise<void> {
  const { brokers, topics = {}, gzip = false } = target
  const byContract: TopicMessages[] = CONTRACTS.map(contract =>
    ({ topic: topics[contract] ?? contract, messages: [] }))
  for (let i = first; i < next; i++) {
    const { key, json } = eventAt(day, i)
    byContract[day.contracts[i]!]!.messages.push({ key: key ?? null, value: json })
  }
  try {
    await producer.sendBatch({
      acks: -1,
      compression: gzip ? CompressionTypes.GZIP : CompressionTypes.None,
      topicMessages: byContract.filter(topic => topic.messages.length > 0)
    })
  } catch (error) {
    throw failed('KAFKA_FAILED', brokers, error)
  }
}

function failed (code: 'KAFKA_UNREACHABLE' | 'KAFKA_FAILED', brokers: string[], error: unknown): BorderflowError {
  return new BorderflowError(code, {
    expected: 'brokers that take messages',
    found: errorText(error),
    where: brokers.join(','),
    remedy: 'Check that the brokers run, that the topics exist and that this client may write to them.',
    cause: error
  })
}
