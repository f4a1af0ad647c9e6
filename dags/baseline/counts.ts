// What came in the days that are compared, hour by hour, read once and kept as numbers side by side.
import { listValue, type DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'

export type Measure = 'arrivals' | 'departures' | 'messages'

/** One feed and what is counted of it. */
export interface FeedCounts {
  /** The contract. */
  source: string
  /** Number of the dictionary of checkpoints; 0 for a contract that names none. */
  checkpoint: number
  measure: Measure
  /** Days since 1970-01-01 of the first that it ever sent. */
  firstDay: number
  /** Of each day 24 hours and the whole day. */
  counts: Int32Array
}

export interface Counts {
  /** Where a day (since 1970-01-01) stands in `counts`; null for a day that was not asked for. */
  placeOf(day: number): number | null
  feeds: readonly FeedCounts[]
}

/** Places of a day: its hours, and the whole of it as hour 24. */
export const DAY_PLACES = 25
export const WHOLE_DAY = 24
export const CROSSINGS = 'gdi.crossing.v1'

const PERSONS: readonly Measure[] = ['arrivals', 'departures']
const SQL = {
  firstDays: loadSql('dags/baseline/first-days.sql'),
  crossings: loadSql('dags/baseline/crossing-hours.sql'),
  others: loadSql('dags/baseline/other-hours.sql')
}

/** Counts of days (since 1970-01-01): persons admitted by direction and, unless only those are asked for, messages. */
export async function readCounts (
  connection: DuckDBConnection, days: readonly number[], only: 'persons' | 'all'
): Promise<Counts> {
  const places = new Map(days.map((day, index) => [day, index * DAY_PLACES]))
  const feeds = await readFeedList(connection, days.length, only)
  const byName = new Map(feeds.map(feed => [nameOf(feed.source, feed.checkpoint, feed.measure), feed.counts]))
  const parameters = { days: listValue([...days]) }
  await addCrossings(connection, parameters, places, byName)
  if (only === 'all') {
    for (const { source, checkpoint, day, hour, messages } of
      await readRows<OtherRow>(connection, SQL.others, parameters)) {
      add(byName.get(nameOf(source, checkpoint, 'messages')), places.get(day), hour, messages)
    }
  }
  return { placeOf: day => places.get(day) ?? null, feeds }
}

interface OtherRow { source: string, checkpoint: number, day: number, hour: number, messages: number }

async function readFeedList (
  connection: DuckDBConnection, days: number, only: 'persons' | 'all'
): Promise<FeedCounts[]> {
  const rows = await readRows<{ source: string, checkpoint: number, day: number }>(connection, SQL.firstDays)
  return rows.flatMap(({ source, checkpoint, day }) => {
    const measures = [...source === CROSSINGS ? PERSONS : [], ...only === 'all' ? ['messages' as const] : []]
    return measures.map(measure =>
      ({ source, checkpoint, measure, firstDay: day, counts: new Int32Array(days * DAY_PLACES) }))
  })
}

/** Chunk by chunk and by position: hundreds of thousands of rows, for which an object each would take the longest. */
async function addCrossings (
  connection: DuckDBConnection, parameters: { days: ReturnType<typeof listValue> }, places: ReadonlyMap<number, number>,
  byName: ReadonlyMap<string, Int32Array>
): Promise<void> {
  const result = await connection.run(SQL.crossings, parameters)
  const targets: (Record<Measure, Int32Array | undefined> | undefined)[] = []
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    const columns = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnVector(index))
    const at = (column: number, row: number): number => columns[column]?.getItem(row) as number
    for (let row = 0; row < chunk.rowCount; row++) {
      const checkpoint = at(0, row)
      const named = (measure: Measure): Int32Array | undefined => byName.get(nameOf(CROSSINGS, checkpoint, measure))
      const target = targets[checkpoint] ??=
        { arrivals: named('arrivals'), departures: named('departures'), messages: named('messages') }
      const place = places.get(at(2, row))
      add(at(1, row) === 1 ? target.arrivals : target.departures, place, at(3, row), at(4, row))
      add(target.messages, place, at(3, row), at(5, row))
    }
  }
}

function add (counts: Int32Array | undefined, place: number | undefined, hour: number, count: number): void {
  if (counts === undefined || place === undefined) return
  for (const index of [place + hour, place + WHOLE_DAY]) counts[index] = (counts[index] ?? 0) + count
}

function nameOf (source: string, checkpoint: number, measure: Measure): string {
  return `${source} ${checkpoint} ${measure}`
}
