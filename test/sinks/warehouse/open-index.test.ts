// The saved copy of the id index: whatever was loaded since, it opens as what reading every fact gives.
import { appendFile, cp, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PARTS, type IdIndex } from '../../../sinks/warehouse/id-index.ts'
import { saveIndex } from '../../../sinks/warehouse/index-file.ts'
import { createIndexSaver } from '../../../sinks/warehouse/index-saver.ts'
import { openIndex } from '../../../sinks/warehouse/open-index.ts'
import { rebuildIndex } from '../../../sinks/warehouse/rebuild-index.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { crossing, histories, message } from '../../support/histories.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { loadMessages, openTestWarehouse } from '../../support/warehouse.ts'

let folder: string
let path: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = await temporaryFolder()
  path = join(folder, 'copy.bin')
  warehouse = await openTestWarehouse(folder)
})
afterEach(async () => {
  await warehouse.close()
  await rm(folder, { recursive: true, force: true })
})

/** Hash and sequence of every entry, in one order. */
function entries (index: IdIndex): string[] {
  return Array.from({ length: PARTS }, (_, number) => index.part(number)).flatMap(({ low, high, sequence }) =>
    [...sequence].flatMap((value, slot) => value === 0 ? [] : [`${low[slot]} ${high[slot]} ${value}`])).sort()
}

const opened = async (): ReturnType<typeof openIndex> =>
  await warehouse.exclusive(async connection => await openIndex(connection, path, warehouse.id))
const rebuilt = async (): ReturnType<typeof rebuildIndex> => await warehouse.exclusive(rebuildIndex)
const crossings = (from: number, to: number, revision = 1): ReturnType<typeof message>[] =>
  Array.from({ length: to - from }, (_, i) => message(crossing({ event_id: `e${from + i}`, revision })))

describe('the saved copy of the index', () => {
  it('opens as what reading everything gives, whatever was loaded and revised since and while it was written', async () => {
    await fc.assert(fc.asyncProperty(histories, fc.nat(), async (segments, pick) => {
      const messages = segments.flatMap(segment => segment.messages)
      const cut = pick % (messages.length + 1)
      const partition = String(await warehouse.exclusive(async connection =>
        Number((await connection.runAndReadAll('select count(*) from positions')).getRowsJS()[0]?.[0])))
      await loadMessages(warehouse, messages.slice(0, cut), 1000, partition)
      const { nextSequence } = await rebuilt()
      await loadMessages(warehouse, messages.slice(cut), 1000, partition)
      // Written after what it says it is complete up to: later entries are in it, earlier ones may be replaced.
      const whole = await rebuilt()
      await saveIndex(path, whole.index, warehouse.id, nextSequence)
      const { index, nextSequence: next } = await opened()
      expect(entries(index)).toEqual(entries(whole.index))
      expect([index.size, next >= whole.nextSequence]).toEqual([whole.index.size, true])
    }), { numRuns: 15 })
  })

  it('is brought up to date by what came after it', async () => {
    await loadMessages(warehouse, crossings(0, 600))
    const before = await rebuilt()
    await saveIndex(path, before.index, warehouse.id, before.nextSequence)
    await loadMessages(warehouse, [...crossings(590, 620, 2), message(crossing({ event_id: 'e3', revision: 5, action: 'void' }))])
    const { index, savedThrough } = await opened()
    expect(savedThrough).toBe(before.nextSequence)
    expect(entries(index)).toEqual(entries((await rebuilt()).index))
  })

  it('forgets what a group that was never committed had put into it, and nothing else', async () => {
    await loadMessages(warehouse, crossings(0, 20))
    const { index, nextSequence } = await rebuilt()
    const expected = entries(index)
    const [low = 0, high = 0, sequence = 0] = expected[0]!.split(' ').map(Number)
    // A correction of a record that is there, and a record that is new: both settled, then the process was killed.
    index.replace(low, high, sequence, nextSequence)
    index.add(7, 9, nextSequence + 1)
    await saveIndex(path, index, warehouse.id, nextSequence)
    const { index: again, savedThrough } = await opened()
    expect(savedThrough).toBe(nextSequence)
    expect(entries(again)).toEqual(expected)
  })

  it('makes no duplicate of an event that the warehouse lost with its log', async () => {
    const messages = crossings(0, 300)
    await loadMessages(warehouse, messages.slice(0, 100))
    await warehouse.checkpoint()
    await loadMessages(warehouse, messages.slice(100))
    await warehouse.saveIndex()
    const lost = join(folder, 'lost')
    await mkdir(lost)
    for (const name of ['warehouse.duckdb', 'id-index.bin', 'keys']) {
      await cp(join(folder, name), join(lost, name), { recursive: true })
    }
    const reopened = await openTestWarehouse(lost)
    try {
      const { loaded, duplicate } = await loadMessages(reopened, messages.slice(100))
      expect([loaded, duplicate]).toEqual([200, 0])
      expect((await loadMessages(reopened, messages)).duplicate).toBe(300)
    } finally {
      await reopened.close()
    }
  })

  it.each([
    ['is cut', async () => { await truncate(path, (await stat(path)).size - 5) }],
    ['has a flipped byte', async () => {
      const bytes = await readFile(path)
      bytes[bytes.length - 9] = bytes[bytes.length - 9]! ^ 1
      await writeFile(path, bytes)
    }],
    ['is of another warehouse', async () => { await saveIndex(path, (await rebuilt()).index, 'f'.repeat(36), 2) }],
    ['is from beyond what the warehouse holds', async () => { await saveIndex(path, (await rebuilt()).index, warehouse.id, 999) }],
    ['is something else', async () => { await writeFile(path, 'text') }]
  ])('is not used, and removed, if it %s', async (_, spoil) => {
    await loadMessages(warehouse, crossings(0, 20))
    await saveIndex(path, (await rebuilt()).index, warehouse.id, 21)
    await spoil()
    expect((await opened()).savedThrough).toBe(0)
    await expect(stat(path)).rejects.toThrow()
  })

  it('is whole although more stands behind it', async () => {
    await loadMessages(warehouse, crossings(0, 20))
    await saveIndex(path, (await rebuilt()).index, warehouse.id, 21)
    await appendFile(path, 'more')
    expect((await opened()).savedThrough).toBe(21)
  })
})

describe('the saver', () => {
  it('saves when enough was loaded, and at the end', async () => {
    await loadMessages(warehouse, crossings(0, 20))
    const { index } = await rebuilt()
    const saver = createIndexSaver({ path, index, warehouseId: warehouse.id, savedThrough: 0, imagesMin: 10 })
    saver.loaded(9)
    await expect(stat(path)).rejects.toThrow()
    saver.loaded(15)
    await saver.close(16)
    expect((await opened()).savedThrough).toBe(15)
    await createIndexSaver({ path, index, warehouseId: warehouse.id, savedThrough: 0, imagesMin: 10 }).close(21)
    expect((await opened()).savedThrough).toBe(21)
  })
})
