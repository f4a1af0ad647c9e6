// Random histories, loaded in random batches with corrections, voids, restarts and days that pass: the tables that are
// kept after the facts are those that come out anew, and those of the reference model.
// A history is one traveller's; they come in runs of one to twenty travellers. `npm run proof`
// tries more than `npm test` does: it sets BORDERFLOW_HISTORIES and BORDERFLOW_SEED, and reads BORDERFLOW_SUMMARY.
import { writeFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatDay } from '../../../core/civil-date.ts'
import { readRows } from '../../../core/database.ts'
import type { DeriveContext } from '../../../dags/derivation/compute.ts'
import { refreshDerived } from '../../../dags/derivation/refresh.ts'
import { verifyDerived } from '../../../dags/derivation/verify.ts'
import { buildQuery } from '../../../tables/index.ts'
import { csv, reference, type ReferenceMessage, tables } from '../../reference/index.ts'
import { codeLists, loadMessages } from '../../support/warehouse.ts'
import { openSharedWarehouse, type SharedWarehouse } from './equal-warehouse.ts'
import {
  dayRolls, firstFacts, messagesWith, mixedRuns, type Passing, type Run, TRAVELLERS_A_RUN
} from './histories.ts'

const HISTORIES = Number(process.env['BORDERFLOW_HISTORIES'] ?? 500)
const SEED = process.env['BORDERFLOW_SEED']
/** Deadlines are for a machine that does other things too. */
const TIMEOUT_MS = 120_000 + HISTORIES * 500

const tried = { runs: 0, histories: 0, messages: 0, restarts: 0, refreshes: 0 }

let shared: SharedWarehouse
beforeAll(async () => { shared = await openSharedWarehouse() }, 60_000)
afterAll(async () => {
  await shared.close()
  const summary = process.env['BORDERFLOW_SUMMARY']
  if (summary !== undefined) writeFileSync(summary, JSON.stringify(tried))
})

describe('the derived tables, by refresh, by recomputation and by the reference, are the same', () => {
  it.each([
    ['whatever the order, the batches and the restarts', mixedRuns, 0.6],
    ['when time passes and no fact comes', dayRolls, 0.2],
    ['when the first fact of all comes, moves and goes', firstFacts, 0.2]
  ])('%s', async (_, runs, share) => {
    await fc.assert(fc.asyncProperty(runs, checkRun), {
      numRuns: Math.ceil(HISTORIES * share / TRAVELLERS_A_RUN),
      endOnFailure: true,
      ...(SEED === undefined ? {} : { seed: Number(SEED) })
    })
  }, TIMEOUT_MS)
})

async function checkRun (run: Run): Promise<void> {
  const prefix = await shared.next()
  const sent: ReferenceMessage[] = []
  let loaded = 0
  let asOf = run.firstAsOf
  for (const { fields, passing, restart } of run.moments) {
    if (restart) {
      tried.restarts++
      await shared.restart()
    }
    const { warehouse, connection } = shared
    const messages = messagesWith(prefix, fields)
    loaded += (await loadMessages(warehouse, messages, run.batchMessages, prefix)).loaded
    sent.push(...messages)
    asOf = await pass(connection, asOf, passing)
    const context: DeriveContext = { lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf, nowMs: 0 }
    await refreshDerived(connection, context, { rebuildShareMax: 1 })
    tried.refreshes++
    const verified = await verifyDerived(connection, context, { rebuildShareMax: 1 })
    expect({ ...verified.differentRows, ...verified.broken }).toEqual({
      stays: 0, stock_spells: 0, repeated_stamps: 0, extension_grants: 0, stock: 0, stayEnds: 0
    })
  }
  const wanted = reference(sent)
  expect(loaded, 'loaded').toBe(wanted.outcomes.filter(one => one.outcome === 'loaded').length)
  await compareTables(shared.connection, wanted, formatDay(asOf))
  tried.runs++
  tried.histories += run.travellers
  tried.messages += sent.length
}

/** The as-of date after time has passed; it never goes back. */
async function pass (connection: DuckDBConnection, asOf: number, { kind, days, pick }: Passing): Promise<number> {
  if (kind === 'days') return asOf + days
  const column = kind === 'due' ? 'due_on from main.stays' : 'business_date from main.crossings'
  const coming = await readRows<{ day: number }>(connection, "select distinct (day - date '1970-01-01')::integer as day " +
    `from (select ${column}) as dated (day) where day > date '${formatDay(asOf)}' order by day limit 10`)
  return Math.max(asOf, (coming.at(pick % Math.max(coming.length, 1))?.day ?? asOf) + days)
}

async function compareTables (
  connection: DuckDBConnection, wanted: ReturnType<typeof reference>, asOf: string
): Promise<void> {
  for (const [table, { dimensions, measures }] of Object.entries(tables)) {
    // Read at once, not as a stream: a stream that is not read to its end keeps the file open after a close, and the
    // warehouse is opened again in this very process.
    const { sql, parameters } = buildQuery({ table, asOf }, { asOf })
    const rows = (await connection.runAndReadAll(sql, parameters)).getRowsJson()
    const found = [[...dimensions, ...measures], ...rows].map(cells => `${cells.join(',')}\n`).join('')
    expect(found, table).toBe(csv(wanted.table(table, asOf), [...dimensions, ...measures]))
  }
}
