// The warehouse: one file, one writer. Loading and everything else that changes it take turns; readers have connections
// of their own and never wait.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../core/clock.ts'
import { isFatal, openDatabase } from '../../core/database.ts'
import { BorderflowError, errorText, hasCode } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { createMasterKey, masterKeyFile, readKeys, type Keys } from '../../core/keys.ts'
import { createMutex } from '../../core/mutex.ts'
import { createSemaphore } from '../../core/semaphore.ts'
import type { BatchOutcome, StoredPosition } from '../../core/stage.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { DecodedBatch } from '../../schemas/decoded-batch.ts'
import { replayEntries, type Replay } from '../quarantine/replay.ts'
import { createSeal, type OpenPayload, type SealPayload } from '../quarantine/seal.ts'
import { checkpointWhenFree } from './checkpoint.ts'
import { syncCodes, type CodeNumbers } from './codes.ts'
import { compactAccounting } from './compact.ts'
import { checkIdentity } from './identity.ts'
import { recordLists } from './list-changes.ts'
import { summarise, type AccountingRow, type MessageOutcomes } from './load/accounting.ts'
import type { QuarantinedMessage } from './load/leftovers.ts'
import { writeGroup } from './load/write-group.ts'
import { migrate } from './migrate.ts'
import { advance, positionKey, positionMap, splitStale } from './position-map.ts'
import { beginPosition, readPositions } from './positions.ts'
import { openSavedIndex } from './open-index.ts'
import { createViews, type View } from './views.ts'

export interface WarehouseConfig {
  /** The data folder; the file is `warehouse.duckdb` in it. */
  folder: string
  keysFolder: string
  memoryLimitMb: number
  threads: number
  /** The log is folded into the file when it has grown to this size and a group has been loaded. */
  checkpointWalMb: number
}

export interface WarehouseDeps {
  clock: Clock
  lists: CodeLists
  /** The tables as they are asked for. */
  views: readonly View[]
  /** Told after every group what was accounted for, for metrics. */
  onLoaded?: (rows: readonly AccountingRow[]) => void
  /** Told after every group what went into quarantine. */
  onQuarantined?: (messages: readonly QuarantinedMessage[]) => void
}

