// The settings of everything that talks to Kafka, and their defaults.
import { BorderflowError } from '../../core/errors.ts'

export interface KafkaTls {
  /** PEM text of the authorities trusted; absent means those of the system. */
  ca?: string
  /** PEM text of the client's certificate and key, for mutual TLS. */
  cert?: string
  key?: string
  /** False accepts any certificate: for trials only. */
  rejectUnauthorized?: boolean
}

export interface KafkaSasl {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  username: string
  password: string
}

/** How to reach the brokers. */
export interface KafkaConnection {
  /** `host:port`, at least one. */
  brokers: string[]
  clientId: string
  tls?: KafkaTls | false
  sasl?: KafkaSasl | false
  connectTimeoutMs?: number
  requestTimeoutMs?: number
  /** Attempts at one request after the first; the wait between them doubles from 300 ms to at most 5 s. */
  retries?: number
}

export interface KafkaSourceConfig extends KafkaConnection {
  /** Topic by contract. */
  topics: Record<string, string>
  /** The group id is this, a hyphen and the warehouse's id. */
  groupPrefix: string
  /** Bytes of one fetch response, over all partitions. */
  fetchBytesMax?: number
  /** Bytes of one partition in a fetch response: at least the topic's max.message.bytes. */
  partitionFetchBytesMax?: number
  /** How long a broker may wait for new records before it answers a fetch. */
  fetchWaitMs?: number
  sessionTimeoutMs?: number
  /** A quarter of the session timeout, at most 3 s, unless given. */
  heartbeatIntervalMs?: number
  /** New partitions of a topic are seen within this time. */
  metadataMaxAgeMs?: number
  /** No answer, or no fetch, for this long ends the source. */
  stallTimeoutMs?: number
  /** Records that wait but are not delivered for this long end the source. */
  stuckTimeoutMs?: number
  /** How often members, log ends and accepted gaps are looked at. */
  pollMs?: number
  /** Consumer restarts allowed within a time before the source gives up. */
  restarts?: { max: number, withinMs: number }
  /** Batches handed over but not yet durable. */
  inFlightPerPartitionMax?: number
  inFlightMax?: number
}

export type KafkaSettings = Required<Omit<KafkaSourceConfig, 'tls' | 'sasl'>> & Pick<KafkaSourceConfig, 'tls' | 'sasl'>

const MIB = 1024 * 1024

export const connectionDefaults = { connectTimeoutMs: 5_000, requestTimeoutMs: 30_000, retries: 5 }

/** Kafka's own advice: a third of the session timeout at most. */
const HEARTBEATS_A_SESSION = 4
const HEARTBEAT_MS_MAX = 3_000

const sourceDefaults = {
  ...connectionDefaults,
  // Half of it is slower, and each response is held in memory until its records are packed. A batch of records that is
  // larger is answered all the same (KIP-74).
  fetchBytesMax: MIB,
  partitionFetchBytesMax: 2 * MIB,
  fetchWaitMs: 250,
  sessionTimeoutMs: 45_000,
  metadataMaxAgeMs: 30_000,
  stallTimeoutMs: 120_000,
  // Longer than the longest transaction a broker allows by default (transaction.max.timeout.ms, 15 minutes): an open
  // transaction holds back what follows it, which is no fault of the consumer.
  stuckTimeoutMs: 16 * 60_000,
  pollMs: 3_000,
  // One broker that goes away costs two or three of them; all of a cluster renewed one by one must not end the source.
  // Whoever answers nothing at all ends it sooner, by the stall timeout.
  restarts: { max: 30, withinMs: 10 * 60_000 },
  // Small responses, so many of them: enough for the group that is written and the one that is decoded.
  inFlightPerPartitionMax: 8,
  inFlightMax: 48
}

/** The settings with every default filled in. Throws SETTINGS_INVALID where they contradict each other. */
export function kafkaSettings (config: KafkaSourceConfig): KafkaSettings {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))
  const settings = { ...sourceDefaults, ...given } as KafkaSettings
  settings.heartbeatIntervalMs ??= Math.min(HEARTBEAT_MS_MAX, settings.sessionTimeoutMs / HEARTBEATS_A_SESSION)
  const topics = Object.values(settings.topics)
  if (settings.brokers.length === 0) throw invalid('at least one broker', 'none', 'brokers')
  if (topics.length === 0) throw invalid('at least one topic', 'none', 'topics')
  if (new Set(topics).size < topics.length) {
    throw invalid('one topic for each contract', `one topic given twice: ${topics.join(', ')}`, 'topics')
  }
  if (settings.heartbeatIntervalMs * 2 >= settings.sessionTimeoutMs) {
    throw invalid('a session timeout of more than two heartbeats', `${settings.sessionTimeoutMs} ms`, 'sessionTimeoutMs')
  }
  return settings
}

/** The consumer group of a warehouse. */
export function groupIdOf (config: { groupPrefix: string }, warehouseId: string): string {
  return `${config.groupPrefix}-${warehouseId}`
}

function invalid (expected: string, found: string, setting: string): BorderflowError {
  return new BorderflowError('SETTINGS_INVALID', { expected, found, where: `kafka.${setting}` })
}
