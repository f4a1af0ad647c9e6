// Random histories, loaded in random batches with corrections, voids, restarts and days that pass: the tables that are
// kept after the facts are those that come out anew, and those of the reference model.
// BORDERFLOW_HISTORIES is the number of travellers' histories to try (500 by default, 10,000 in the long run).
import { type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../../core/civil-date.ts'
import { readRows } from '../../../core/database.ts'
import { type DeriveContext } from '../../../dags/derivation/compute.ts'
import { refreshDerived } from '../../../dags/derivation/refresh.ts'
import { verifyDerived } from '../../../dags/derivation/verify.ts'
import { buildQuery } from '../../../tables/index.ts'
import { csv, reference, type ReferenceMessage, tables } from '../../reference/index.ts'
import { codeLists, loadMessages, openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { type Passing, type Run, runs } from './histories.ts'

const TRAVELLERS_A_RUN = 50
const HISTORIES = Number(process.env['BORDERFLOW_HISTORIES'] ?? 500)

describe('the derived tables', () => {
  it('are the same by refresh, by recomputation and by the reference, whatever the order and the batches', async () => {
    await fc.assert(fc.asyncProperty(runs(TRAVELLERS_A_RUN), checkRun), {
      numRuns: Math.ceil(HISTORIES / TRAVELLERS_A_RUN), endOnFailure: true
    })
  }, 60_000 + HISTORIES * 200)
})

async function checkRun (run: Run): Promise<void> {
  const folder = await temporaryFolder()
  let warehouse = await openTestWarehouse(folder)
  try {
    let connection = await warehouse.connect()
    const context: DeriveContext = {
      lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: run.firstAsOf, nowMs: 0
    }
    const sent: ReferenceMessage[] = []
    for (const { messages, passing, restart } of run.moments) {
      if (restart) {
        await warehouse.close()
        warehouse = await openTestWarehouse(folder)
        connection = await warehouse.connect()
      }
      const before = sent.length
      expect(warehouse.positions('spool').reduce((sum, { nextOffset }) => sum + nextOffset, 0), 'position').toBe(before)
      const outcome = await loadMessages(warehouse, messages, 150)
      sent.push(...messages)
      const wanted = reference(sent).outcomes.slice(before)
      expect(outcome.loaded, 'loaded').toBe(wanted.filter(one => one.outcome === 'loaded').length)
      context.asOf = await pass(connection, context.asOf, passing)
      await refreshDerived(connection, context, { rebuildShareMax: 1 })
      const verified = await verifyDerived(connection, context, { rebuildShareMax: 1 })
      expect({ ...verified.differentRows, ...verified.broken }).toEqual({
        flows: 0, stays: 0, stock_spells: 0, repeated_stamps: 0, extension_grants: 0, stock: 0, stayEnds: 0
      })
      await compareTables(connection, sent, formatDay(context.asOf))
    }
  } finally {
    await warehouse.close()
  }
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
  connection: DuckDBConnection, messages: readonly ReferenceMessage[], asOf: string
): Promise<void> {
  const wanted = reference(messages)
  for (const [table, { dimensions, measures }] of Object.entries(tables)) {
    // Read at once, not as a stream: a stream that is not read to its end keeps the file open after a close, and the
    // warehouse is opened again in this very process.
    const { sql, parameters } = buildQuery({ table, asOf }, { asOf })
    const rows = (await connection.runAndReadAll(sql, parameters)).getRowsJson()
    const found = [[...dimensions, ...measures], ...rows].map(cells => `${cells.join(',')}\n`).join('')
    expect(found, table).toBe(csv(wanted.table(table, asOf), [...dimensions, ...measures]))
  }
}
