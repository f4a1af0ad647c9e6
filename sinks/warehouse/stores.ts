// The warehouse as the sources see it: positions, files and receipts.
import { readRows } from '../../core/database.ts'
import type { PositionStore } from '../../core/stage.ts'
import type { Clock } from '../../core/clock.ts'
import { addFile, nextFileNumber, readFiles, readFilesNamed, setFileState, type FileRow } from './files.ts'
import { recordGap } from './positions.ts'
import type { Warehouse } from './warehouse.ts'

/** The positions of the warehouse. */
export function positionStore (warehouse: Warehouse, clock: Clock): PositionStore {
  return {
    positions: async source => {
      // A gap may have been accepted by other means than loading.
      await warehouse.refreshPositions()
      return warehouse.positions(source)
    },
    start: async (source, partition, firstOffset) => await warehouse.beginPosition(source, partition, firstOffset),
    recordLost: async (source, partition, fromOffset, toOffset) => {
      await warehouse.exclusive(async connection => {
        await recordGap(connection, { source, partition, fromOffset, toOffset }, clock.now())
      })
    }
  }
}

/** The files of the warehouse by number. */
export function fileRegistry (warehouse: Warehouse) {
  return {
    find: async (_source: 'spool', name: string): Promise<FileRow[]> =>
      await warehouse.exclusive(async connection => await readFilesNamed(connection, name)),
    register: async (identity: Pick<FileRow, 'name' | 'sizeBytes' | 'headSha256'>, receivedAtMs: number): Promise<FileRow> =>
      await warehouse.exclusive(async connection => {
        const file: FileRow = { ...identity, number: await nextFileNumber(connection), receivedAtMs, state: 'open' }
        await addFile(connection, file)
        return file
      }),
    setState: async (number: number, state: FileRow['state'], reason?: string): Promise<void> => {
      await warehouse.exclusive(async connection => { await setFileState(connection, number, state, reason ?? null) })
    },
    list: async (): Promise<FileRow[]> => await warehouse.exclusive(readFiles)
  }
}

/** The outcomes of HTTP requests by receipt. */
export function receiptReader (warehouse: Warehouse) {
  return {
    async read (receipt: string): Promise<ReceiptCounts | null> {
      const rows = await warehouse.read(async connection => await readRows<{
        outcome: string, reason: string, messages: bigint
      }>(connection, 'select outcome, reason, messages from main.receipt_outcomes where receipt = $receipt', { receipt }))
      if (rows.length === 0) return null
      const counts: ReceiptCounts = { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
      for (const { outcome, reason, messages } of rows) {
        const count = Number(messages)
        counts.read += count
        if (outcome === 'quarantined') counts.quarantined[reason] = (counts.quarantined[reason] ?? 0) + count
        else if (outcome === 'loaded' || outcome === 'duplicate' || outcome === 'superseded') counts[outcome] += count
      }
      return counts
    }
  }
}

export interface ReceiptCounts {
  read: number
  loaded: number
  duplicate: number
  superseded: number
  quarantined: Record<string, number>
}
