// Running a query: chunks of columns as fast as they are taken, a time limit, and no answer cut short unnoticed.
import {
  type DuckDBConnection, type DuckDBDataChunk, DuckDBDateValue, type DuckDBPreparedStatement, type DuckDBResult,
  type DuckDBValue
} from '@duckdb/node-api'
import { formatDay } from '../core/civil-date.ts'
import { BorderflowError, errorText } from '../core/errors.ts'
import { createSlices, type Slices } from '../core/slices.ts'
import { buildQuery, relationOf } from './build.ts'
import { type LastDates, lookUpLastDates } from './last-dates.ts'
import type { AnswerColumn, BuildOptions, TableQuery } from './query.ts'

const PART_ROWS_MAX = 1024

/** Dates are `YYYY-MM-DD`; whole numbers are bigint only where a number cannot hold them. */
export type Cell = string | number | bigint | null

/** At most 1,024 rows, column by column in the order of the answer's columns. */
export interface AnswerChunk { rowCount: number, columns: Cell[][] }

export interface Answer {
  columns: AnswerColumn[]
  /** Can be taken once. The next chunk is fetched when it is asked for; leaving early frees the connection. */
  chunks: AsyncIterable<AnswerChunk>
}

export interface RunOptions extends BuildOptions {
  /** Seconds from the start after which the answer fails; no limit by default. */
  timeoutSeconds?: number
  /** Stops the answer from outside, for a reader who has gone. */
  signal?: AbortSignal
}

/**
 * Starts a query. The connection belongs to the answer until its chunks are taken or left: another statement on it
 * would end them early. Throws QUERY_INVALID, TABLE_UNKNOWN; then and while chunks are taken DATABASE_FAILED (also for
 * the time limit), or the signal's reason.
 */
export async function runQuery (connection: DuckDBConnection, query: TableQuery, options: RunOptions = {}):
Promise<Answer> {
  // What is wrong with a query is told before anything runs.
  buildQuery(query, options)
  const guard = guardConnection(connection, options)
  let prepared: DuckDBPreparedStatement | undefined
  try {
    const dates = await lastDates(connection, query, options, guard)
    const { streamSql, parameters, columns } = buildQuery(query, options, dates)
    // prepare() refuses more than one statement, where run() and stream() would execute them all.
    const statement = prepared = await guard.run(() => connection.prepare(streamSql))
    statement.bind(parameters)
    const result = await guard.run(() => statement.stream())
    return { columns, chunks: takeChunks(connection, statement, result, columns, guard) }
  } catch (error) {
    prepared?.destroySync()
    guard.release()
    throw error
  }
}

/** Looks up the dates of `last` measures on the connection: a few milliseconds, and nothing for other tables. */
export async function lastDates (connection: DuckDBConnection, query: TableQuery, options: BuildOptions, guard: Guard):
Promise<LastDates | undefined> {
  return await lookUpLastDates(query, options, relationOf(query, options), async (sql, parameters) => {
    const reader = await guard.run(() => connection.runAndReadAll(sql, parameters))
    return reader.getRows().map(([date]) => String(date))
  })
}

/** The rows of an answer one by one, each in the order of the columns. */
export async function * answerRows (answer: Answer): AsyncGenerator<Cell[]> {
  for await (const { rowCount, columns } of answer.chunks) {
    for (let row = 0; row < rowCount; row++) yield columns.map(column => column[row]!)
  }
}

async function * takeChunks (connection: DuckDBConnection, statement: DuckDBPreparedStatement, result: DuckDBResult,
  columns: AnswerColumn[], guard: Guard): AsyncGenerator<AnswerChunk> {
  const slices = createSlices()
  let rowsSeen = 0
  let complete = false
  try {
    while (!complete) {
      const chunk = await guard.run(() => result.fetchChunk())
      if (chunk === null || chunk.rowCount === 0) break
      const marks = chunk.getColumnValues(columns.length)
      complete = marks.at(-1) === true
      const rowCount = chunk.rowCount - (complete ? 1 : 0)
      rowsSeen += rowCount
      yield * parts(rowCount, await readColumns(chunk, rowCount, columns, slices), slices)
    }
    if (!complete) {
      throw new BorderflowError('DATABASE_FAILED', {
        expected: 'the whole answer',
        found: `an answer that broke off after ${rowsSeen} rows`,
        remedy: 'Another statement ran on its connection, or the database ran out of memory or temporary space.'
      })
    }
  } finally {
    // Behind the end mark is the end itself: a stream that has not met it keeps the file open behind a closed database.
    if (complete) await result.fetchChunk().catch(() => null)
    guard.release()
    statement.destroySync()
    // An answer that was left early holds its snapshot until the connection's next statement, and the file until it is
    // collected: reading it to its end would cost all that nobody wanted. A process opens the file once, so none waits.
    if (!complete) await connection.run('select 1').catch(() => undefined)
  }
}

