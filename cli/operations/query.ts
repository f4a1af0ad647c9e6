// Asking a published table, and listing them.
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { describeTables, encodeAnswer, FORMAT_NAMES, writeAnswer, type FormatName, type TableQuery } from '../../tables/index.ts'
import { parseDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { type Runtime } from '../runtime.ts'
import { operation } from './operation.ts'

const queryParameters = z.strictObject({
  format: z.enum(FORMAT_NAMES as [FormatName, ...FormatName[]]),
  query: z.strictObject({
    table: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    where: z.record(z.string(), z.array(z.string())).optional(),
    by: z.array(z.string()).optional(),
    asOf: z.string().optional(),
    sort: z.array(z.string()).optional(),
    limit: z.number().optional()
  })
})

/** Answers a query as bytes of a format. */
export const queryOperation = operation('query', queryParameters, async (runtime, { query, format }) => ({
  stream: await firstPieceRead(format === 'parquet' ? parquet(runtime, query) : encoded(runtime, query, format))
}))

/** What tables there are. */
export const tablesOperation = operation('tables', z.strictObject({}), async () => ({ value: describeTables() }))

async function * encoded (runtime: Runtime, query: TableQuery, format: FormatName): AsyncGenerator<string | Uint8Array> {
  const connection = await runtime.warehouse.connect()
  try {
    await setAsOf(connection, query.asOf)
    const answer = await encodeAnswer(connection, query, format, { asOf: query.asOf })
    yield * answer.encoded
  } finally {
    runtime.warehouse.disconnect(connection)
  }
}

/** Parquet is written to a file, which is then read out and removed. */
async function * parquet (runtime: Runtime, query: TableQuery): AsyncGenerator<Uint8Array> {
  const folder = join(runtime.settings.data.folder, 'tmp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${randomUUID()}.parquet`)
  try {
    await runtime.warehouse.read(async connection => {
      await setAsOf(connection, query.asOf)
      await writeAnswer(connection, query, 'parquet', { file }, { asOf: query.asOf })
    })
    yield * createReadStream(file) as AsyncIterable<Uint8Array>
  } finally {
    await rm(file, { force: true })
  }
}

async function setAsOf (connection: { run (sql: string): Promise<unknown> }, asOf: string | undefined): Promise<void> {
  if (asOf === undefined) return
  if (parseDay(asOf) === null) {
    throw new BorderflowError('QUERY_INVALID', { expected: 'a date YYYY-MM-DD', found: asOf, where: 'as-of' })
  }
  await connection.run(`set variable as_of = date '${asOf}'`)
}

/** Reads the first piece ahead, so that what is wrong with a query is told before any of it is sent. */
async function firstPieceRead (pieces: AsyncGenerator<string | Uint8Array>): Promise<AsyncIterable<string | Uint8Array>> {
  const first = await pieces.next()
  return (async function * () {
    if (first.done === true) return
    yield first.value
    yield * pieces
  })()
}
