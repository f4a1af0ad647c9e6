// The warehouse: one file, one writer. Loading and everything else that changes it take turns; readers have connections
// of their own and never wait.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection } from '@duckdb/node-api'
import { type Clock } from '../../core/clock.ts'
import { isFatal, openDatabase } from '../../core/database.ts'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { createMasterKey, masterKeyFile, readKeys, type Keys } from '../../core/keys.ts'
import { createMutex } from '../../core/mutex.ts'
import { createSemaphore } from '../../core/semaphore.ts'
import { type BatchOutcome, type StoredPosition } from '../../core/stage.ts'
import { type CodeLists } from '../../schemas/code-lists/index.ts'
import { type DecodedBatch } from '../../schemas/decoded-batch.ts'
import { replayEntries, type Replay } from '../quarantine/replay.ts'
import { createSeal, type OpenPayload, type SealPayload } from '../quarantine/seal.ts'
import { syncCodes, type CodeNumbers } from './codes.ts'
import { compactAccounting } from './compact.ts'
import { checkIdentity, recordLists } from './identity.ts'
import { summarise, type AccountingRow, type MessageOutcomes } from './load/accounting.ts'
import { writeGroup } from './load/write-group.ts'
import { migrate } from './migrate.ts'
import { beginPosition, readPositions } from './positions.ts'
import { rebuildIndex } from './rebuild-index.ts'
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
  disconnect (connection: DuckDBConnection): void
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
  checkpoint (): Promise<void>
  walBytes (): number
  /** Ids in the look-up and the bytes it takes. */
  indexSize (): { ids: number, bytes: number }
  close (): Promise<void>
}

/** Heavy reads at a time: each may keep threads and memory busy. */
const READERS_MAX = 8
const FILE_NAME = 'warehouse.duckdb'
/** The accounting is folded after this many rows. */
const ACCOUNTING_ROWS_MAX = 20_000

/** The path of the warehouse file in a data folder. */
export function warehouseFile (folder: string): string {
  return join(folder, FILE_NAME)
}

/** Opens the warehouse of a data folder, or makes one together with its keys. */
export async function openWarehouse (config: WarehouseConfig, deps: WarehouseDeps): Promise<Warehouse> {
  const path = warehouseFile(config.folder)
  const isNew = !existsSync(path)
  if (isNew && !existsSync(masterKeyFile(config.keysFolder))) createMasterKey(config.keysFolder)
  const keys = readKeys(config.keysFolder)
  const database = await openDatabase({ path, memoryLimitMb: config.memoryLimitMb, threads: config.threads })
  try {
    const connection = await database.connect()
    await migrate(connection)
    const id = await checkIdentity(connection, keys)
    const listsChangedFrom = await recordLists(connection, deps.lists.digest)
    const codeNumbers = await syncCodes(connection, deps.lists)
    await createViews(connection, deps.views)
    const { index, nextSequence } = await rebuildIndex(connection)
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
          failure = error
          throw stopped(error)
        }
      })
    }

    async function maintain (): Promise<void> {
      if (accountingRows >= ACCOUNTING_ROWS_MAX) {
        await compactAccounting(connection)
        accountingRows = 0
      }
      if (database.walBytes() >= config.checkpointWalMb * 1024 * 1024) await connection.run('checkpoint')
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
      disconnect: connection => { database.disconnect(connection) },
      read: async work => await readers.run(async () => await database.withConnection(work)),
      load,
      replay,
      exclusive: async work => await mutex.run(async () => await work(connection)),
      position: (source, partition) => positions.get(positionKey(source, partition)),
      positions: source => [...positions.values()].filter(position => position.source === source),
      beginPosition: async (source, partition, offset) => await mutex.run(async () => {
        const key = positionKey(source, partition)
        if (!positions.has(key)) {
          await beginPosition(connection, source, partition, offset)
          positions.set(key, { source, partition, startOffset: offset, nextOffset: offset })
        }
        return positions.get(key) as StoredPosition
      }),
      refreshPositions: async () => await mutex.run(refreshPositions),
      checkpoint: async () => { await mutex.run(async () => await connection.run('checkpoint')) },
      walBytes: () => database.walBytes(),
      indexSize: () => ({ ids: index.size, bytes: index.bytes }),
      close: async () => { await mutex.run(async () => { database.close() }) }
    }
  } catch (error) {
    database.close()
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

const positionKey = (source: string, partition: string): string => `${source}\u001f${partition}`

function positionMap (positions: readonly StoredPosition[]): Map<string, StoredPosition> {
  return new Map(positions.map(position => [positionKey(position.source, position.partition), position]))
}

/** Batches that begin where their partition stands, counting those before them in the group; the others are stale. */
function splitStale (
  batches: readonly DecodedBatch[], positions: ReadonlyMap<string, StoredPosition>
): { current: DecodedBatch[], stale: Set<DecodedBatch> } {
  const next = new Map<string, number>()
  const current: DecodedBatch[] = []
  const stale = new Set<DecodedBatch>()
  for (const batch of batches) {
    const key = positionKey(batch.source, batch.partition)
    const expected = next.get(key) ?? positions.get(key)?.nextOffset
    if (expected === batch.firstOffset) {
      current.push(batch)
      next.set(key, batch.nextOffset)
    } else {
      stale.add(batch)
    }
  }
  return { current, stale }
}

function advance (positions: Map<string, StoredPosition>, batch: DecodedBatch): void {
  const key = positionKey(batch.source, batch.partition)
  const position = positions.get(key) as StoredPosition
  positions.set(key, {
    ...position, nextOffset: batch.nextOffset, ...(batch.lastRecord ? { lastRecord: batch.lastRecord } : {})
  })
}
