// The events of the benchmark: a simulated country with 1 % duplicates, 0.5 % bad messages and 0.5 % corrections, as
// files of a folder and, the same bytes, in topics.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventsOf, simulateDays, type SimulatedEvent } from '../ingest/simulator/index.ts'
import { createTopic, produce } from '../test/support/broker.ts'

const OPTIONS = {
  seed: 7, scale: 1, from: '2024-06-01', to: '2024-12-31', duplicateShare: 0.01, badShare: 0.005, correctionShare: 0.005
}
const PARTITIONS = 4
const PRODUCE_MESSAGES = 1_000
const NEWLINE = Buffer.from('\n')

export interface BenchEvents { count: number, bytes: number, topics: Record<string, string> }

/**
 * Writes at least `count` events, whole days, as NDJSON files into a folder, and into topics if brokers are given: of
 * all contracts, or of one alone.
 */
export async function makeEvents (
  count: number, contract: string | null, folder: string, brokers: string | null
): Promise<BenchEvents> {
  await mkdir(folder, { recursive: true })
  const events: BenchEvents = { count: 0, bytes: 0, topics: {} }
  for (const { day, events: simulated } of simulateDays(OPTIONS)) {
    const wanted = [...eventsOf(simulated)].filter(event => contract === null || event.contract === contract)
    // As bytes: bad messages are of any.
    const lines = Buffer.concat(wanted.flatMap(({ json }) => [json, NEWLINE]))
    await writeFile(join(folder, `sim-${day}.ndjson`), lines)
    if (brokers !== null) await produceDay(brokers, wanted, events.topics)
    events.count += wanted.length
    events.bytes += lines.length
    if (events.count >= count) break
  }
  return events
}

async function produceDay (
  brokers: string, events: readonly SimulatedEvent[], topics: Record<string, string>
): Promise<void> {
  const byContract = new Map<string, { key: string | undefined, value: Buffer }[]>()
  for (const { contract, json, key } of events) {
    const messages = byContract.get(contract) ?? []
    messages.push({ key, value: Buffer.from(json) })
    byContract.set(contract, messages)
  }
  for (const [contract, messages] of byContract) {
    topics[contract] ??= await newTopic(brokers, contract)
    for (let i = 0; i < messages.length; i += PRODUCE_MESSAGES) {
      await produce(brokers, topics[contract], messages.slice(i, i + PRODUCE_MESSAGES))
    }
  }
}

async function newTopic (brokers: string, contract: string): Promise<string> {
  const topic = `bench.${contract}.${process.pid}`
  await createTopic(brokers, topic, PARTITIONS)
  return topic
}
