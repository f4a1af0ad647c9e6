// One way to make a kafkajs client: TLS, SASL, bounded retries, our log, all codecs.
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs'
import type { Logger } from 'pino'
import { registerCodecs } from './codecs.ts'
import { connectionDefaults, type KafkaConnection } from './config.ts'
import { createLogBridge } from './log-bridge.ts'
import { mendRequestQueue } from './quiet-timers.ts'
import { quickenDecoding } from './records/record-batches.ts'
import { mendStoppedRunner } from './stopped-runner.ts'

/** A kafkajs client. Throws KAFKA_FAILED if a codec cannot decode its fixture. */
export async function createClient (config: KafkaConnection, log: Logger, clientId = config.clientId): Promise<Kafka> {
  mendKafkajs()
  await registerCodecs()
  return new Kafka(clientConfig(config, log, clientId))
}

/** Changes kafkajs where it needs it, once a process; loads its parts from the disk. */
export function mendKafkajs (): void {
  mendRequestQueue()
  mendStoppedRunner()
  quickenDecoding()
}

function clientConfig (config: KafkaConnection, log: Logger, clientId: string): KafkaConfig {
  return {
    clientId,
    brokers: config.brokers,
    ssl: config.tls ? { ...config.tls } : false,
    sasl: config.sasl ? { ...config.sasl } as KafkaConfig['sasl'] : undefined,
    connectionTimeout: config.connectTimeoutMs ?? connectionDefaults.connectTimeoutMs,
    requestTimeout: config.requestTimeoutMs ?? connectionDefaults.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 300, maxRetryTime: 5_000, retries: config.retries ?? connectionDefaults.retries },
    logLevel: logLevel.INFO,
    logCreator: createLogBridge(log)
  }
}
