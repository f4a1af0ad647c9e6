// A real warehouse in a temporary folder with a loader in front of it, as the program composes them.
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { systemClock } from '../../core/clock.ts'
import { packMessages } from '../../core/packed-messages.ts'
import type { BatchOutcome, RawBatch } from '../../core/stage.ts'
import { loadCodeLists, type CodeLists } from '../../schemas/code-lists/index.ts'
import { decodeBatch } from '../../dags/loading/decode-batch.ts'
import { createLoader, type Loader } from '../../dags/loading/loader.ts'
import { normaliseContext } from '../../dags/loading/context.ts'
import { openWarehouse, type Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { models } from '../../transforms/models/index.ts'

export const codeLists: CodeLists = loadCodeLists()

/** Opens the warehouse of a folder with small limits. */
export async function openTestWarehouse (
  folder: string, lists = codeLists, checkpointWalMb = 128
): Promise<Warehouse> {
  return await openWarehouse({
    folder, keysFolder: join(folder, 'keys'), memoryLimitMb: 512, threads: 2, checkpointWalMb
  }, { clock: systemClock, lists, views: models })
}

export function testLoader (warehouse: Warehouse): Loader {
  const context = normaliseContext(warehouse)
  return createLoader({ groupMessagesMax: 20_000, pendingMessagesMax: 100_000 }, {
    decode: async batch => await decodeBatch(context, batch),
    write: async batches => await warehouse.load(batches),
    onGroup: () => {}
  })
}

export interface TestMessage { bytes: Uint8Array, receivedAtMs: number }

/** Loads messages as one partition in batches of the given size, and adds up what became of them. */
export async function loadMessages (
  warehouse: Warehouse, messages: readonly TestMessage[], batchMessages = 1000, partition = '1'
): Promise<BatchOutcome> {
  const loader = testLoader(warehouse)
  const start = (await warehouse.beginPosition('spool', partition, 0)).nextOffset
  const total: BatchOutcome = { applied: true, read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
  for (let i = 0; i < messages.length; i += batchMessages) {
    const { durable } = await loader.submit(rawBatch(messages.slice(i, i + batchMessages), start + i, partition))
    const outcome = await durable
    total.read += outcome.read
    total.loaded += outcome.loaded
    total.duplicate += outcome.duplicate
    total.superseded += outcome.superseded
    for (const [reason, count] of Object.entries(outcome.quarantined)) {
      total.quarantined[reason] = (total.quarantined[reason] ?? 0) + count
    }
  }
  return total
}

function rawBatch (messages: readonly TestMessage[], firstOffset: number, partition: string): RawBatch {
  return {
    source: 'spool',
    partition,
    firstOffset,
    nextOffset: firstOffset + messages.length,
    messages: packMessages(messages.map((message, i) => ({
      offset: firstOffset + i, receivedAtMs: message.receivedAtMs, value: message.bytes
    })))
  }
}

/** Rows of a statement as objects of text. */
export async function textRows (connection: DuckDBConnection, sql: string): Promise<Record<string, string>[]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getRowObjectsJson().map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])))
}
