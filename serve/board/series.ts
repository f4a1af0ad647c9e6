// Arrivals and exits over time, by hour or day, of the country, a mode or a checkpoint: what the board's charts show.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, businessHour, formatDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { BorderflowError } from '../../core/errors.ts'
import { loadSql } from '../../core/sql.ts'
import type { Band, BoardSeries } from './board-schema.ts'

export interface SeriesRequest {
  /** Days since 1970-01-01, both inclusive. */
  from: number
  to: number
  grain: 'hour' | 'day'
  checkpoint: string | null
  mode: BoardSeries['mode']
}

export interface ExpectedPoint { arrivals: Band | null, departures: Band | null }
/** What is expected at each time of a series (`YYYY-MM-DDTHH` or `YYYY-MM-DD`), where it is known. Handed in. */
export type ReadExpected = (
  connection: DuckDBConnection, request: SeriesRequest
) => Promise<ReadonlyMap<string, ExpectedPoint>>

const SQL = {
  hours: loadSql('serve/board/series-hours.sql'),
  modeHours: loadSql('serve/board/series-mode-hours.sql'),
  days: loadSql('serve/board/series-days.sql')
}
/** More would be no chart. */
const DAYS_MAX = { hour: 62, day: 3_660 }

interface Row { day: number, hour: number, arrivals: bigint, departures: bigint }

/** Reads a series up to now. Throws QUERY_INVALID for a range that is none or too long, or an unknown checkpoint. */
export async function readSeries (
  connection: DuckDBConnection, request: SeriesRequest,
  context: { nowMs: number, checkpoints: ReadonlyMap<string, number>, expected?: ReadExpected }
): Promise<BoardSeries> {
  const { grain, checkpoint, mode, from, to } = request
  checkRange(request)
  const number = checkpoint === null ? null : context.checkpoints.get(checkpoint)
  if (number === undefined) {
    throw new BorderflowError('QUERY_INVALID', {
      expected: 'the code of a checkpoint', found: 'one that is not in the list', where: 'checkpoint'
    })
  }
  const parameters = { from: formatDay(from), to: formatDay(to), checkpoint: number }
  const rows = grain === 'day' || mode !== null
    ? await readRows<Row>(connection, grain === 'day' ? SQL.days : SQL.modeHours, { ...parameters, mode })
    : await readRows<Row>(connection, SQL.hours, parameters)
  const expected = await context.expected?.(connection, request)
  const byTime = new Map(rows.map(row => [timeText(grain, row.day, row.hour), row]))
  return {
    grain,
    from: formatDay(from),
    to: formatDay(to),
    checkpoint,
    mode,
    points: timesOf(request, context.nowMs).map(time => point(time, byTime.get(time), expected?.get(time)))
  }
}

function checkRange ({ from, to, grain }: SeriesRequest): void {
  if (from <= to && to - from < DAYS_MAX[grain]) return
  throw new BorderflowError('QUERY_INVALID', {
    expected: `from and to in order, at most ${DAYS_MAX[grain]} days by ${grain}`,
    found: from > to ? 'an end before the beginning' : `${to - from + 1} days`,
    where: 'from, to'
  })
}

function timesOf ({ from, to, grain }: SeriesRequest, nowMs: number): string[] {
  const today = businessDay(nowMs)
  const days = Array.from({ length: Math.max(0, Math.min(to, today) - from + 1) }, (_, index) => from + index)
  if (grain === 'day') return days.map(day => timeText(grain, day, 0))
  return days.flatMap(day => Array.from(
    { length: day === today ? businessHour(nowMs) + 1 : 24 }, (_, hour) => timeText(grain, day, hour)))
}

/** How a series names an hour or a day. */
export function timeText (grain: SeriesRequest['grain'], day: number, hour: number): string {
  return grain === 'day' ? formatDay(day) : `${formatDay(day)}T${String(hour).padStart(2, '0')}`
}

function point (time: string, row: Row | undefined, expected: ExpectedPoint | undefined): BoardSeries['points'][number] {
  const { arrivals = null, departures = null } = expected ?? {}
  return {
    time,
    arrivals: Number(row?.arrivals ?? 0),
    departures: Number(row?.departures ?? 0),
    expectedArrivals: arrivals?.median ?? null,
    arrivalsLow: arrivals?.low ?? null,
    arrivalsHigh: arrivals?.high ?? null,
    expectedDepartures: departures?.median ?? null,
    departuresLow: departures?.low ?? null,
    departuresHigh: departures?.high ?? null
  }
}
