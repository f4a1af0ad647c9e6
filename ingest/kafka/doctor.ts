// Checks of the Kafka side for an operator: what was found, and what to do about it.
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin } from 'kafkajs'
import type { Logger } from 'pino'
import { errorText } from '../../core/errors.ts'
import { createClient } from './client.ts'
import { kafkaSettings, type KafkaSettings, type KafkaSourceConfig } from './config.ts'
import { kafkaFailure } from './failures.ts'

/** One check. `remedy` is there when `ok` is false. */
export interface KafkaCheck {
  name: string
  ok: boolean
  found: string
  remedy?: string
}

type Settings = Map<string, string>

const DAY_MS = 86_400_000
// A weekend and a public holiday: how long a stopped loader should be able to stay behind without losing records.
const RETENTION_MIN_MS = 4 * DAY_MS
const OVERALL_MS = 60_000

/** Looks at brokers, topics and their settings. Never throws for what it finds, and ends within about a minute. */
export async function kafkaDoctor (config: KafkaSourceConfig, log: Logger): Promise<KafkaCheck[]> {
  const settings = kafkaSettings(config)
  const admin = (await createClient({ ...settings, retries: Math.min(settings.retries, 2) }, log)).admin()
  const checks: KafkaCheck[] = []
  const tooLate = new AbortController()
  try {
    await Promise.race([
      examine(admin, settings, checks),
      sleep(OVERALL_MS, undefined, { signal: tooLate.signal }).then(() => { throw new Error('no answer within a minute') })
    ])
  } catch (error) {
    const failure = kafkaFailure(error, settings.brokers.join(','))
    const name = checks.length === 0 ? 'brokers reachable' : 'brokers answer'
    checks.push({ name, ok: false, found: failure.code, remedy: failure.message })
  } finally {
    tooLate.abort()
    await admin.disconnect().catch((error: unknown) => log.debug({ error: errorText(error) }, 'disconnect failed'))
  }
  return checks
}

async function examine (admin: Admin, settings: KafkaSettings, checks: KafkaCheck[]): Promise<void> {
  await admin.connect()
  const cluster = await admin.describeCluster()
  checks.push({ name: 'brokers reachable', ok: true, found: `${cluster.brokers.length} broker(s)` })
  const known = new Set(await admin.listTopics())
  for (const [contract, topic] of Object.entries(settings.topics)) {
    const there = known.has(topic)
    checks.push(check(`topic of ${contract}`, there, there ? topic : `no topic ${topic}`,
      'Create the topic, or correct kafka.topics.'))
    if (there) checks.push(...await examineTopic(admin, topic, settings))
  }
}

async function examineTopic (admin: Admin, topic: string, settings: KafkaSettings): Promise<KafkaCheck[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = topics[0]?.partitions ?? []
  const leaderless = partitions.filter(({ leader }) => leader < 0).length
  const values = await topicSettings(admin, topic)
  return [
    check(`${topic}: partitions`, partitions.length > 0 && leaderless === 0,
      `${partitions.length}, of which ${leaderless} without a leader`, 'Bring the brokers of the partitions back.'),
    timestampCheck(topic, values),
    retentionCheck(topic, values),
    sizeCheck(topic, values, settings),
    check(`${topic}: cleanup.policy`, values.get('cleanup.policy') === 'delete', values.get('cleanup.policy') ?? 'unknown',
      'Set cleanup.policy=delete: compaction removes events that were not read yet, and no gap tells of it.')
  ]
}

function timestampCheck (topic: string, values: Settings): KafkaCheck {
  const found = values.get('message.timestamp.type') ?? 'unknown'
  return check(`${topic}: message.timestamp.type`, found === 'LogAppendTime', found,
    'Set message.timestamp.type=LogAppendTime: the time received is the broker\'s, and a producer\'s clock may be wrong.')
}

function retentionCheck (topic: string, values: Settings): KafkaCheck {
  const retention = Number(values.get('retention.ms') ?? NaN)
  const bytes = Number(values.get('retention.bytes') ?? -1)
  const time = retention === -1 ? 'for ever' : `${(retention / DAY_MS).toFixed(1)} days`
  const found = bytes > 0 ? `${time}, at most ${bytes} bytes a partition` : time
  return check(`${topic}: retention`, retention === -1 || retention >= RETENTION_MIN_MS, found,
    `Keep at least ${RETENTION_MIN_MS / DAY_MS} days (retention.ms): what is deleted before it is read is lost.`)
}

function sizeCheck (topic: string, values: Settings, { partitionFetchBytesMax }: KafkaSettings): KafkaCheck {
  const largest = Number(values.get('max.message.bytes') ?? NaN)
  return check(`${topic}: max.message.bytes`, largest <= partitionFetchBytesMax,
    `${largest}, fetched at most ${partitionFetchBytesMax} at once`,
    'Raise kafka.partitionFetchBytesMax to at least max.message.bytes, or lower that.')
}

async function topicSettings (admin: Admin, topic: string): Promise<Settings> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }]
  })
  return new Map((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]))
}

function check (name: string, ok: boolean, found: string, remedy: string): KafkaCheck {
  return ok ? { name, ok, found } : { name, ok, found, remedy }
}
