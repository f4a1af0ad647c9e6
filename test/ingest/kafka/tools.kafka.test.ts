// The operator's checks and the dead-letter topic, against a broker.
import { beforeAll, describe, expect, it } from 'vitest'
import type { KafkaMessage } from 'kafkajs'
import { createDeadLetterForwarder } from '../../../ingest/kafka/dead-letter.ts'
import { kafkaDoctor, type KafkaCheck } from '../../../ingest/kafka/doctor.ts'
import { brokerForTests, brokerMissing, createTestClient, createTopic, uniqueName } from '../../support/broker.ts'
import { linesLog, quickConfig, until } from './running-source.ts'

const missing = await brokerMissing()

describe.skipIf(missing)('kafka doctor', () => {
  let brokers: string
  beforeAll(async () => { brokers = await brokerForTests() })

  const examine = async (settings: Record<string, string>): Promise<Map<string, KafkaCheck>> => {
    const topic = uniqueName('doctor')
    await createTopic(brokers, topic, 2, settings)
    const checks = await kafkaDoctor(quickConfig(brokers, { 'gdi.crossing.v1': topic }), linesLog([]))
    return new Map(checks.map(check => [check.name.replace(`${topic}: `, ''), check]))
  }

  it('is content with a topic that is set up as it should be', async () => {
    const checks = await examine({ 'message.timestamp.type': 'LogAppendTime' })
    expect([...checks.values()].filter(({ ok }) => !ok)).toEqual([])
    expect([...checks.keys()]).toEqual(['brokers reachable', 'topic of gdi.crossing.v1', 'partitions', 'message.timestamp.type',
      'retention', 'max.message.bytes', 'cleanup.policy'])
    expect(checks.get('partitions')?.found).toContain('2')
  })

  it('warns of producer time, short retention, large messages and compaction, each with a remedy', async () => {
    const checks = await examine({
      'message.timestamp.type': 'CreateTime',
      'retention.ms': '3600000',
      'max.message.bytes': '20000000',
      'cleanup.policy': 'compact'
    })
    const bad = [...checks.values()].filter(({ ok }) => !ok)
    expect(bad).toHaveLength(4)
    expect(bad.every(({ remedy }) => remedy !== undefined && remedy.length > 10)).toBe(true)
    expect(checks.get('message.timestamp.type')?.found).toBe('CreateTime')
  })

  it('reports a missing topic and an unreachable broker instead of failing', async () => {
    const absent = await kafkaDoctor(quickConfig(brokers, { 'gdi.crossing.v1': uniqueName('nowhere') }), linesLog([]))
    expect(absent.find(({ ok }) => !ok)?.name).toBe('topic of gdi.crossing.v1')
    const silent = await kafkaDoctor({ ...quickConfig('127.0.0.1:1', { a: 'b' }), retries: 0 }, linesLog([]))
    expect(silent).toMatchObject([{ name: 'brokers reachable', ok: false, found: 'KAFKA_UNREACHABLE' }])
  })
})

describe.skipIf(missing)('dead-letter forwarder', () => {
  let brokers: string
  beforeAll(async () => { brokers = await brokerForTests() })

  it('sends the original bytes and headers that carry codes only', async () => {
    const topic = uniqueName('dead')
    await createTopic(brokers, topic)
    const forwarder = await createDeadLetterForwarder(
      { brokers: [brokers], clientId: 'borderflow-test', topic }, { log: linesLog([]) })
    const value = Buffer.from([0xff, 0x00, 0x7b])
    await forwarder.forward([])
    await forwarder.forward([
      { key: Buffer.from('k'), value, topic: 'gdi.crossing.v1', partition: 3, offset: 42, reason: 'not_utf8' }
    ])
    await forwarder.close()
    const message = await firstMessage(brokers, topic)
    expect(message.value).toEqual(value)
    expect(message.key?.toString()).toBe('k')
    const found = Object.entries(message.headers ?? {}).map(([name, text]) => [name, String(text)])
    const headers = Object.fromEntries(found)
    expect(headers).toEqual({
      '__connect.errors.topic': 'gdi.crossing.v1',
      '__connect.errors.partition': '3',
      '__connect.errors.offset': '42',
      '__connect.errors.connector.name': 'borderflow',
      '__connect.errors.task.id': '0',
      '__connect.errors.stage': 'VALUE_CONVERTER',
      '__connect.errors.exception.class.name': 'borderflow.Quarantined',
      '__connect.errors.exception.message': 'not_utf8'
    })
  })

  it('refuses a reason that is not a code, so that no value reaches a header', async () => {
    const topic = uniqueName('dead')
    await createTopic(brokers, topic)
    const forwarder = await createDeadLetterForwarder(
      { brokers: [brokers], clientId: 'borderflow-test', topic }, { log: linesLog([]) })
    const letter = { value: Buffer.from('x'), topic: 't', partition: 0, offset: 0, reason: 'bad number N1234567' }
    await expect(forwarder.forward([letter])).rejects.toThrow('code')
    await forwarder.close()
  })

  it('says that the topic is not there', async () => {
    const topic = uniqueName('nowhere')
    const forwarder = await createDeadLetterForwarder(
      { brokers: [brokers], clientId: 'borderflow-test', topic, retries: 1 }, { log: linesLog([]) })
    const letter = { value: Buffer.from('x'), topic: 't', partition: 0, offset: 0, reason: 'schema' }
    await expect(forwarder.forward([letter])).rejects.toMatchObject({ code: 'KAFKA_FAILED' })
    await forwarder.close()
  })
})

async function firstMessage (brokers: string, topic: string): Promise<KafkaMessage> {
  const consumer = createTestClient(brokers).consumer({ groupId: uniqueName('reader'), maxWaitTimeInMs: 100 })
  const seen: KafkaMessage[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => { seen.push(message) } })
  await until(() => seen.length > 0, 'a message')
  await consumer.disconnect()
  const [first] = seen
  if (!first) throw new Error('no message')
  return first
}
