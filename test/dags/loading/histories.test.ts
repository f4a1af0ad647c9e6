// Random histories through the real loader and warehouse: outcomes and tables are those of the reference model,
// whatever the batches, partitions and restarts. BORDERFLOW_TEST_HISTORIES is how many are tried (25 unless it is set).
import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packMessages } from '../../../core/packed-messages.ts'
import type { BatchOutcome } from '../../../core/stage.ts'
import type { Loader } from '../../../dags/loading/loader.ts'
import { verify } from '../../../sinks/verify/verify.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { encodeAnswer } from '../../../tables/index.ts'
import { csv, reference, type ReferenceOutcome, tables } from '../../reference/index.ts'
import { histories, type Segment } from '../../support/histories.ts'
import { openTestWarehouse, testLoader, textRows, type TestMessage } from '../../support/warehouse.ts'

const HISTORIES = Number(process.env['BORDERFLOW_TEST_HISTORIES'] ?? 25)
const TABLES = ['flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations']
const QUALITY = new Set(['quarantined', 'duplicate', 'superseded', 'schema_drift'])
/** Dates through which tables are asked for: behind all facts, and in the midst of them. */
const AS_OF = ['2024-12-31', '2023-10-16']

// Making a warehouse takes longer than a history: one is made, and copied for each.
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  await (await openTestWarehouse(join(root, 'empty'))).close()
})
afterAll(async () => { await rm(root, { recursive: true, force: true }) })

describe('loading', () => {
  it('gives the outcomes and the tables of the reference, whatever the batches, partitions and restarts', async () => {
    await fc.assert(fc.asyncProperty(histories, async segments => {
      await withWarehouse(async opened => {
        const outcomes = await loadSegments(opened, segments)
        const messages = segments.flatMap(segment => segment.messages)
        const expected = reference(messages)
        expect(outcomes).toEqual(expectedOutcomes(segments, expected.outcomes))
        const connection = await opened.warehouse.connect()
        expect(await tablesOf(connection)).toEqual(referenceTables(messages))
        expect(await quality(connection)).toBe(csv(expected.table('data_quality', AS_OF[0] as string)
          .filter(row => QUALITY.has(row['kind'] as string)), QUALITY_COLUMNS))
        await expectClean(connection)
      })
    }), { numRuns: HISTORIES, endOnFailure: true })
  }, 60_000 + HISTORIES * 2_000)

  it('gives the same tables for the same images in any order', async () => {
    const shuffled = histories.chain(segments => {
      const messages = withoutConflicts(segments.flatMap(segment => segment.messages))
      const batchMessages = segments[0]?.batchMessages ?? 1
      return fc.shuffledSubarray(messages, { minLength: messages.length })
        .map(mixed => ({ messages, mixed, batchMessages }))
    })
    await fc.assert(fc.asyncProperty(shuffled, async ({ messages, mixed, batchMessages }) => {
      await withWarehouse(async opened => {
        await loadSegments(opened, [{ partition: '1', messages: mixed, batchMessages, restart: false }])
        const connection = await opened.warehouse.connect()
        expect(await tablesOf(connection)).toEqual(referenceTables(messages))
        await expectClean(connection)
      })
    }), { numRuns: Math.ceil(HISTORIES / 4), endOnFailure: true })
  }, 60_000 + HISTORIES * 1_000)

  it('is tried with histories in which everything happens', () => {
    const seen = new Map<string, number>()
    for (const segments of fc.sample(histories, { numRuns: 200, seed: 7 })) {
      for (const { outcome, reason = '', drift } of reference(segments.flatMap(segment => segment.messages)).outcomes) {
        for (const what of [`${outcome} ${reason}`.trim(), ...drift ? ['drift'] : []]) seen.set(what, (seen.get(what) ?? 0) + 1)
      }
    }
    for (const what of ['loaded', 'duplicate', 'superseded', 'drift', ...['empty', 'too_deep', 'not_json', 'unknown_contract', 'schema', 'in_future', 'too_old',
      'checkpoint_unknown', 'checkpoint_closed', 'code_unknown', 'date_of_birth_invalid', 'document_invalid', 'revision_conflict'].map(reason => `quarantined ${reason}`)]) {
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(0)
    }
    expect(seen.get('loaded')).toBeGreaterThan(1000)
  })
})

interface Opened { folder: string, warehouse: Warehouse }

