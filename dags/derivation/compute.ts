// Computes the rows of chosen travellers from the facts into the derived tables of a catalog, slice by slice of their
// keys, so that memory does not grow with history. Runs inside the caller's transaction.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { formatDay } from '../../core/civil-date.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { DerivedTarget } from '../../sinks/derived/table-writer.ts'
import { createWalkRules, type RuleCodes } from '../../transforms/walks/rules.ts'
import { chooseSlice, chooseTouched, dropTouched } from './choose-facts.ts'
import { readFacts } from './read-facts.ts'
import { walkFacts } from './walk-facts.ts'
import { createWriters } from './write-traveller.ts'

export interface DeriveContext {
  lists: CodeLists
  codeNumbers: RuleCodes
  /** Days since 1970-01-01: the civil date at UTC+7 through which the tables are computed. */
  asOf: number
  /** Milliseconds since 1970-01-01T00:00:00Z, kept as the time of the computation. */
  nowMs: number
  /** MiB that a rebuild may use; the limit in force unless given. */
  rebuildMemoryLimitMb?: number
  /** Told after each slice. */
  onProgress?: (share: number) => void
  /** Stops the computation; the transaction is rolled back and nothing has changed. */
  signal?: AbortSignal
}

export interface Choice {
  target: DerivedTarget
  /** True for the travellers of the temporary table `touched_travellers`, false for all. */
  touchedOnly: boolean
}

/** Crossings of a slice, about: bounds the memory of sorting and walking (60 bytes a row here, 200 in DuckDB). */
const SLICE_ROWS = 1_500_000

/** Computes and appends the rows of the chosen travellers. Returns how many travellers have rows. */
export async function computeTravellers (
  connection: DuckDBConnection, context: DeriveContext, { target, touchedOnly }: Choice
): Promise<number> {
  const rules = createWalkRules(context.lists, context.codeNumbers, context.asOf)
  const writers = createWriters(connection, target)
  const slices = touchedOnly ? 1 : await sliceCount(connection)
  let travellers = 0
  for (let slice = 0; slice < slices; slice++) {
    context.signal?.throwIfAborted()
    if (touchedOnly) await chooseTouched(connection)
    else await chooseSlice(connection, slice, slices)
    const facts = await readFacts(connection)
    if (touchedOnly) await dropTouched(connection)
    travellers += await walkFacts(facts, rules, writers, context.signal)
    context.onProgress?.((slice + 1) / slices)
  }
  for (const writer of Object.values(writers)) await writer.finish()
  return travellers
}

/** Sets the as-of date of the connection, by which the views of current images cut the facts. */
export async function setAsOf (connection: DuckDBConnection, asOf: number): Promise<void> {
  await connection.run(`set variable as_of = date '${formatDay(asOf)}'`)
}

async function sliceCount (connection: DuckDBConnection): Promise<number> {
  const [row] = await readRows<{ images: bigint }>(connection, 'select count(*) as images from main.crossings')
  return Math.max(1, Math.ceil(Number(row?.images ?? 0) / SLICE_ROWS))
}
