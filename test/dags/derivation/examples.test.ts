// The worked examples: messages in, every table out, after a rebuild and as of the date in temporary tables.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DuckDBConnection } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { parseDay } from '../../../core/civil-date.ts'
import { AS_OF_SCHEMA, deriveAsOf } from '../../../dags/derivation/as-of.ts'
import { rebuildDerived } from '../../../dags/derivation/rebuild.ts'
import { encodeAnswer } from '../../../tables/index.ts'
import { codeLists, loadMessages, openTestWarehouse, type TestMessage } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures/examples', import.meta.url))

describe.each(['small', 'large'])('the %s example', name => {
  const folder = join(FIXTURES, name)
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as { as_of: string, received_at: string }
  const tables = readdirSync(join(folder, 'expected')).filter(file => file.endsWith('.csv')).map(file => file.slice(0, -4))

  it('gives every expected table, maintained and temporary', async () => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    try {
      await loadMessages(warehouse, readMessages(folder, Date.parse(meta.received_at)))
      const context = { lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: parseDay(meta.as_of)!, nowMs: 0 }
      const maintained = await warehouse.connect()
      await rebuildDerived(maintained, context)
      for (const table of tables) {
        expect(await csvOf(maintained, table, meta.as_of), table).toBe(expected(folder, table))
      }
      const temporary = await warehouse.connect()
      await rebuildDerived(maintained, { ...context, asOf: context.asOf - 400 })
      await deriveAsOf(temporary, context)
      for (const table of tables) {
        expect(await csvOf(temporary, table, meta.as_of, AS_OF_SCHEMA), `${table} as of`).toBe(expected(folder, table))
      }
    } finally {
      await warehouse.close()
    }
  })
})

const expected = (folder: string, table: string): string => readFileSync(join(folder, `expected/${table}.csv`), 'utf8')

async function csvOf (
  connection: DuckDBConnection, table: string, asOf: string, schema?: readonly string[]
): Promise<string> {
  let csv = ''
  const { encoded } = await encodeAnswer(connection, { table, asOf }, 'csv', { asOf, ...(schema ? { schema } : {}) })
  for await (const part of encoded) csv += Buffer.from(part).toString('utf8')
  return csv
}

/** The lines of the example's files, in file-name and line order. */
function readMessages (folder: string, receivedAtMs: number): TestMessage[] {
  return readdirSync(join(folder, 'events')).sort().flatMap(file =>
    readFileSync(join(folder, 'events', file)).toString('latin1').replace(/\n$/, '').split('\n')
      .map(line => ({ bytes: Buffer.from(line, 'latin1'), receivedAtMs })))
}
