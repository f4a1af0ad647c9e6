// One warehouse for many histories: what a history has written is deleted before the next, which brings ids of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { transaction } from '../../../core/database.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { openTestWarehouse } from '../../support/warehouse.ts'

const TABLES = [
  'crossings', 'tallies', 'extensions', 'registrations', 'voids', 'flow_deltas', 'hourly_flow_deltas', 'accounting',
  'positions', 'quarantine', 'receipt_outcomes', 'stays', 'stock_spells', 'repeated_stamps', 'extension_grants',
  'derivation', 'overstay_fine_rates'
]
/** What is deleted is let go by a checkpoint. */
const CHECKPOINT_EVERY = 100

export interface SharedWarehouse {
  readonly warehouse: Warehouse
  /** Derivation's own connection. */
  readonly connection: DuckDBConnection
  /** Empties the warehouse; returns the prefix of the next history's ids, which is its partition's name too. */
  next (): Promise<string>
  /** Closes the warehouse and opens it again. */
  restart (): Promise<void>
  close (): Promise<void>
}

export async function openSharedWarehouse (): Promise<SharedWarehouse> {
  const folder = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  let warehouse = await openTestWarehouse(folder)
  let connection = await warehouse.connect()
  let histories = 0
  return {
    get warehouse () { return warehouse },
    get connection () { return connection },
    async next () {
      histories++
      await warehouse.exclusive(async writing => await transaction(writing, async () => {
        for (const table of TABLES) await writing.run(`delete from main.${table}`)
      }))
      if (histories % CHECKPOINT_EVERY === 0) await warehouse.checkpoint()
      return `h${histories}-`
    },
    async restart () {
      await warehouse.close()
      warehouse = await openTestWarehouse(folder)
      connection = await warehouse.connect()
    },
    async close () {
      await warehouse.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
