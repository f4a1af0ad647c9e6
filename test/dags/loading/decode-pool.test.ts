// Decoding in worker threads gives what decoding in the main thread gives. The threads run the compiled program.
import { existsSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../../../core/package-root.ts'
import { packMessages } from '../../../core/packed-messages.ts'
import type { RawBatch } from '../../../core/stage.ts'
import { createDecodePool, defaultWorkers } from '../../../dags/loading/workers/decode-pool.ts'
import { loadCodeLists, type CodeLists } from '../../../schemas/code-lists/index.ts'
import { DIMENSIONS } from '../../../schemas/columns.ts'

const lists = loadCodeLists()
const codes = {
  checkpoint: lists.checkpoints,
  state: lists.codes('states'),
  province: lists.codes('provinces'),
  visa_class: lists.codes('visa_classes'),
  refusal_reason: lists.codes('refusal_reasons')
}
const codeNumbers = Object.fromEntries(DIMENSIONS.map(dimension => [dimension,
  new Map(['unknown', ...new Set(codes[dimension].map(({ code }) => code))].map((code, number) => [code, number]))])) as never
const key = new Uint8Array(createHash('sha256').update('key').digest())
const warehouse = { lists, codeNumbers, keys: { traveller: key, content: key, quarantine: key, disclosure: key } }

const lines = readFileSync(packageFile('test/fixtures/examples/small/events/part-000.ndjson'), 'latin1').split('\n')
/** Made anew for each use: a thread takes the memory of the messages. */
const raw = (receivedAtMs = 1.8e12): RawBatch => ({
  source: 'kafka',
  partition: 'topic/0',
  firstOffset: 5,
  nextOffset: 5 + lines.length,
  lastRecord: { offset: 7, timestampMs: 8, digest: 'd' },
  messages: packMessages(lines.map((line, i) =>
    ({ offset: 5 + i, receivedAtMs: receivedAtMs + i, value: Buffer.from(line, 'latin1') })))
})

describe('a batch', () => {
  it.runIf(existsSync(packageFile('dist/dags/loading/workers/decode-worker.js')))('is decoded by threads as without them', async () => {
    const inline = createDecodePool(0, warehouse)
    const pool = createDecodePool(2, warehouse)
    const expected = await inline.decode(raw())
    const decoded = await Promise.all([raw(), raw(), raw()].map(pool.decode))
    for (const batch of decoded) expect(batch).toEqual(expected)
    await pool.close()
  })

  it.runIf(existsSync(packageFile('dist/dags/loading/workers/decode-worker.js')))('is decoded where none of its messages is right', async () => {
    const pool = createDecodePool(1, warehouse)
    const decoded = await pool.decode(raw(1))
    expect(decoded.rejects.map(({ reason }) => reason)).toContain('in_future')
    expect(decoded).toEqual(await createDecodePool(0, warehouse).decode(raw(1)))
    expect(await pool.decode(raw())).toEqual(await createDecodePool(0, warehouse).decode(raw()))
    await pool.close()
  })

  it('is refused once a thread has failed', async () => {
    const pool = createDecodePool(1, { ...warehouse, lists: { ...lists, files: {} as CodeLists['files'] } })
    await expect(pool.decode(raw())).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    await expect(pool.decode(raw())).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    await pool.close()
  })
})

describe('the number of threads', () => {
  it('is none on two cores and never more than one writer can take', () => {
    expect([1, 2, 3, 4, 8, 64].map(defaultWorkers)).toEqual([0, 1, 1, 2, 4, 4])
  })
})
