// Forwards what went into quarantine to a topic, if one is set. The quarantine is the truth: a letter that cannot be
// sent is told of and not tried for ever, and a crash between loading and sending sends nothing.
import { errorText } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createMutex } from '../core/mutex.ts'
import type { Settings } from '../core/settings/index.ts'
import { createDeadLetterForwarder, type DeadLetter, type DeadLetterForwarder } from '../ingest/kafka/dead-letter.ts'
import type { QuarantinedMessage } from '../sinks/warehouse/load/leftovers.ts'
import { kafkaConfig } from './sources.ts'

export interface DeadLetters {
  forward (messages: readonly QuarantinedMessage[]): void
  close (): Promise<void>
}

/** Messages that may wait to be forwarded; beyond it letters are dropped with a warning. */
const WAITING_MAX = 10_000

/** A forwarder by the settings; null if no topic is set. Throws KAFKA_UNREACHABLE or KAFKA_FAILED. */
export async function createDeadLetters (settings: Settings, log: Logger): Promise<DeadLetters | null> {
  const config = kafkaConfig(settings)
  const topic = settings.kafka.deadLetterTopic
  if (config === null || topic === undefined) return null
  const forwarder = await createDeadLetterForwarder({ ...config, topic }, { log })
  return deadLetters(forwarder, log)
}

/** Sends in order, one group at a time. */
function deadLetters (forwarder: DeadLetterForwarder, log: Logger): DeadLetters {
  const mutex = createMutex()
  let waiting = 0
  return {
    forward (messages) {
      if (waiting + messages.length > WAITING_MAX) {
        log.warn({ messages: messages.length }, 'dead letters dropped: the topic is too slow; they are in the quarantine')
        return
      }
      waiting += messages.length
      void mutex.run(async () => {
        try {
          await forwarder.forward(messages.map(letterOf))
        } catch (error) {
          log.error({ error: errorText(error), messages: messages.length }, 'dead letters not sent; they are in the quarantine')
        } finally {
          waiting -= messages.length
        }
      })
    },
    async close () {
      await mutex.run(async () => { await forwarder.close() })
    }
  }
}

/** A Kafka partition is named `<topic>/<number>`; elsewhere the source stands for the topic. */
function letterOf ({ source, partition, offset, reason, value }: QuarantinedMessage): DeadLetter {
  const slash = partition.lastIndexOf('/')
  const number = Number(partition.slice(slash + 1))
  return {
    value,
    topic: slash > 0 ? partition.slice(0, slash) : source,
    partition: Number.isInteger(number) ? number : 0,
    offset,
    reason
  }
}
