import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brokerForTests, brokerMissing, deleteRecords, produce } from '../support/broker.ts'
import { jsonOf, startService, until } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { valueOfRunning } from './folders.ts'
import { crossing } from './messages.ts'
import { createTopics } from './topics.ts'

interface Gap {
  gapId: string, source: string, partition: string, fromOffset: number, toOffset: number, acceptedAtMs: number | null
}

const noBroker = await brokerMissing() !== undefined
const CONTRACT = 'gdi.crossing.v1'

describe.skipIf(noBroker)('records that the topic no longer keeps', () => {
  it('are listed as a gap in front of which their partition stands, and counted as lost once that is accepted', async () => {
    const data = join(await temporaryFolder(), 'data')
    const brokers = await brokerForTests()
    const { topics, env } = await createTopics(brokers)
    const topic = topics[CONTRACT]
    const send = async (partition: number, ids: string[]): Promise<void> =>
      await produce(brokers, topic, ids.map(id => ({ partition, key: id, value: JSON.stringify(crossing(id)) })))
    const counts = async (): Promise<Record<string, number>> =>
      (await valueOfRunning<{ messages: Record<string, number> }>(data, 'status')).messages

    await send(0, ['a1', 'a2'])
    const first = await startService(data, { env })
    await until(async () => (await counts()).loaded === 2, 'the first two')
    expect(await first.terminate()).toMatchObject({ code: 0 })

    await send(0, ['a3', 'a4', 'a5', 'a6'])
    await send(1, ['b1'])
    await deleteRecords(brokers, topic, 0, 5)
    const second = await startService(data, { env })
    await until(async () => (await counts()).loaded === 3, 'the other partition')
    await until(async () => (await jsonOf<Gap[]>(['gap', 'list', '--data', data])).length === 1, 'the gap to be listed')
    const [gap] = await jsonOf<Gap[]>(['gap', 'list', '--data', data])
    expect(gap).toMatchObject({ source: 'kafka', partition: `${topic}/0`, fromOffset: 2, toOffset: 5, acceptedAtMs: null })
    await until(() => second.log().some(({ msg }) => /records were deleted before they were read/.test(String(msg))), 'an error in the log')
    expect((await counts()).gap ?? 0).toBe(0)

    await jsonOf(['gap', 'accept', gap!.gapId, '--data', data])
    await until(async () => (await counts()).loaded === 4, 'what is behind the gap')
    expect((await counts()).gap).toBe(3)
    const checks = await valueOfRunning<{ differences: number }[]>(data, 'verify')
    expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
    expect(await second.terminate()).toMatchObject({ code: 0 })
    // A gap is accepted once.
    await expect(jsonOf(['gap', 'accept', gap!.gapId, '--data', data])).rejects.toThrow()
  })
})
