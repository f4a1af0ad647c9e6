// Answers of tables for the API: started a few at a time, streamed while they are taken, ended when nobody does.
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BorderflowError } from '../core/errors.ts'
import { createSemaphore } from '../core/semaphore.ts'
import type { ReadTable, TableRequest } from '../serve/api/deps.ts'
import { type AnswerChunk, buildQuery, type Format, FORMATS, runQuery, writeAnswer } from '../tables/index.ts'
import { prepareQuery } from './operations/query.ts'
import type { Runtime } from './runtime.ts'

/** Queries that work towards their first row at a time; more would take the machine from loading. */
const STARTING_MAX = 2

type Pieces = AsyncGenerator<string | Uint8Array>

/** Reads tables on connections of their own. */
export function tableReader (runtime: Runtime): ReadTable {
  const starting = createSemaphore(STARTING_MAX)
  return async (request, begin) => {
    const { query, format: name, offset } = request
    const format: Format = FORMATS[name]
    // What is wrong with a query is told before it is written down and before it waits.
    buildQuery(query, { lists: runtime.warehouse.lists, asOf: query.asOf })
    if (offset > 0 && format.encode === undefined) {
      throw new BorderflowError('QUERY_INVALID', {
        expected: 'a format that is streamed', found: name, where: 'offset', remedy: 'Ask for the whole answer.'
      })
    }
    await begin()
    const pieces = format.encode === undefined ? fromFile(runtime, request) : encoded(runtime, request, format.encode)
    const first = await starting.run(async () => await pieces.next())
    return { mediaType: format.mediaType, fileExtension: format.fileExtension, pieces: withFirst(first, pieces) }
  }
}

async function * encoded (
  runtime: Runtime, { query, offset, signal }: TableRequest, encode: NonNullable<Format['encode']>
): Pieces {
  signal.throwIfAborted()
  const connection = await runtime.warehouse.connect()
  try {
    const options = await prepareQuery(runtime, connection, query, signal)
    const answer = await runQuery(connection, query, { ...options, signal })
    yield * encode({ columns: answer.columns, chunks: without(answer.chunks, offset) })
  } finally {
    await runtime.warehouse.disconnect(connection)
  }
}

/** Parquet is written to a file, which is then read out and removed. */
async function * fromFile (runtime: Runtime, { query, format, signal }: TableRequest): Pieces {
  signal.throwIfAborted()
  const folder = join(runtime.settings.data.folder, 'tmp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${randomUUID()}.${format}`)
  try {
    await runtime.warehouse.read(async connection => {
      const options = await prepareQuery(runtime, connection, query, signal)
      await writeAnswer(connection, query, format, { file }, { ...options, signal })
    })
    yield * createReadStream(file) as AsyncIterable<Uint8Array>
  } finally {
    await rm(file, { force: true })
  }
}

/** The chunks without their first rows. */
async function * without (chunks: AsyncIterable<AnswerChunk>, rows: number): AsyncGenerator<AnswerChunk> {
  let left = rows
  for await (const { rowCount, columns } of chunks) {
    const skipped = Math.min(left, rowCount)
    left -= skipped
    if (skipped < rowCount) {
      const kept = skipped === 0 ? columns : columns.map(column => column.slice(skipped))
      yield { rowCount: rowCount - skipped, columns: kept }
    }
  }
}

async function * withFirst (first: IteratorResult<string | Uint8Array>, rest: Pieces): Pieces {
  try {
    if (first.done === true) return
    yield first.value
    yield * rest
  } finally {
    // Also where nobody takes the first.
    await rest.return(undefined)
  }
}
