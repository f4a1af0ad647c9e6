import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brokerForTests, brokerMissing, createTestClient, produce } from '../support/broker.ts'
import { jsonOf, startService, until } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { csvOf, valueOfRunning } from './folders.ts'
import { crossing } from './messages.ts'
import { createTopics } from './topics.ts'

interface Status { warehouse: string, messages: Record<string, number> }

const noBroker = await brokerMissing() !== undefined
const document = { type: 'passport', issuing_state: 'AUS', number: 'N1' }

const tally = {
  tally_id: 't1',
  revision: 1,
  action: 'record',
  recorded_at: '2026-01-05T20:00:00+07:00',
  checkpoint: 'KHC-BVT',
  date: '2026-01-05',
  direction: 'exit',
  nationality: 'VNM',
  sex: 'F',
  count: 41
}
const extension = {
  extension_id: 'x1',
  revision: 1,
  action: 'record',
  granted_at: '2026-01-20T09:00:00+07:00',
  document,
  visa: { class: 'ER', permitted_until: '2026-03-20' }
}
const registration = {
  registration_id: 'r1',
  revision: 1,
  action: 'record',
  registered_at: '2026-01-05T12:00:00+07:00',
  channel: 'app',
  reporter: 'owner',
  accommodation: { id: 'a1', type: 'hotel', province: 'KH-12' },
  document,
  traveller: { nationality: 'AUS', sex: 'F' },
  check_in: '2026-01-05'
}

describe.skipIf(noBroker)('start with Kafka', () => {
  it('loads the four topics once, goes on after a restart, and lets the lag be seen', async () => {
    const brokers = await brokerForTests()
    const { env, topics } = await createTopics(brokers)
    const data = join(await temporaryFolder(), 'data')
    const send = async (contract: keyof typeof topics, message: object | string): Promise<void> => {
      await produce(brokers, topics[contract], [{ value: typeof message === 'string' ? message : JSON.stringify(message) }])
    }
    const outcomes = async (): Promise<Record<string, number>> => (await valueOfRunning<Status>(data, 'status')).messages

    await send('gdi.crossing.v1', crossing('1', { document }))
    await send('gdi.tally.v1', tally)
    await send('gdi.extension.v1', extension)
    await send('fpcs.registration.v1', registration)
    const service = await startService(data, { env })
    await until(async () => (await outcomes()).loaded === 4, 'a message of each topic')

    await send('gdi.crossing.v1', crossing('1', { document }))
    await send('gdi.crossing.v1', '{"event_id": broken')
    await send('gdi.tally.v1', { ...tally, tally_id: 't2', checkpoint: 'KHC-ZZZ' })
    await until(async () => (await outcomes()).quarantined === 2, 'bad messages')
    expect(await outcomes()).toEqual({ loaded: 4, duplicate: 1, quarantined: 2 })
    expect(await service.terminate()).toMatchObject({ code: 0 })

    await send('gdi.crossing.v1', crossing('2'))
    await send('fpcs.registration.v1', registration)
    await startService(data, { env })
    await until(async () => (await outcomes()).loaded === 5 && (await outcomes()).duplicate === 2, 'what came in between')
    const { counts } = await jsonOf<{ counts: { reason: string, messages: number }[] }>(['quarantine', 'list', '--data', data])
    expect(Object.fromEntries(counts.map(({ reason, messages }) => [reason, messages])))
      .toEqual({ not_json: 1, checkpoint_unknown: 1 })
    expect((await jsonOf<{ ok: boolean }>(['verify', '--data', data])).ok).toBe(true)
    expect((await csvOf(data, 'flows', '--by', 'direction,source')).split('\n').sort())
      .toEqual(['', 'arrival,crossing,2', 'direction,source,persons', 'exit,tally,41'])

    const { warehouse } = await valueOfRunning<Status>(data, 'status')
    await until(async () => await lagOf(brokers, `borderflow-${warehouse}`, Object.values(topics)) === 0, 'no lag in the group')
  })

  it('ends with a reason where a topic is missing', async () => {
    const brokers = await brokerForTests()
    const { env } = await createTopics(brokers)
    const data = join(await temporaryFolder(), 'data')
    const service = await startService(data, { env: { ...env, BORDERFLOW_KAFKA_TOPIC_TALLY: 'no-such-topic' } })
    const { code, stderr } = await service.ended
    expect(code).toBe(1)
    expect(stderr).toContain('no-such-topic')
  })
})

/** Messages that the group has not committed yet, over all partitions. */
async function lagOf (brokers: string, groupId: string, topics: string[]): Promise<number> {
  const admin = createTestClient(brokers).admin()
  await admin.connect()
  try {
    let lag = 0
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics })) {
      const ends = await admin.fetchTopicOffsets(topic)
      for (const { partition, offset } of partitions) {
        const end = Number(ends.find(found => found.partition === partition)?.high)
        lag += end - Math.max(0, Number(offset))
      }
    }
    return lag
  } finally {
    await admin.disconnect()
  }
}
