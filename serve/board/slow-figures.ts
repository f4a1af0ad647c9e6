// The figures that rest on more than the newest facts: each part is read again when what it rests on has changed, and
// no more often than its own cost allows.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, formatDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'

const FOLDER = 'serve/board'
const SQL = {
  derivation: loadSql(`${FOLDER}/derivation-now.sql`),
  inCountry: loadSql(`${FOLDER}/in-country.sql`),
  overstays: loadSql(`${FOLDER}/overstays-now.sql`),
  coverage: loadSql(`${FOLDER}/coverage-now.sql`),
  quarantine: loadSql(`${FOLDER}/quarantine-now.sql`),
  received: loadSql(`${FOLDER}/received-today.sql`),
  gaps: loadSql(`${FOLDER}/gaps-open.sql`)
}
export const LENGTH_BANDS = ['1-7', '8-30', '31-90', '91-180', '181-365', '366+'] as const

/** Derived figures as of one date; null before they are derived for the first time. */
export type DerivedFigures = null | {
  /** Days since 1970-01-01. */
  asOf: number
  through: number
  foreigners: number
  overstays: { lengthBand: string, people: number }[]
  coverageShare: number | null
}

export interface Waiting {
  byReason: Record<string, number>
  newestMs: number | null
  /** Quarantined of the messages received today. */
  share: number
  gapsOpen: number
}

/** Reads the derived figures unless derivation has not moved since `before`. Costs a scan of stays. */
export async function readDerived (connection: DuckDBConnection, before: DerivedFigures): Promise<DerivedFigures> {
  const [state] = await readRows<{ as_of: number, derived_through: bigint }>(connection, SQL.derivation)
  if (state === undefined) return null
  const through = Number(state.derived_through)
  if (before !== null && before.asOf === state.as_of && before.through === through) return before
  const [stock] = await readRows<{ foreigners: bigint }>(connection, SQL.inCountry)
  const bands = await readRows<{ length_band: string, people: bigint }>(connection, SQL.overstays)
  const [coverage] = await readRows<{ stays: bigint, registered: bigint }>(connection, SQL.coverage)
  const stays = Number(coverage?.stays ?? 0)
  return {
    asOf: state.as_of,
    through,
    foreigners: Number(stock?.foreigners ?? 0),
    overstays: LENGTH_BANDS.map(lengthBand =>
      ({ lengthBand, people: Number(bands.find(band => band.length_band === lengthBand)?.people ?? 0) })),
    coverageShare: stays === 0 ? null : Number(coverage?.registered ?? 0) / stays
  }
}

/** What waits for a person. Costs a scan of the quarantine without its payloads. */
export async function readWaiting (connection: DuckDBConnection, nowMs: number): Promise<Waiting> {
  const reasons = await readRows<{ reason: string, messages: bigint, newest_ms: bigint }>(connection, SQL.quarantine)
  const [received] = await readRows<{ messages: bigint, quarantined: bigint }>(
    connection, SQL.received, { date: formatDay(businessDay(nowMs)) })
  const [gaps] = await readRows<{ gaps: bigint }>(connection, SQL.gaps)
  const messages = Number(received?.messages ?? 0)
  return {
    byReason: Object.fromEntries(reasons.map(row => [row.reason, Number(row.messages)] as const).toSorted()),
    newestMs: reasons.length === 0 ? null : Math.max(...reasons.map(row => Number(row.newest_ms))),
    share: messages === 0 ? 0 : Number(received?.quarantined ?? 0) / messages,
    gapsOpen: Number(gaps?.gaps ?? 0)
  }
}
