// What is judged of the figures by the models of what is usual: handed in by whoever composes the process.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Expected, Feed } from './board-schema.ts'

export interface ExpectedFigures {
  country: Expected
  /** By code; absent where there is not enough history. */
  modes: Readonly<Record<string, Expected>>
  checkpoints: Readonly<Record<string, Expected>>
}

/** A feed; `checkpoint` is null for one that has none. */
export interface JudgedFeed extends Feed { source: string, checkpoint: string | null }

export interface Judgements {
  /** Of the clock hour. */
  expected: ExpectedFigures
  feeds: readonly JudgedFeed[]
  /** Codes of checkpoints where arrivals or departures are far above what is expected. */
  surges: ReadonlySet<string>
}

export type Judge = (connection: DuckDBConnection, nowMs: number) => Promise<Judgements>

/** Nothing is known yet. */
export const NO_JUDGEMENTS: Judgements = {
  expected: { country: null, modes: {}, checkpoints: {} }, feeds: [], surges: new Set()
}
