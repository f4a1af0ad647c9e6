// Through what the derived tables are computed: one row, written in the transaction that writes the tables.
import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'

export interface DerivationState {
  /** Days since 1970-01-01. */
  asOf: number
  /** The date from which the feed is complete; null while there is no admitted crossing. */
  firstFact: number | null
  /** The largest sequence of the facts that are in. */
  derivedThrough: number
  /** Travellers with rows, about: kept exact by rebuilds only. */
  travellers: number
  listsDigest: string
  walksDigest: string
  derivedAtMs: number
}

/** Raise when the walks come to write something else for the same facts: the tables are then rebuilt at start. */
const WALKS_VERSION = 1
/** Before it no fact is accepted. */
const RATES_FROM = 10_957

/** What the rows depend on besides facts and lists. */
export const walksDigest = createHash('sha256').update(JSON.stringify([
  WALKS_VERSION,
  ...['crossings', 'extensions', 'registrations'].map(name => loadSql(`transforms/walks/${name}.sql`)),
  ...['crossings', 'extensions', 'registrations'].map(name => loadSql(`transforms/models/current_${name}.sql`))
])).digest('hex')

/** The state of the maintained tables; null before they are computed for the first time. */
export async function readState (connection: DuckDBConnection): Promise<DerivationState | null> {
  const [row] = await readRows<{
    as_of: number
    first_fact: number | null
    derived_through: bigint
    travellers: bigint
    lists_digest: string
    walks_digest: string
    derived_ms: bigint
  }>(connection, "select (as_of - date '1970-01-01')::integer as as_of, " +
    "(first_fact - date '1970-01-01')::integer as first_fact, derived_through, travellers, lists_digest, " +
    'walks_digest, epoch_ms(derived_at) as derived_ms from main.derivation')
  return row === undefined
    ? null
    : {
        asOf: row.as_of,
        firstFact: row.first_fact,
        derivedThrough: Number(row.derived_through),
        travellers: Number(row.travellers),
        listsDigest: row.lists_digest,
        walksDigest: row.walks_digest,
        derivedAtMs: Number(row.derived_ms)
      }
}

/** Replaces the state, and the fine's rates by period; `place` stands before the names, `main.` for the maintained. */
export async function writeState (
  connection: DuckDBConnection, place: string, state: DerivationState, lists: Pick<CodeLists, 'fineUsdPerDay'>
): Promise<void> {
  const { asOf, firstFact, derivedThrough, travellers, listsDigest, derivedAtMs } = state
  await connection.run(`delete from ${place}derivation`)
  await connection.run(`insert into ${place}derivation values ($asOf::date, $firstFact::date, $through, $travellers, ` +
    '$lists, $walks, make_timestamptz($now::bigint * 1000))', {
    asOf: formatDay(asOf),
    firstFact: firstFact === null ? null : formatDay(firstFact),
    through: BigInt(derivedThrough),
    travellers: BigInt(travellers),
    lists: listsDigest,
    walks: state.walksDigest,
    now: BigInt(Math.trunc(derivedAtMs))
  })
  await connection.run(`delete from ${place}overstay_fine_rates`)
  for (const { from, to, usd } of finePeriods(lists, asOf)) {
    await connection.run(`insert into ${place}overstay_fine_rates values (date '${formatDay(from)}', ` +
      `date '${formatDay(to)}', ${usd})`)
  }
}

/** The largest sequence of all facts that the derived tables rest on. */
export async function lastSequence (connection: DuckDBConnection, after: number): Promise<number> {
  const [row] = await readRows<{ last: number | null }>(connection, 'select max(sequence) as last from (' +
    ['crossings', 'extensions', 'registrations'].map(table =>
      `select max(sequence) as sequence from main.${table} where sequence > ${after}`).join(' union all ') + ')')
  return row?.last ?? after
}

/** The earliest admitted crossing, unless the lists say from when the feed is complete. */
export async function findFirstFact (
  connection: DuckDBConnection, lists: Pick<CodeLists, 'coverageFrom'>
): Promise<number | null> {
  if (lists.coverageFrom !== null) return lists.coverageFrom
  const [row] = await readRows<{ first: number | null }>(connection, 'select (min(business_date) - ' +
    "date '1970-01-01')::integer as first from published.current_crossings where decision = 'admitted'")
  return row?.first ?? null
}

function finePeriods (
  lists: Pick<CodeLists, 'fineUsdPerDay'>, asOf: number
): { from: number, to: number, usd: number }[] {
  const periods: { from: number, to: number, usd: number }[] = []
  for (let day = RATES_FROM; day <= asOf; day++) {
    const usd = lists.fineUsdPerDay(day)
    const last = periods.at(-1)
    if (last?.usd === usd) last.to = day
    else periods.push({ from: day, to: day, usd })
  }
  return periods
}
