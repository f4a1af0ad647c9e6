// A checkpoint that is cut short at each of its stages: the file opens again, nothing that was committed is missing,
// and loading goes on.
import { fork } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../core/package-root.ts'
import { verify } from '../../sinks/verify/verify.ts'
import { stream } from '../process/messages.ts'
import { loadMessages, openTestWarehouse, textRows } from '../support/warehouse.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MESSAGES = 600
const RECEIVED_MS = Date.parse('2026-12-31T00:00:00Z')
/** The values that DuckDB 1.5 takes for `debug_checkpoint_abort`, but for none. */
const STAGES = ['before_truncate', 'before_header', 'after_free_list_write', 'before_wal_finish']

const messages = stream({
  seed: 1, scale: 0.02, from: '2026-02-01', to: '2026-02-03', correctionShare: 0.1, duplicateShare: 0.02, badShare: 0.02
}).slice(0, 2 * MESSAGES).map(({ value }) => ({ bytes: value, receivedAtMs: RECEIVED_MS }))

describe('a checkpoint that is cut short', () => {
  it.each(STAGES)('%s loses nothing', async stage => {
    const folder = await temporaryFolder()
    const before = await openTestWarehouse(folder)
    await loadMessages(before, messages.slice(0, MESSAGES), 100)
    const tables = await before.read(async connection => await textRows(connection, 'from published.flows order by all'))
    await before.close()
    // After an abort the database is lost to its process: that is one of its own.
    const { code, said } = await abortedCheckpoint(folder, stage)
    expect(code, said).toBe(0)
    expect(said).toMatch(/abort/i)
    const after = await openTestWarehouse(folder)
    try {
      const read = async (sql: string): Promise<Record<string, string>[]> =>
        await after.read(async connection => await textRows(connection, sql))
      expect(await read('from published.flows order by all')).toEqual(tables)
      expect(await read('select count(*) as rows from main.checkpoint_probe')).toEqual([{ rows: '100000' }])
      await loadMessages(after, messages.slice(MESSAGES), 100)
      await after.checkpoint()
      const checks = await after.read(async connection => await verify(connection))
      expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
      expect((await after.beginPosition('spool', '1', 0)).nextOffset).toBe(messages.length)
    } finally {
      await after.close()
    }
  })
})

async function abortedCheckpoint (folder: string, stage: string): Promise<{ code: number | null, said: string }> {
  const child = fork(packageFile('test/torture/aborted-checkpoint.mjs'), [folder, stage],
    { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let said = ''
  for (const output of [child.stdout, child.stderr]) output?.on('data', (bytes: Buffer) => { said += bytes.toString() })
  const code = await new Promise<number | null>(resolve => { child.on('close', resolve) })
  return { code, said }
}
