// Forwards quarantined messages to a topic, as Kafka Connect's dead-letter queues do: original key and bytes, and
// headers of the same names, which carry codes only. The payload is personal data: whoever sets the topic must know.
import { type IHeaders, type Message, Partitioners } from 'kafkajs'
import type { Logger } from 'pino'
import { assert } from '../../core/errors.ts'
import { createClient } from './client.ts'
import type { KafkaConnection } from './config.ts'
import { kafkaFailure } from './failures.ts'

export interface DeadLetterConfig extends KafkaConnection {
  topic: string
}

export interface DeadLetter {
  key?: Uint8Array | null
  /** The message as it came. */
  value: Uint8Array
  /** Where it came from: topic (or source name), partition number, offset. */
  topic: string
  partition: number
  offset: number
  /** The quarantine reason, a code such as `not_json`. */
  reason: string
}

export interface DeadLetterForwarder {
  /** Resolves once every in-sync replica has the messages. Rejects with KAFKA_UNREACHABLE or KAFKA_FAILED. */
  forward (letters: DeadLetter[]): Promise<void>
  close (): Promise<void>
}

const CODE = /^[a-z][a-z0-9_]{0,63}$/

/** Connects at once. Throws KAFKA_UNREACHABLE or KAFKA_FAILED. */
export async function createDeadLetterForwarder (
  config: DeadLetterConfig, { log }: { log: Logger }
): Promise<DeadLetterForwarder> {
  const where = `dead-letter topic ${config.topic}`
  const client = await createClient(config, log)
  const producer = client.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner
  })
  const asOurs = (error: unknown): never => { throw kafkaFailure(error, where) }
  await producer.connect().catch(asOurs)
  return {
    forward: async letters => {
      if (letters.length === 0) return
      await producer.send({ topic: config.topic, acks: -1, messages: letters.map(messageOf) }).catch(asOurs)
    },
    close: async () => await producer.disconnect()
  }
}

function messageOf ({ key, value, topic, partition, offset, reason }: DeadLetter): Message {
  assert(CODE.test(reason), 'a dead letter carries a code as its reason')
  const headers: IHeaders = {
    '__connect.errors.topic': topic,
    '__connect.errors.partition': String(partition),
    '__connect.errors.offset': String(offset),
    '__connect.errors.connector.name': 'borderflow',
    '__connect.errors.task.id': '0',
    '__connect.errors.stage': 'VALUE_CONVERTER',
    '__connect.errors.exception.class.name': 'borderflow.Quarantined',
    '__connect.errors.exception.message': reason
  }
  return { key: key ? asBuffer(key) : null, value: asBuffer(value), headers }
}

function asBuffer (bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
