// Mutated messages through decoding, normalising, loading, deriving and quarantine, judged by the reference model:
// one by one what becomes of each, and block by block every table.
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../core/civil-date.ts'
import { packMessages } from '../../core/packed-messages.ts'
import { decodeBatch } from '../../dags/loading/decode-batch.ts'
import { normaliseContext } from '../../dags/loading/context.ts'
import { rebuildDerived } from '../../dags/derivation/rebuild.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import type { DecodedBatch } from '../../schemas/decoded-batch.ts'
import { listEntries } from '../../sinks/quarantine/entries.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { encodeAnswer } from '../../tables/index.ts'
import { csv, reference, tables, type ReferenceOutcome } from '../reference/index.ts'
import { stream } from '../process/messages.ts'
import { codeLists, loadMessages, openTestWarehouse, type TestMessage } from '../support/warehouse.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { mutate } from './mutate.ts'
import { createRandom, type Random } from './random.ts'

const count = Number(process.env.BORDERFLOW_TEST_FUZZ ?? 20_000)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const BLOCK = 10_000
const BATCH = 2_000
const RECEIVED_MS = Date.parse('2026-12-31T00:00:00Z')
const AS_OF = '2026-12-31'
/** Stands in every document number that is sent, so that it can be searched for in what comes out. */
const CANARY = 'QZXJ'
const CANARY_TEXT = new RegExp(CANARY, 'i')
/** A message that takes so long hangs; how fast it is otherwise is for the benchmark to say. */
const HANGS_MS = 5_000
/** Every reason that one message alone can meet. */
const REASONS = [
  'loaded', 'drift', 'too_large', 'not_utf8', 'too_deep', 'not_json', 'unknown_contract', 'schema', 'in_future', 'too_old',
  'checkpoint_unknown', 'code_unknown', 'date_of_birth_invalid', 'document_invalid'
]

const originals = stream({
  seed, scale: 0.02, from: '2026-02-01', to: '2026-02-04', correctionShare: 0.05, duplicateShare: 0, badShare: 0.02
}).map(({ value }) => marked(value))

describe(`${count} mutated messages of seed ${seed}`, () => {
  const random = createRandom(seed)
  const seen = new Set<string>()
  const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, i) => Math.min(BLOCK, count - i * BLOCK))

  it.each(blocks.map((messages, i) => ({ block: i + 1, messages })))(
    'end as the reference model says, show no document number and leave its tables: block $block', async ({ messages }) => {
      const warehouse = await openTestWarehouse(await temporaryFolder())
      try {
        await checkBlock(warehouse, makeBlock(random, messages), seen)
      } finally {
        await warehouse.close()
      }
    }, 180_000)

  it('reach every reason', () => {
    for (const reason of REASONS) expect([...seen].some(text => text.includes(reason)), reason).toBe(true)
  })
})

const makeBlock = (random: Random, messages: number): TestMessage[] => Array.from({ length: messages }, () =>
  ({ bytes: mutate(random.pick(originals), random), receivedAtMs: RECEIVED_MS }))

async function checkBlock (warehouse: Warehouse, messages: readonly TestMessage[], seen: Set<string>): Promise<void> {
  const model = reference(messages)
  const context = normaliseContext(warehouse)
  for (let first = 0; first < messages.length; first += BATCH) {
    const batch = messages.slice(first, first + BATCH)
    const decoded = await decodeBatch(context, batchOf(batch))
    expect(CANARY_TEXT.test(JSON.stringify(decoded.rejects))).toBe(false)
    for (const [i, found] of outcomesOf(decoded).entries()) {
      const wanted = aloneText(model.outcomes[first + i]!)
      if (found !== wanted) throw new Error(`${found} where the model says ${wanted}: ${shown(batch[i]!.bytes)}`)
      seen.add(found)
    }
    const started = performance.now()
    const outcome = await loadMessages(warehouse, batch, BATCH, `part-${first}`)
    expect((performance.now() - started) / batch.length).toBeLessThan(HANGS_MS)
    expect(countsOf(outcome)).toEqual(countsOf(tally(model.outcomes.slice(first, first + BATCH))))
  }
  const entries = await warehouse.read(async connection => await listEntries(connection, { limit: BLOCK }))
  expect(entries.length).toBe(model.outcomes.filter(({ outcome }) => outcome === 'quarantined').length)
  expect(CANARY_TEXT.test(JSON.stringify(entries))).toBe(false)
  await checkTables(warehouse, model)
}

async function checkTables (warehouse: Warehouse, model: ReturnType<typeof reference>): Promise<void> {
  const connection = await warehouse.connect()
  const asOf = parseDay(AS_OF) as number
  await rebuildDerived(connection, { lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf, nowMs: 0 })
  await connection.run(`set variable as_of = date '${formatDay(asOf)}'`)
  // Messages that count when they came are by the clock of the test; what became of them is compared above.
  for (const [table, { dimensions, measures }] of Object.entries(tables).filter(([name]) => name !== 'data_quality')) {
    let text = ''
    const { encoded } = await encodeAnswer(connection, { table, asOf: AS_OF }, 'csv', { asOf: AS_OF })
    for await (const part of encoded) text += Buffer.from(part).toString('utf8')
    expect(text === csv(model.table(table, AS_OF), [...dimensions, ...measures]), table).toBe(true)
  }
}

/** A simulated message with the canary in its document number. */
function marked (value: Uint8Array): Uint8Array {
  const text = Buffer.from(value).toString('utf8')
  return Buffer.from(text.replace(/("document":\{[^}]*"number":")/, `$1${CANARY}`))
}

function batchOf (messages: readonly TestMessage[]) {
  return {
    source: 'spool',
    partition: '1',
    firstOffset: 0,
    nextOffset: messages.length,
    messages: packMessages(messages.map(({ bytes, receivedAtMs }, offset) => ({ offset, receivedAtMs, value: bytes })))
  }
}

/** `contract reason` by message, with `drift` where the message drifted. */
function outcomesOf ({ messageCount, contracts, drift, rejects }: DecodedBatch): string[] {
  const reasons = new Map(rejects.map(({ message, reason }) => [message, reason]))
  return Array.from({ length: messageCount }, (_, i) =>
    `${CONTRACTS[contracts[i]!] ?? 'unknown'} ${reasons.get(i) ?? 'loaded'}${drift[i] === 1 ? ' drift' : ''}`)
}

/** The same of the model, for a message that stands alone: what others before it make of it is for the writer. */
function aloneText ({ contract, reason, drift }: ReferenceOutcome): string {
  return `${contract} ${reason === undefined || reason === 'revision_conflict' ? 'loaded' : reason}${drift ? ' drift' : ''}`
}

function tally (outcomes: readonly ReferenceOutcome[]) {
  const quarantined: Record<string, number> = {}
  for (const { reason } of outcomes) if (reason !== undefined) quarantined[reason] = (quarantined[reason] ?? 0) + 1
  const count = (wanted: string): number => outcomes.filter(({ outcome }) => outcome === wanted).length
  return { loaded: count('loaded'), duplicate: count('duplicate'), superseded: count('superseded'), quarantined }
}

const countsOf = ({ loaded, duplicate, superseded, quarantined }: ReturnType<typeof tally>) =>
  ({ loaded, duplicate, superseded, ...quarantined })

const shown = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 2_000)).toString('latin1')
