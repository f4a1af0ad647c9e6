// Four topics of a test's own, and the settings that name them.
import { type Contract, CONTRACTS } from '../../ingest/simulator/index.ts'
import { createTopic, uniqueName } from '../support/broker.ts'

export interface TestTopics {
  topics: Record<Contract, string>
  env: Record<string, string>
}

/** Makes a topic for each contract, crossings with several partitions. */
export async function createTopics (brokers: string): Promise<TestTopics> {
  const prefix = uniqueName('process')
  const topics = Object.fromEntries(CONTRACTS.map(contract => [contract, `${prefix}.${contract}`])) as Record<Contract, string>
  for (const contract of CONTRACTS) await createTopic(brokers, topics[contract], contract === 'gdi.crossing.v1' ? 3 : 1)
  return {
    topics,
    env: {
      BORDERFLOW_KAFKA_BROKERS: brokers,
      BORDERFLOW_KAFKA_TOPIC_CROSSING: topics['gdi.crossing.v1'],
      BORDERFLOW_KAFKA_TOPIC_TALLY: topics['gdi.tally.v1'],
      BORDERFLOW_KAFKA_TOPIC_EXTENSION: topics['gdi.extension.v1'],
      BORDERFLOW_KAFKA_TOPIC_REGISTRATION: topics['fpcs.registration.v1'],
      // A killed process stays a member of its group for so long, and the next waits for it.
      BORDERFLOW_KAFKA_SESSION_TIMEOUT_MS: '3000'
    }
  }
}