/** Parts small enough that encoding one holds the event loop for a few milliseconds only. */
async function * parts (rowCount: number, columns: Cell[][], slices: Slices): AsyncGenerator<AnswerChunk> {
  for (let row = 0; row < rowCount; row += PART_ROWS_MAX) {
    if (slices.isOver()) await slices.rest()
    const end = Math.min(row + PART_ROWS_MAX, rowCount)
    yield { rowCount: end - row, columns: columns.map(column => column.slice(row, end)) }
  }
}

async function readColumns (
  chunk: DuckDBDataChunk, rowCount: number, columns: readonly AnswerColumn[], slices: Slices
): Promise<Cell[][]> {
  const read: Cell[][] = []
  for (const [i, column] of columns.entries()) {
    if (slices.isOver()) await slices.rest()
    read.push(cells(chunk, i, rowCount, column))
  }
  return read
}

function cells (chunk: DuckDBDataChunk, index: number, rowCount: number, { type }: AnswerColumn): Cell[] {
  const values = chunk.getColumnValues(index)
  const read = type === 'date' ? dateReader() : plainCell
  const column = new Array<Cell>(rowCount)
  for (let row = 0; row < rowCount; row++) column[row] = read(values[row]!)
  return column
}

/** Dates come in runs, so the text of the last one is kept. */
function dateReader (): (value: DuckDBValue) => Cell {
  let lastDays: number | undefined
  let lastText = ''
  return value => {
    if (!(value instanceof DuckDBDateValue)) return plainCell(value)
    if (value.days !== lastDays) {
      lastDays = value.days
      lastText = formatDay(lastDays)
    }
    return lastText
  }
}

function plainCell (value: DuckDBValue): Cell {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return value === null || typeof value === 'string' || typeof value === 'number' ? value : String(value)
}

export interface Guard {
  /** Runs one native call, or refuses because the time is over. */
  run<T>(call: () => Promise<T>): Promise<T>
  release(): void
}

/** Interrupts the connection at the time limit or the signal, and only while a call of this answer is under way. */
export function guardConnection (connection: DuckDBConnection, { timeoutSeconds, signal }: RunOptions): Guard {
  let stopped: unknown
  let busy = false
  const stop = (reason: unknown): void => {
    stopped ??= reason
    if (busy) connection.interrupt()
  }
  const onAbort = (): void => stop(signal?.reason)
  const timer = timeoutSeconds === undefined
    ? undefined
    : setTimeout(() => stop(timeoutError(timeoutSeconds)), timeoutSeconds * 1000)
  timer?.unref()
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted === true) onAbort()
  return {
    run: async call => {
      if (stopped !== undefined) throw stopped
      busy = true
      const outcome = await call().then(value => ({ value }), (error: unknown) => ({ error }))
      busy = false
      // Looked at in either case: an interrupt can also end a stream as if it were complete.
      if (stopped !== undefined) throw stopped
      if ('error' in outcome) throw databaseError(outcome.error)
      return outcome.value
    },
    release: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

function timeoutError (timeoutSeconds: number): BorderflowError {
  return new BorderflowError('DATABASE_FAILED', {
    expected: `the answer within ${timeoutSeconds} s`,
    found: 'a query that takes longer',
    remedy: 'Ask for a shorter range, or keep fewer columns.'
  })
}

function databaseError (error: unknown): BorderflowError {
  const text = errorText(error)
  return new BorderflowError(text.startsWith('FATAL') ? 'DATABASE_FATAL' : 'DATABASE_FAILED', {
    expected: 'the database to answer', found: text, cause: error
  })
}
