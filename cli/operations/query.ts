// Asking a published table, and listing them.
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import * as z from 'zod'
import { businessDay, formatDay, parseDay } from '../../core/civil-date.ts'
import { BorderflowError } from '../../core/errors.ts'
import { AS_OF_SCHEMA, deriveAsOf } from '../../dags/derivation/as-of.ts'
import { tableDeclaration } from '../../schemas/tables/index.ts'
import {
  type BuildOptions, describeTables, encodeAnswer, FORMAT_NAMES, writeAnswer, type FormatName, type TableQuery
} from '../../tables/index.ts'
import type { Runtime } from '../runtime.ts'
import { operation } from './operation.ts'

const queryParameters = z.strictObject({
  format: z.enum(FORMAT_NAMES),
  query: z.strictObject({
    table: z.string(),
    from: z.string().optional(),
    to: z.string().optional(),
    where: z.record(z.string(), z.array(z.string())).optional(),
    by: z.array(z.string()).optional(),
    measures: z.array(z.string()).optional(),
    asOf: z.string().optional(),
    sort: z.array(z.string()).optional(),
    limit: z.number().optional(),
    compare: z.string().optional(),
    totals: z.boolean().optional(),
    shares: z.string().optional(),
    labels: z.string().optional()
  })
})

/** Answers a query as bytes of a format. */
export const queryOperation = operation('query', queryParameters, async (runtime, { query: asked, format }) => {
  // What the words may be is said by the query engine, to everybody who asks it.
  const query = asked as TableQuery
  return { stream: await firstPieceRead(format === 'parquet' ? parquet(runtime, query) : encoded(runtime, query, format)) }
})

/** What tables there are. */
export const tablesOperation = operation('tables', z.strictObject({}), async () => ({ value: describeTables() }))

type Pieces = AsyncGenerator<string | Uint8Array>

async function * encoded (runtime: Runtime, query: TableQuery, format: FormatName): Pieces {
  const connection = await runtime.warehouse.connect()
  try {
    const answer = await encodeAnswer(connection, query, format, await prepareQuery(runtime, connection, query))
    yield * answer.encoded
  } finally {
    await runtime.warehouse.disconnect(connection)
  }
}

/** Parquet is written to a file, which is then read out and removed. */
async function * parquet (runtime: Runtime, query: TableQuery): Pieces {
  const folder = join(runtime.settings.data.folder, 'tmp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${randomUUID()}.parquet`)
  try {
    await runtime.warehouse.read(async connection => {
      await writeAnswer(connection, query, 'parquet', { file }, await prepareQuery(runtime, connection, query))
    })
    yield * createReadStream(file) as AsyncIterable<Uint8Array>
  } finally {
    await rm(file, { force: true })
  }
}

/**
 * Makes the connection ready for the date that is asked for. What loading itself writes is cut at the date; what is
 * derived is maintained as of today, and computed beside it for any other date.
 */
export async function prepareQuery (
  runtime: Runtime, connection: DuckDBConnection, query: TableQuery, signal?: AbortSignal
): Promise<BuildOptions> {
  const { warehouse, derivation, clock, live } = runtime
  const { lists } = warehouse
  const asOf = query.asOf === undefined ? undefined : dayOf(query.asOf)
  if (tableDeclaration(query.table).speed === 'loading') {
    // Today is as good as any later date, and known without a look at the rows; in a demo it is the simulated day.
    const derivedDay = derivation.status().derived?.asOf
    if (asOf === undefined) return { lists, asOf: formatDay(Math.max(derivedDay ?? 0, businessDay(clock.now()))) }
    await connection.run(`set variable as_of = date '${formatDay(asOf)}'`)
    return { lists, asOf: query.asOf }
  }
  if (asOf !== undefined) {
    await deriveAsOf(connection, {
      lists: warehouse.lists, codeNumbers: warehouse.codeNumbers, asOf, nowMs: clock.now(), signal
    })
    return { lists, schema: AS_OF_SCHEMA, asOf: query.asOf, ...firstFactOf(derivation.status().derived) }
  }
  // A running service follows by itself; elsewhere the tables are brought up to date when they are asked for.
  const derived = live === undefined ? (await derivation.refresh()).state : derivation.status().derived
  if (derived === null) return { lists }
  await connection.run(`set variable as_of = date '${formatDay(derived.asOf)}'`)
  return { lists, asOf: formatDay(derived.asOf), ...firstFactOf(derived) }
}

/** No date before it has figures, whatever the as-of date. */
function firstFactOf (derived: { firstFact: number | null } | null): { firstFact?: string } {
  return derived === null || derived.firstFact === null ? {} : { firstFact: formatDay(derived.firstFact) }
}

function dayOf (asOf: string): number {
  const day = parseDay(asOf)
  if (day === null) {
    throw new BorderflowError('QUERY_INVALID', { expected: 'a date YYYY-MM-DD', found: asOf, where: 'as-of' })
  }
  return day
}

/** Reads the first piece ahead, so that what is wrong with a query is told before any of it is sent. */
async function firstPieceRead (pieces: Pieces): Promise<AsyncIterable<string | Uint8Array>> {
  const first = await pieces.next()
  return (async function * () {
    if (first.done === true) return
    yield first.value
    yield * pieces
  })()
}