/** How a group ended, batch by batch: `applied` is false for one that did not begin at the stored position. */
export interface Warehouse {
  /** The path of its file. */
  readonly path: string
  readonly id: string
  readonly keys: Keys
  readonly codeNumbers: CodeNumbers
  readonly lists: CodeLists
  readonly seal: SealPayload
  readonly open: OpenPayload
  /** Digest of the lists before, if the lists in force are others. */
  readonly listsChangedFrom: string | null
  /** A new connection for reading, closed by `disconnect` or with the warehouse. */
  connect (): Promise<DuckDBConnection>
  disconnect (connection: DuckDBConnection): Promise<void>
  /** Runs reading work on a connection of its own; a few at a time, the others wait. */
  read<T> (work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Loads decoded batches in one transaction. After an error nothing more can be loaded by this process. */
  load (batches: readonly DecodedBatch[]): Promise<BatchOutcome[]>
  /** Judges quarantined messages once more, in one transaction. */
  replay (replay: Replay): Promise<MessageOutcomes>
  /** Runs other work that writes, between groups. */
  exclusive<T> (work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  position (source: string, partition: string): StoredPosition | undefined
  positions (source: string): StoredPosition[]
  /** Begins a partition if it is new; returns the position in force. */
  beginPosition (source: string, partition: string, offset: number): Promise<StoredPosition>
  /** Reads the stored positions again after something else than loading has moved them. */
  refreshPositions (): Promise<void>
  /** Folds the log into the file: between groups, and as soon as no other transaction writes. */
  checkpoint (): Promise<void>
  /** Saves the id index now. */
  saveIndex (): Promise<void>
  walBytes (): number
  /** Ids in the look-up and the bytes it takes. */
  indexSize (): { ids: number, bytes: number }
  close (): Promise<void>
}

/** Heavy reads at a time: each may keep threads and memory busy. */
const READERS_MAX = 8
const FILE_NAME = 'warehouse.duckdb'
const INDEX_FILE_NAME = 'id-index.bin'
/** The accounting is folded after this many rows. */
const ACCOUNTING_ROWS_MAX = 20_000

/** The path of the warehouse file in a data folder. */
export function warehouseFile (folder: string): string {
  return join(folder, FILE_NAME)
}

/** Opens the warehouse of a data folder, or makes one together with its keys. */
export async function openWarehouse (config: WarehouseConfig, deps: WarehouseDeps): Promise<Warehouse> {
  const path = warehouseFile(config.folder)
  if (!existsSync(path) && !existsSync(masterKeyFile(config.keysFolder))) createMasterKey(config.keysFolder)
  const keys = readKeys(config.keysFolder)
  const database = await openDatabase({ path, memoryLimitMb: config.memoryLimitMb, threads: config.threads })
  try {
    const connection = await database.connect()
    await migrate(connection)
    const id = await checkIdentity(connection, keys)
    const listsChangedFrom = await recordLists(connection, deps.lists, deps.clock.now())
    const codeNumbers = await syncCodes(connection, deps.lists)
    await createViews(connection, deps.views)
    const { index, nextSequence, saver } = await openSavedIndex(connection, join(config.folder, INDEX_FILE_NAME), id)
    failpoint('index-opened')
    const positions = positionMap(await readPositions(connection))
    const { seal, open } = createSeal(keys.quarantine)
    const mutex = createMutex()
    const readers = createSemaphore(READERS_MAX)
    let sequence = nextSequence
    let accountingRows = 0
    let failure: unknown

    async function load (batches: readonly DecodedBatch[]): Promise<BatchOutcome[]> {
      return await mutex.run(async () => {
        if (failure !== undefined) throw stopped(failure)
        const { current, stale } = splitStale(batches, positions)
        let outcomes: MessageOutcomes[] = []
        try {
          const written = await writeGroup(current, {
            connection, index, seal, nowMs: deps.clock.now(), firstSequence: sequence
          })
          sequence = written.nextSequence
          outcomes = written.outcomes
          accountingRows += written.accounting.length
          deps.onLoaded?.(written.accounting)
          if (written.quarantined.length > 0) deps.onQuarantined?.(written.quarantined)
        } catch (error) {
          failure = error
          throw stopped(error)
        }
        for (const batch of current) advance(positions, batch)
        await maintain()
        return batches.map(batch => stale.has(batch)
          ? { applied: false, read: batch.messageCount, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
          : summarise(outcomes[current.indexOf(batch)] as MessageOutcomes))
      })
    }

    async function replay (entries: Replay): Promise<MessageOutcomes> {
      return await mutex.run(async () => {
        if (failure !== undefined) throw stopped(failure)
        try {
          const replayed = await replayEntries(entries, {
            connection, index, firstSequence: sequence, nowMs: deps.clock.now()
          })
          sequence = replayed.nextSequence
          return replayed.outcomes
        } catch (error) {
          // Refused before anything was touched: loading goes on.
          if (hasCode(error, 'REFUSED')) throw error
          failure = error
          throw stopped(error)
        }
      })
    }

    async function maintain (): Promise<void> {
      saver.loaded(sequence)
      if (accountingRows >= ACCOUNTING_ROWS_MAX) {
        await compactAccounting(connection)
        accountingRows = 0
      }
      if (database.walBytes() < config.checkpointWalMb * 1024 * 1024) return
      try {
        failpoint('checkpoint-begun')
        await connection.run('checkpoint')
        failpoint('checkpoint-done')
      } catch (error) {
        // Another transaction is writing (derivation): the log is folded in after a later group.
        if (isFatal(error)) throw error
      }
    }

    async function startPosition (source: string, partition: string, offset: number): Promise<StoredPosition> {
      const key = positionKey(source, partition)
      return positions.get(key) ?? await mutex.run(async () => {
        if (!positions.has(key)) {
          await beginPosition(connection, source, partition, offset)
          positions.set(key, { source, partition, startOffset: offset, nextOffset: offset })
        }
        return positions.get(key) as StoredPosition
      })
    }

    async function refreshPositions (): Promise<void> {
      for (const [key, position] of positionMap(await readPositions(connection))) positions.set(key, position)
    }

    return {
      path,
      id,
      keys,
      codeNumbers,
      lists: deps.lists,
      seal,
      open,
      listsChangedFrom,
      connect: async () => await database.connect(),
      disconnect: async connection => { await database.disconnect(connection) },
      read: async work => await readers.run(async () => await database.withConnection(work)),
      load,
      replay,
      exclusive: async work => await mutex.run(async () => await work(connection)),
      position: (source, partition) => positions.get(positionKey(source, partition)),
      positions: source => [...positions.values()].filter(position => position.source === source),
      beginPosition: startPosition,
      refreshPositions: async () => await mutex.run(refreshPositions),
      checkpoint: async () => {
        await checkpointWhenFree(async () => { await mutex.run(async () => await connection.run('checkpoint')) })
      },
      saveIndex: async () => { await mutex.run(async () => { await saver.save(sequence) }) },
      walBytes: () => database.walBytes(),
      indexSize: () => ({ ids: index.size, bytes: index.bytes }),
      close: async () => {
        await mutex.run(async () => {
          await saver.close(sequence)
          await database.close()
        })
      }
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

function stopped (cause: unknown): BorderflowError {
  return new BorderflowError(isFatal(cause) ? 'DATABASE_FATAL' : 'LOADER_STOPPED', {
    expected: 'a group of batches that can be loaded',
    found: errorText(cause),
    remedy: 'The process must end and be started again: it goes on from the stored positions.',
    cause
  })
}
