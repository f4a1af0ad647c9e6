// Loading into a warehouse that holds millions of rows already: the loader alone, without derivation, in one process.
// The first half of the events is loaded and copied by SQL until the history is long enough; the second half is
// measured, and before it the start with and without the saved copy of the id index.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../../core/package-root.ts'
import { packMessages } from '../../core/packed-messages.ts'
import { normaliseContext } from '../../dags/loading/context.ts'
import { decodeBatch } from '../../dags/loading/decode-batch.ts'
import { createLoader } from '../../dags/loading/loader.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { openHistory } from '../derive/history.ts'
import { linesOf } from '../lines.ts'
import { argument, measure } from '../measure.ts'

const BATCH_MESSAGES = 5_000
const RECEIVED_AT_MS = Date.parse('2025-01-01T00:00:00Z')

const folder = argument('folder')
const lines = linesOf(argument('input'))
const half = Math.floor(lines.length / 2)
const copySql = readFileSync(packageFile('bench/copy-history.sql'), 'utf8')

const first = await openHistory(folder)
await load(first, lines.slice(0, half), '1')
await copyUntil(first, Number(argument('rows')))
await first.close()
rmSync(join(folder, 'id-index.bin'), { force: true })
const startReadingSeconds = await timed(async () => { await (await openHistory(folder)).close() })
const second = await openHistory(folder)
await second.saveIndex()
await second.close()
let warehouse: Warehouse | undefined
const startSavedSeconds = await timed(async () => { warehouse = await openHistory(folder) })
await measure(async () => {
  const opened = warehouse as Warehouse
  await load(opened, lines.slice(half), '2')
  const { ids, bytes } = opened.indexSize()
  return {
    events: lines.length - half,
    bytes: lines.slice(half).reduce((sum, line) => sum + line.length + 1, 0),
    more: { ids, indexBytesPerId: bytes / ids, startSavedSeconds, startReadingSeconds }
  }
})
await warehouse?.close()
process.exit(0)

async function load (into: Warehouse, messages: readonly Buffer[], partition: string): Promise<void> {
  const context = normaliseContext(into)
  const loader = createLoader({ groupMessagesMax: 40_000, pendingMessagesMax: 120_000 }, {
    decode: async batch => await decodeBatch(context, batch),
    write: async batches => await into.load(batches),
    onGroup: () => {}
  })
  await into.beginPosition('spool', partition, 0)
  for (let from = 0; from < messages.length; from += BATCH_MESSAGES) {
    const part = messages.slice(from, from + BATCH_MESSAGES)
    await loader.submit({
      source: 'spool',
      partition,
      firstOffset: from,
      nextOffset: from + part.length,
      messages: packMessages(part.map((value, i) => ({ offset: from + i, receivedAtMs: RECEIVED_AT_MS, value })))
    })
  }
  await loader.drain()
}

/** Adds copies of what is there until the crossings are this many. */
async function copyUntil (into: Warehouse, rows: number): Promise<void> {
  await into.exclusive(async connection => {
    const numberOf = async (sql: string): Promise<number> =>
      Number((await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0])
    const last = await numberOf('select max(sequence) from main.crossings')
    for (let copy = 1; await numberOf('select count(*) from main.crossings') < rows; copy++) {
      await connection.run(copySql, { copy, shift: last * copy, last })
      await connection.run('checkpoint')
    }
  })
}

async function timed (work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
