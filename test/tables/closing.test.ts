// An answer must leave nothing open: a file that stays open after it was closed loses what is committed later.
import { readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { crossing, message } from '../support/histories.ts'
import { loadMessages, openTestWarehouse } from '../support/warehouse.ts'
import { encodeAnswer } from '../../tables/index.ts'

describe('an answer', () => {
  it('leaves no file open behind a closed warehouse', async () => {
    const folder = await temporaryFolder()
    const warehouse = await openTestWarehouse(folder)
    await loadMessages(warehouse, Array.from({ length: 3000 }, (_, i) => message(crossing({ event_id: `e-${i}` }))))
    const connection = await warehouse.connect()
    const { encoded } = await encodeAnswer(connection, { table: 'flows' }, 'csv')
    let text = ''
    for await (const piece of encoded) text += Buffer.from(piece).toString('utf8')
    expect(text.split('\n').length).toBeGreaterThan(1)
    await warehouse.disconnect(connection)
    await warehouse.close()
    expect(openFiles(folder)).toEqual([])
  })
})

/** Files of a folder that this process holds open. */
function openFiles (folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap(descriptor => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)]
    } catch {
      return []
    }
  }).filter(path => path.startsWith(folder))
}
