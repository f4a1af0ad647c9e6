// The only module that opens a DuckDB file: once a process, on the main thread. Everyone else gets connections. (The
// same file opened twice in one process is not refused, and loses acknowledged rows.)
import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { startingBackgroundThreads } from './background-threads.ts'
import { countCalls } from './connection-calls.ts'
import { BorderflowError, errorText } from './errors.ts'

export interface DatabaseOptions {
  /** Path of the file, or `:memory:`. */
  path: string
  memoryLimitMb: number
  threads: number
  /** The write-ahead log is folded in by us; above this size DuckDB does it by itself. */
  walBackstopMb?: number
  tempFolder?: string
}

export interface Database {
  readonly path: string
  connect (): Promise<DuckDBConnection>
  /** Closes a connection before the database is closed, once its calls are over. */
  disconnect (connection: DuckDBConnection): Promise<void>
  /** Runs work on a connection of its own, which is closed afterwards. */
  withConnection<T> (work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Bytes of the write-ahead log; 0 if there is none. */
  walBytes (): number
  /** Closes the connections, each once its calls are over, and the file. */
  close (): Promise<void>
}

const WAL_BACKSTOP_MB = 512

/** Opens a DuckDB file. Throws DATA_FOLDER_BUSY if another process holds it, DATABASE_FAILED for anything else. */
export async function openDatabase (options: DatabaseOptions): Promise<Database> {
  const { path } = options
  const instance = await openInstance(options)
  /** Open connections, each with what resolves when it is idle. */
  const connections = new Map<DuckDBConnection, () => Promise<void>>()

  async function connect (): Promise<DuckDBConnection> {
    const connection = await instance.connect()
    connections.set(connection, countCalls(connection))
    return connection
  }

  async function disconnect (connection: DuckDBConnection): Promise<void> {
    await connections.get(connection)?.()
    // Gone already if the database was closed in between.
    if (connections.delete(connection)) connection.closeSync()
  }

  return {
    path,
    connect,
    disconnect,
    async withConnection (work) {
      const connection = await connect()
      try {
        return await work(connection)
      } finally {
        await disconnect(connection)
      }
    },
    walBytes: () => existsSync(`${path}.wal`) ? statSync(`${path}.wal`).size : 0,
    async close () {
      // In this order: a file stays locked while a connection of it lives.
      for (const connection of connections.keys()) await disconnect(connection)
      instance.closeSync()
    }
  }
}

/** Runs work in one transaction: committed if it resolves, rolled back if it rejects. */
export async function transaction<T> (connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('begin transaction')
  try {
    const result = await work()
    await connection.run('commit')
    return result
  } catch (error) {
    // A failed commit has already ended the transaction; the first error is the one that tells.
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** True for the errors after which every further call of this process fails: the process must end. */
export function isFatal (error: unknown): boolean {
  return /FATAL|database has been invalidated/i.test(errorText(error))
}

/** All rows of a statement as plain objects; 64-bit integers as bigint. */
export async function readRows<T> (
  connection: DuckDBConnection, sql: string, values?: Parameters<DuckDBConnection['run']>[1]
): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql, values)
  return reader.getRowObjectsJS() as T[]
}

async function openInstance (options: DatabaseOptions): Promise<DuckDBInstance> {
  const { path, memoryLimitMb, threads, walBackstopMb = WAL_BACKSTOP_MB, tempFolder } = options
  try {
    const instance = await startingBackgroundThreads(async () => await DuckDBInstance.create(path, {
      // At open, not by SET: replaying the log needs it already.
      memory_limit: `${memoryLimitMb}MB`,
      threads: String(threads),
      wal_autocheckpoint: `${walBackstopMb}MB`,
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      ...(tempFolder === undefined ? {} : { temp_directory: tempFolder })
    }))
    const connection = await instance.connect()
    // The zone of the machine must not move a time: what is civil is computed as such.
    await connection.run("set global TimeZone = 'UTC'")
    connection.closeSync()
    return instance
  } catch (error) {
    // In DuckDB's own words: of blocks, and of paths, other errors speak as well.
    if (/^IO Error: Could not set lock on file/m.test(errorText(error))) {
      throw new BorderflowError('DATA_FOLDER_BUSY', {
        expected: 'a data folder that no other process holds',
        found: 'its file locked by another process',
        where: path,
        remedy: 'Stop the other process, or talk to it through the same --data folder while it runs.',
        cause: error
      })
    }
    throw new BorderflowError('DATABASE_FAILED', {
      expected: 'a DuckDB file that can be opened',
      found: errorText(error),
      where: path,
      remedy: 'If its log is damaged, `borderflow repair` sets it aside; else restore the last backup. What came ' +
        'later is read again.',
      cause: error
    })
  }
}

/**
 * Threads of DuckDB in a service, by default. The main thread and the one that decodes want a core besides, and whoever
 * waits for a statement of which another thread has a part asks for it again and again: on two cores one of DuckDB's
 * own takes a tenth more CPU while loading, and holds the event loop twice as long at worst (docs/performance.md).
 */
export function servingThreads (cores = availableParallelism()): number {
  return Math.max(1, cores - 1)
}
