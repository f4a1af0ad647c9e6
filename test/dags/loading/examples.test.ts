// The worked examples: messages in, outcomes and tables out.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadMessages, openTestWarehouse, type TestMessage } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { encodeAnswer } from '../../../tables/index.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures/examples', import.meta.url))
const TABLES = ['flows', 'flows_hourly', 'refusals', 'minors', 'returnees', 'registrations']

describe.each(['small', 'large'])('the %s example', name => {
  const folder = join(FIXTURES, name)
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as { as_of: string, received_at: string }

  it.each([7, 5000])('gives the expected outcomes and tables in batches of %i', async batchMessages => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    try {
      const outcome = await loadMessages(warehouse, readMessages(folder, Date.parse(meta.received_at)), batchMessages)
      const expected = JSON.parse(readFileSync(join(folder, 'expected/accounting.json'), 'utf8')) as Record<string, unknown>
      expect(outcome).toEqual({
        applied: true,
        read: expected.messages,
        loaded: expected.loaded,
        duplicate: expected.duplicate,
        superseded: expected.superseded,
        quarantined: expected.quarantined_by_reason
      })
      const connection = await warehouse.connect()
      await connection.run(`set variable as_of = date '${meta.as_of}'`)
      for (const table of TABLES) {
        let csv = ''
        const { encoded } = await encodeAnswer(connection, { table, asOf: meta.as_of }, 'csv', { asOf: meta.as_of })
        for await (const part of encoded) csv += Buffer.from(part).toString('utf8')
        expect(csv, table).toBe(readFileSync(join(folder, `expected/${table}.csv`), 'utf8'))
      }
    } finally {
      await warehouse.close()
    }
  })
})

/** The lines of the example's files, in file-name and line order. */
function readMessages (folder: string, receivedAtMs: number): TestMessage[] {
  return readdirSync(join(folder, 'events')).sort().flatMap(file => {
    const bytes = readFileSync(join(folder, 'events', file))
    const messages: TestMessage[] = []
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(10, start)
      const end = newline < 0 ? bytes.length : newline
      messages.push({ bytes: bytes.subarray(start, end), receivedAtMs })
      start = end + 1
    }
    return messages
  })
}
