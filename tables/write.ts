// An answer written out: to a stream no faster than it takes it, or to a file that appears only when it is complete.
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { DuckDBConnection } from '@duckdb/node-api'
import { BorderflowError, errorText } from '../core/errors.ts'
import { type AnswerChunk, guardConnection, lastDates, runQuery, type RunOptions } from './answer.ts'
import { buildQuery } from './build.ts'
import { type Format, type FormatName, type FormatOptions, FORMATS } from './formats/index.ts'
import { quotedText } from './identifier.ts'
import type { TableQuery } from './query.ts'

export interface WriteOptions extends RunOptions, FormatOptions {}

/**
 * Writes the answer and resolves to its number of rows. A given stream is not ended; a file is written under another
 * name beside it and renamed. Throws what runQuery throws; QUERY_INVALID for Parquet without a file; FILE_UNREADABLE
 * or DISK_FULL if the file cannot be written.
 */
export async function writeAnswer (connection: DuckDBConnection, query: TableQuery, formatName: FormatName,
  out: Writable | { file: string }, options: WriteOptions = {}): Promise<{ rows: number }> {
  const format: Format = FORMATS[formatName]
  if ('file' in out) {
    return await writeFile(out.file, async (temporary) => {
      if (format.encode === undefined) return await copyParquet(connection, query, temporary, options)
      const { encoded, rows } = await encodeAnswer(connection, query, formatName, options)
      await appendAll(temporary, encoded)
      return { rows: rows() }
    })
  }
  const { encoded, rows } = await encodeAnswer(connection, query, formatName, options)
  await pump(encoded, out)
  return { rows: rows() }
}

/** Starts the query and gives its encoded pieces, for a reader who pulls (an HTTP reply: `Readable.from(encoded)`). */
export async function encodeAnswer (connection: DuckDBConnection, query: TableQuery, formatName: FormatName,
  options: WriteOptions = {}):
  Promise<{ encoded: AsyncIterable<string | Uint8Array>, mediaType: string, rows: () => number }> {
  const { mediaType, encode }: Format = FORMATS[formatName]
  if (encode === undefined) {
    throw new BorderflowError('QUERY_INVALID', {
      expected: 'a format that can be streamed', found: formatName, where: 'format', remedy: 'Write it to a file.'
    })
  }
  const answer = await runQuery(connection, query, options)
  let rows = 0
  const counted = async function * (): AsyncGenerator<AnswerChunk> {
    for await (const chunk of answer.chunks) {
      rows += chunk.rowCount
      yield chunk
    }
  }
  return { encoded: encode({ columns: answer.columns, chunks: counted() }, options), mediaType, rows: () => rows }
}

/** Writes each piece when the stream has room for it. Rejects if the stream fails or closes. */
export async function pump (pieces: AsyncIterable<string | Uint8Array>, out: Writable): Promise<void> {
  let failure: Error | undefined
  const onError = (error: Error): void => { failure = error }
  out.on('error', onError)
  try {
    for await (const piece of pieces) {
      if (failure !== undefined) throw failure
      if (!out.write(piece)) await drained(out)
    }
    if (failure !== undefined) throw failure
  } finally {
    out.off('error', onError)
  }
}

function drained (out: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      out.off('drain', onDrain)
      out.off('error', settle)
      out.off('close', onClose)
      if (error === undefined) resolve()
      else reject(error)
    }
    const onDrain = (): void => settle()
    const onClose = (): void => settle(new Error('the stream was closed before the answer was complete'))
    out.on('drain', onDrain)
    out.on('error', settle)
    out.on('close', onClose)
    if (out.destroyed) onClose()
  })
}

async function copyParquet (connection: DuckDBConnection, query: TableQuery, path: string, options: WriteOptions):
Promise<{ rows: number }> {
  buildQuery(query, options)
  const guard = guardConnection(connection, options)
  try {
    const { sql, parameters } = buildQuery(query, options, await lastDates(connection, query, options, guard))
    const statement = await guard.run(() => connection.prepare(
      `copy (${sql}) to ${quotedText(path)} (format parquet, compression zstd)`))
    try {
      statement.bind(parameters)
      const result = await guard.run(() => statement.run())
      return { rows: result.rowsChanged }
    } finally {
      statement.destroySync()
    }
  } finally {
    guard.release()
  }
}

async function appendAll (path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    for await (const piece of pieces) await handle.appendFile(piece)
  } finally {
    await handle.close()
  }
}

async function writeFile<T> (file: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const target = resolve(file)
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`)
  try {
    const result = await write(temporary)
    await flush(temporary)
    await rename(temporary, target)
    return result
  } catch (error) {
    await rm(temporary, { force: true })
    if (!isSystemError(error)) throw error
    const full = error.code === 'ENOSPC'
    throw new BorderflowError(full ? 'DISK_FULL' : 'FILE_UNREADABLE', {
      expected: full ? 'room for the file' : 'a file that can be written',
      found: errorText(error),
      where: file,
      cause: error
    })
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error

/** A rename that outlives a power cut must not name a file whose bytes do not. */
async function flush (path: string): Promise<void> {
  const handle: FileHandle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
