// What loading appends is folded into sums, a part at a time between its groups, and the log is folded into the file.
import { setTimeout as sleep } from 'node:timers/promises'
import { isFatal } from '../../core/database.ts'
import { compactAccounting, DELTA_TABLES, foldableDates, foldDates, type DeltaTable } from '../../sinks/warehouse/compact.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import type { Task } from '../engine/dag.ts'
import { rest, waitForQuiet, type Yielding } from './yielding.ts'

type CompactWarehouse = Pick<Warehouse, 'read' | 'exclusive' | 'checkpoint'>

/** Rows of one transaction, about: the loader waits for as long as it takes. */
const PART_ROWS_MAX = 200_000
const TIMEOUT_MS = 2 * 60 * 60_000
const CHECKPOINT_RETRY_MS = 1000

/** A task for each table, and the checkpoint behind them. */
export function compactTasks (warehouse: CompactWarehouse, yielding: Yielding): Task[] {
  return [
    ...DELTA_TABLES.map((table): Task => ({
      name: table.replaceAll('_', '-'),
      after: [],
      timeoutMs: TIMEOUT_MS,
      run: async ({ signal }) => await foldTable(warehouse, table, yielding, signal)
    })),
    {
      name: 'accounting',
      after: [],
      timeoutMs: TIMEOUT_MS,
      run: async () => ({ ...await warehouse.exclusive(compactAccounting) })
    },
    {
      name: 'checkpoint',
      after: [...DELTA_TABLES.map(table => table.replaceAll('_', '-')), 'accounting'],
      timeoutMs: TIMEOUT_MS,
      run: async ({ signal }) => await checkpoint(warehouse, signal)
    }
  ]
}

async function foldTable (
  warehouse: CompactWarehouse, table: DeltaTable, yielding: Yielding, signal: AbortSignal
): Promise<{ dates: number, before: number, after: number }> {
  await waitForQuiet(yielding, signal)
  // Looked for on a reader's connection: only the folding itself holds up the loader.
  const parts = await warehouse.read(async connection => await foldableDates(connection, table, PART_ROWS_MAX))
  const counts = { dates: 0, before: 0, after: 0 }
  for (const dates of parts) {
    signal.throwIfAborted()
    const started = performance.now()
    const { before, after } = await warehouse.exclusive(async connection => await foldDates(connection, table, dates))
    counts.dates += dates.length
    counts.before += before
    counts.after += after
    await rest(yielding, performance.now() - started, signal)
  }
  return counts
}

/** A checkpoint waits for nobody: it is refused while another transaction writes, and asked for again. */
async function checkpoint (warehouse: CompactWarehouse, signal: AbortSignal): Promise<{ refused: number }> {
  for (let refused = 0; ; refused++) {
    try {
      await warehouse.checkpoint()
      return { refused }
    } catch (error) {
      if (isFatal(error) || !/checkpoint/i.test(String(error))) throw error
      await sleep(CHECKPOINT_RETRY_MS, undefined, { signal })
    }
  }
}
