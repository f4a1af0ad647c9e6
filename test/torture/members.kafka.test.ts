// A loader that is killed, stopped past its session, woken as a second one, and joined by strangers, at random by seed.
// The loader has one member by design: partitions move between the process that was and the one that is.
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { brokerForTests, brokerMissing, createTestClient, createTopic, produce, uniqueName } from '../support/broker.ts'
import { quickConfig, until } from '../ingest/kafka/running-source.ts'
import { createGroup, type Group, type Member } from './kafka-members.ts'
import { createRandom, type Random } from './random.ts'
import { note } from './summary.ts'

const CONTRACT = 'gdi.crossing.v1'
const missing = await brokerMissing()
const seeds = Number(process.env.BORDERFLOW_TEST_SEEDS ?? 20)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const PARTITIONS = 3
const ROUNDS = 4
const ROUND_MESSAGES = 120
const SESSION_MS = 1_200
const LONG_MS = 120_000
const FAULTS = ['kill', 'pause', 'zombie', 'stranger', 'end', 'none'] as const

describe.skipIf(missing)(`${seeds} histories of a group from seed ${seed}`, { concurrent: true }, () => {
  let brokers: string
  beforeAll(async () => { brokers = await brokerForTests() })

  it.for(Array.from({ length: seeds }, (_, i) => seed + i))('load each message once, in order: seed %i', {
    timeout: LONG_MS * 2
  }, async (own, { onTestFinished }) => {
    const random = createRandom(own)
    const topic = uniqueName('members')
    await createTopic(brokers, topic, PARTITIONS)
    const group = createGroup({
      ...quickConfig(brokers, { [CONTRACT]: topic }), sessionTimeoutMs: SESSION_MS, partitionFetchBytesMax: 2_000
    }, topic)
    onTestFinished(async () => { await group.close() })
    const faults: string[] = []
    let member = group.start()
    const current = (): Member => {
      // What a supervisor does: what has ended is started again.
      if (member.isOver()) member = group.start()
      return member
    }
    const sent: string[][] = Array.from({ length: PARTITIONS }, () => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (const [partition, values] of sent.entries()) {
        const part = Array.from({ length: ROUND_MESSAGES / PARTITIONS }, (_, i) => `${partition}-${round}-${i}`)
        await produce(brokers, topic, part.map(value => ({ value, partition })))
        values.push(...part)
      }
      await sleep(random.below(300))
      const fault = random.pick(FAULTS)
      faults.push(fault)
      member = await cause(fault, group, current(), random, async () => { await joinShortly(brokers, topic) })
    }
    const total = ROUNDS * ROUND_MESSAGES
    await until(() => {
      current()
      return group.loader.rows.length >= total
    }, () => `${total} rows after ${faults.join(', ')}; there are ${group.loader.rows.length}`, LONG_MS)
    for (const [partition, values] of sent.entries()) {
      const rows = group.loader.rows.filter(row => row.partition === `${topic}/${partition}`)
      expect(rows.map(({ value }) => value), faults.join(', ')).toEqual(values)
    }
    expect(group.loader.lost).toEqual([])
    note({ test: 'group members', seed: own, messages: total, faults: faults.join(' ') })
  })
})

/** Causes a fault; returns the process that is to be at work afterwards. */
async function cause (
  fault: (typeof FAULTS)[number], group: Group, member: Member, random: Random, strangerJoins: () => Promise<void>
): Promise<Member> {
  switch (fault) {
    case 'kill':
      member.signal('SIGKILL')
      await member.ended
      return group.start()
    case 'pause':
      member.signal('SIGSTOP')
      await sleep(SESSION_MS + random.below(800))
      member.signal('SIGCONT')
      return member
    case 'zombie': {
      // Stopped past its session, replaced, and woken beside the one that took over.
      member.signal('SIGSTOP')
      const second = group.start()
      await sleep(SESSION_MS + random.below(1_200))
      member.signal('SIGCONT')
      await sleep(random.below(500))
      member.signal('SIGKILL')
      await member.ended
      return second
    }
    case 'stranger':
      await strangerJoins()
      return member
    case 'end':
      member.signal('SIGTERM')
      await member.ended
      return group.start()
    case 'none':
      return member
  }
}

async function joinShortly (brokers: string, topic: string): Promise<void> {
  const stranger = createTestClient(brokers).consumer({
    groupId: `borderflow-test-${topic}`, sessionTimeout: SESSION_MS, heartbeatInterval: 300
  })
  await stranger.connect()
  await stranger.subscribe({ topics: [topic] })
  await stranger.run({ eachMessage: async () => undefined })
  await sleep(400)
  await stranger.disconnect()
}