async function withWarehouse (work: (opened: Opened) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(root, 'history-'))
  cpSync(join(root, 'empty'), folder, { recursive: true })
  const opened = { folder, warehouse: await openTestWarehouse(folder) }
  try {
    await work(opened)
  } finally {
    await opened.warehouse.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Submits every batch without waiting for the one before, so that groups form as they will; restarts in between. */
async function loadSegments (opened: Opened, segments: readonly Segment[]): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = []
  let loader: Loader = testLoader(opened.warehouse)
  let waiting: Promise<BatchOutcome>[] = []
  const settle = async (): Promise<void> => { outcomes.push(...await Promise.all(waiting.splice(0))) }
  const next = new Map<string, number>()
  for (const { partition, messages, batchMessages, restart } of segments) {
    if (restart) {
      await settle()
      await opened.warehouse.close()
      opened.warehouse = await openTestWarehouse(opened.folder)
      loader = testLoader(opened.warehouse)
      waiting = []
    }
    const position = await opened.warehouse.beginPosition('spool', partition, 0)
    if (restart) expect(position.nextOffset).toBe(next.get(partition) ?? 0)
    for (let start = 0; start < messages.length; start += batchMessages) {
      const part = messages.slice(start, start + batchMessages)
      const firstOffset = next.get(partition) ?? 0
      next.set(partition, firstOffset + part.length)
      waiting.push((await loader.submit({
        source: 'spool',
        partition,
        firstOffset,
        nextOffset: firstOffset + part.length,
        messages: packMessages(
          part.map(({ bytes, receivedAtMs }, i) => ({ offset: firstOffset + i, receivedAtMs, value: bytes })))
      })).durable)
    }
  }
  await settle()
  return outcomes
}

function expectedOutcomes (segments: readonly Segment[], all: readonly ReferenceOutcome[]): BatchOutcome[] {
  let taken = 0
  return segments.flatMap(({ messages, batchMessages }) => {
    const batches: BatchOutcome[] = []
    for (let start = 0; start < messages.length; start += batchMessages) {
      const part = all.slice(taken, taken += Math.min(batchMessages, messages.length - start))
      const quarantined: Record<string, number> = {}
      for (const { reason } of part) if (reason !== undefined) quarantined[reason] = (quarantined[reason] ?? 0) + 1
      const count = (outcome: string): number => part.filter(one => one.outcome === outcome).length
      batches.push({
        applied: true, read: part.length, loaded: count('loaded'), duplicate: count('duplicate'), superseded: count('superseded'), quarantined
      })
    }
    return batches
  })
}

async function tablesOf (connection: DuckDBConnection): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const asOf of AS_OF) {
    await connection.run(`set variable as_of = date '${asOf}'`)
    for (const table of TABLES) {
      let text = ''
      const { encoded } = await encodeAnswer(connection, { table, asOf }, 'csv', { asOf })
      for await (const part of encoded) text += Buffer.from(part).toString('utf8')
      found[`${table} ${asOf}`] = text
    }
  }
  return found
}

function referenceTables (messages: readonly TestMessage[]): Record<string, string> {
  const expected = reference(messages)
  return Object.fromEntries(AS_OF.flatMap(asOf => TABLES.map(table => {
    const { dimensions, measures } = tables[table] as { dimensions: string[], measures: string[] }
    return [`${table} ${asOf}`, csv(expected.table(table, asOf), [...dimensions, ...measures])]
  })))
}

const QUALITY_COLUMNS = ['business_date', 'source', 'kind', 'reason', 'messages']

async function quality (connection: DuckDBConnection): Promise<string> {
  const rows = await textRows(connection, `select ${QUALITY_COLUMNS.join(', ')} from published.message_quality`)
  const sorted = rows.map(row => QUALITY_COLUMNS.map(column => row[column]).join(',')).sort()
  return [QUALITY_COLUMNS.join(','), ...sorted].map(line => `${line}\n`).join('')
}

async function expectClean (connection: DuckDBConnection): Promise<void> {
  const results = await verify(connection)
  expect(results.filter(({ differences }) => differences > 0)).toEqual([])
  expect(results.length).toBeGreaterThan(5)
}

/** Without messages that contradict one before them: of a conflict the first received stays, so order would count. */
function withoutConflicts (messages: readonly TestMessage[]): TestMessage[] {
  const seen = new Map<string, string>()
  return messages.filter(({ bytes }) => {
    const text = Buffer.from(bytes).toString('utf8')
    const { contract, event_id: e, tally_id: t, extension_id: x, registration_id: r, revision } = parsed(text)
    const key = [contract, e ?? t ?? x ?? r, revision].join(' ')
    const before = seen.get(key) ?? text
    seen.set(key, before)
    return before === text
  })
}

function parsed (text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
