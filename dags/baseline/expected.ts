// What is expected of an hour or a day: per checkpoint, and summed by mode and for the country.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { Basis } from './bands.ts'

/** Persons: what is usual, and the least and the most that are normal. */
export interface Band { median: number, low: number, high: number }

export interface ExpectedAt {
  /** Null where too few days can be compared. */
  arrivals: Band | null
  departures: Band | null
}

export interface Expected {
  /** By code of the checkpoint. */
  checkpoints: Map<string, ExpectedAt & {
    /** Closed by schedule in this hour, or all of the day. */
    closed: boolean
    /** What it rests on: the same weekday, the same holiday, ordinary traffic widened for a holiday, or nothing. */
    basis: Basis
  }>
  /** By mode of travel, from the checkpoints' own; empty without lists. */
  modes: Map<string, ExpectedAt>
  country: ExpectedAt
}

interface Row {
  checkpoint: string
  measure: 'arrivals' | 'departures'
  basis: Basis
  is_closed: boolean
  median: number | null
  low: number | null
  high: number | null
}

interface Part { measure: Row['measure'], basis: Basis, band: Band }

const STORED = loadSql('dags/baseline/stored-expected.sql')

/**
 * What is expected of an hour (0–23 at UTC+7) of a date `YYYY-MM-DD`, or of the whole day where `hour` is null. Empty
 * for dates that the last refresh did not reach. One read of a small table.
 */
export async function expectedFor (
  connection: DuckDBConnection,
  { date, hour, lists }: { date: string, hour: number | null, lists?: Pick<CodeLists, 'checkpoints'> }
): Promise<Expected> {
  const rows = await readRows<Row>(connection, STORED, { date, hour: hour ?? 24 })
  const modes = new Map(lists?.checkpoints.map(({ code, mode }) => [code, mode]))
  const checkpoints: Expected['checkpoints'] = new Map()
  const parts: (Part & { mode: string | undefined })[] = []
  for (const { checkpoint, measure, basis, is_closed: closed, median, low, high } of rows) {
    const entry = checkpoints.get(checkpoint) ?? { arrivals: null, departures: null, closed, basis }
    checkpoints.set(checkpoint, entry)
    if (median === null || low === null || high === null) continue
    const band = { median, low, high }
    entry[measure] = band
    parts.push({ measure, basis, band, mode: modes.get(checkpoint) })
  }
  const known = new Set(parts.flatMap(({ mode }) => mode === undefined ? [] : [mode]))
  return {
    checkpoints,
    modes: new Map([...known].map(mode => [mode, sums(parts.filter(part => part.mode === mode))])),
    country: sums(parts)
  }
}

function sums (parts: readonly Part[]): ExpectedAt {
  return {
    arrivals: sumBands(parts.filter(({ measure }) => measure === 'arrivals')),
    departures: sumBands(parts.filter(({ measure }) => measure === 'departures'))
  }
}

/**
 * Medians added; the widths as those of independent gates (root of the sum of squares), but added where a holiday moves
 * all gates together.
 */
export function sumBands (parts: readonly Pick<Part, 'basis' | 'band'>[]): Band | null {
  if (parts.length === 0) return null
  const together = parts.some(({ basis }) => basis === 'holiday' || basis === 'widened')
  const width = (sizes: number[]): number =>
    together ? sizes.reduce((sum, size) => sum + size, 0) : Math.hypot(...sizes)
  const median = parts.reduce((sum, { band }) => sum + band.median, 0)
  return {
    median,
    low: Math.max(0, median - width(parts.map(({ band }) => Math.max(0, band.median - band.low)))),
    high: median + width(parts.map(({ band }) => Math.max(0, band.high - band.median)))
  }
}
