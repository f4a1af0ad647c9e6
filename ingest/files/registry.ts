// What is remembered of files: a number at first sight, and whether it has been read to its end. The warehouse
// implements it, so that numbers, states and positions survive or are lost together.
import type { Clock } from '../../core/clock.ts'
import type { PositionStore } from '../../core/stage.ts'

/** The name of the source of all files, watched or given once: one numbering for both. */
export const FILE_SOURCE = 'spool'

/** What makes a file the same file: size and hash are of the bytes as stored (compressed). */
export interface FileIdentity {
  /** The file's name without its folder. */
  name: string
  sizeBytes: number
  /** Lower-case hex SHA-256 of the first 64 KiB. */
  headSha256: string
}

export type FileState = 'open' | 'finished' | 'failed'

/** A file that has a number. `finished`: every line of it is durable. */
export interface RegisteredFile extends FileIdentity {
  number: number
  /** Received time of all its messages, the same at every re-read. */
  receivedAtMs: number
  state: FileState
}

/** Where files are registered. */
export interface FileRegistry {
  /** All files that were registered under this name, by number. */
  find(source: 'spool', name: string): Promise<RegisteredFile[]>
  /** Gives the file the next number, state `open`. */
  register(identity: FileIdentity, receivedAtMs: number): Promise<RegisteredFile>
  /** `reason` is an error code, for `failed`. */
  setState(number: number, state: FileState, reason?: string): Promise<void>
  list(): Promise<RegisteredFile[]>
}

/** The little of a logger that sources use; pino fits. */
export interface SourceLog {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
}

/** What everything that reads files needs. */
export interface FileDeps {
  files: FileRegistry
  positions: PositionStore
  clock: Clock
  log: SourceLog
}
