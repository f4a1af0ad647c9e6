// The sources that the settings ask for.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BorderflowError, errorText } from '../core/errors.ts'
import type { Settings } from '../core/settings/index.ts'
import type { Source } from '../core/stage.ts'
import { createHttpIntake, type HttpIntake } from '../ingest/http/intake.ts'
import type { KafkaSourceConfig } from '../ingest/kafka/config.ts'
import { createKafkaSource } from '../ingest/kafka/source.ts'
import { createSpoolSource } from '../ingest/files/spool.ts'
import { authenticate } from '../sinks/control/access.ts'
import { fileRegistry, positionStore, receiptReader } from '../sinks/warehouse/stores.ts'
import type { Runtime } from './runtime.ts'

/** Opens the sources of the settings; the intake is there only while HTTP is on. */
export function createSources (runtime: Runtime): { sources: Source[], intake: HttpIntake | null } {
  const { settings, warehouse, clock, log, control } = runtime
  const positions = positionStore(warehouse, clock)
  const sources: Source[] = []
  const kafka = kafkaConfig(settings)
  if (kafka !== null) {
    sources.push(createKafkaSource(kafka, {
      positions, warehouseId: warehouse.id, markKey: warehouse.keys.content, log: log.child({ source: 'kafka' }), clock
    }))
  }
  if (settings.spool.folder !== undefined) {
    sources.push(createSpoolSource({
      folder: resolve(settings.spool.folder), pollIntervalMs: settings.spool.pollIntervalMs
    }, { files: fileRegistry(warehouse), positions, clock, log: log.child({ source: 'spool' }) }))
  }
  if (!settings.http.enabled) return { sources, intake: null }
  const intake = createHttpIntake({
    folder: join(resolve(settings.data.folder), 'intake'),
    bodyBytesMax: settings.http.bodyBytesMax,
    backlogBytesMax: settings.http.backlogBytesMax,
    answerWaitMs: settings.http.answerWaitMs,
    routeConfig: { policy: ['producer'] }
  }, {
    positions,
    authenticate: async token => await authenticate(control, token, 'producer', clock.now()),
    receipts: receiptReader(warehouse),
    clock,
    log: log.child({ source: 'http' })
  })
  sources.push(intake.source)
  return { sources, intake }
}

/** How to read from Kafka by the settings; null if no broker is named. */
export function kafkaConfig ({ kafka }: Settings): KafkaSourceConfig | null {
  if (kafka.brokers.length === 0) return null
  const topics = Object.fromEntries([
    ['gdi.crossing.v1', kafka.topicCrossing],
    ['gdi.tally.v1', kafka.topicTally],
    ['gdi.extension.v1', kafka.topicExtension],
    ['fpcs.registration.v1', kafka.topicRegistration]
  ].filter(([, topic]) => topic !== ''))
  return {
    brokers: kafka.brokers,
    clientId: kafka.clientId,
    groupPrefix: kafka.groupPrefix,
    topics,
    tls: kafka.tls
      ? { ca: pem(kafka.tlsCaFile), cert: pem(kafka.tlsCertFile), key: pem(kafka.tlsKeyFile) }
      : false,
    sasl: kafka.saslMechanism === undefined
      ? false
      : { mechanism: kafka.saslMechanism, username: kafka.saslUsername ?? '', password: kafka.saslPassword ?? '' },
    fetchBytesMax: kafka.fetchBytesMax,
    partitionFetchBytesMax: kafka.partitionFetchBytesMax,
    fetchWaitMs: kafka.fetchWaitMs,
    sessionTimeoutMs: kafka.sessionTimeoutMs,
    stallTimeoutMs: kafka.stallTimeoutMs
  }
}

function pem (file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new BorderflowError('SETTINGS_INVALID', {
      expected: 'a PEM file that can be read', found: errorText(error), where: file
    })
  }
}
