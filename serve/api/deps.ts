// What the routes of the API are handed in by whoever composes the process.
import type { Clock } from '../../core/clock.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { FormatName, TableQuery } from '../../tables/index.ts'
import type { AuditTrail } from '../auth/audit-trail.ts'
import type { Principal } from '../auth/policy.ts'
import type { BoardService } from '../board/board.ts'
import type { BoardSeries } from '../board/board-schema.ts'
import type { SeriesRequest } from '../board/series.ts'
import type { Hub } from '../stream/hub.ts'

/** An operation of the command line, run for who asked. The value is what the command prints with --json. */
export type RunOperation = (name: string, parameters: unknown, principal: Principal) => Promise<unknown>

export interface TableRequest {
  query: TableQuery
  format: FormatName
  /** Rows to leave out before the first. */
  offset: number
  /** Aborted when whoever asked has gone. */
  signal: AbortSignal
}

export interface TableAnswer {
  mediaType: string
  fileExtension: string
  /** The bytes, no faster than they are taken; leaving early ends the query. */
  pieces: AsyncIterable<string | Uint8Array>
}

/**
 * Starts an answer; resolves when its first piece is there.
 * @param begin called when the query is known to be valid, before anything of it is read; its rejection ends it
 */
export type ReadTable = (request: TableRequest, begin: () => Promise<void>) => Promise<TableAnswer>

export interface ApiDeps {
  clock: Clock
  lists: CodeLists
  audit: AuditTrail
  board: BoardService
  hub: Hub
  series: (request: SeriesRequest) => Promise<BoardSeries>
  readTable: ReadTable
  run: RunOperation
}
