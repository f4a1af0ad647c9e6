// The recent days in memory: what was loaded since the last look is added to what is known. A look costs what is new,
// however long the history is.
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { businessDay, formatDay } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import { eachRow } from './read-chunks.ts'

const SQL = {
  through: loadSql('serve/board/facts-through.sql'),
  crossings: loadSql('serve/board/crossings-since.sql'),
  tallies: loadSql('serve/board/tallies-since.sql'),
  registrations: loadSql('serve/board/registrations-since.sql')
}
const MINUTE_MS = 60_000
/** Minutes that are kept one by one: the hour that is shown, and one more for events that come late. */
const MINUTES_KEPT = 120
/** The business date and the six before it. */
export const DAYS_KEPT = 7
/** The hour of what has a date only. */
export const NO_HOUR = 24
const HOURS = 25
const CHECKPOINTS = 32_768
const MODES = 4
const KINDS = 4

/** The number of the code `unknown` in every dictionary. */
const UNKNOWN = 0

/** What is counted of persons: returnees are arrivals too. */
export const KIND = { arrival: 0, exit: 1, refused: 2, returnee: 3 } as const
/** How crossings-since.sql tells its four parts apart. */
const PART = { hour: 7, nationality: 11, visaClass: 13, minute: 14 } as const

export interface RecentCell { time: number, checkpoint: number, mode: number, kind: number, persons: number }

export interface Recent {
  /** Adds what was loaded since; forgets what is past. Starts anew after an error, and if time went back. */
  read (connection: DuckDBConnection, nowMs: number): Promise<void>
  /** The sequence up to which facts are in. */
  through (): number
  /** Milliseconds since 1970 of the receipt of the newest fact; null before the first. */
  receivedMs (): number | null
  /** By hour: `time` is day × 25 + hour, where hour 24 is what has a date only. */
  hours (): Iterable<RecentCell>
  /** By minute since 1970, of the last two hours. */
  minutes (): Iterable<RecentCell>
  /** Admitted persons of a day by number of nationality or of visa class. */
  mix (dimension: 'nationality' | 'visaClass', day: number): { code: number, kind: number, persons: number }[]
  registrations (): { days: ReadonlyMap<number, number>, minutes: ReadonlyMap<number, number> }
}

/** A window that is empty until it is read. `nationals` is the number of the nationality of nationals. */
export function createRecent (nationals: number): Recent {
  const hours = new Map<number, number>()
  const minutes = new Map<number, number>()
  const mixes = { nationality: new Map<number, number>(), visaClass: new Map<number, number>() }
  const registered = { days: new Map<number, number>(), minutes: new Map<number, number>() }
  const all = [hours, minutes, ...Object.values(mixes), ...Object.values(registered)]
  let through = 0
  let receivedMs: number | null = null
  let firstDay = 0

  function reset (): void {
    for (const map of all) map.clear()
    through = 0
  }

  async function read (connection: DuckDBConnection, nowMs: number): Promise<void> {
    const first = businessDay(nowMs) - DAYS_KEPT + 1
    if (first < firstDay) reset()
    firstDay = first
    const sinceMinute = Math.floor(nowMs / MINUTE_MS) - MINUTES_KEPT
    const [now] = await readRows<{ through: number | null, received_ms: bigint | null }>(
      connection, SQL.through, { after: through })
    if (now?.through != null) {
      try {
        await add(connection, now.through, sinceMinute * MINUTE_MS)
      } catch (error) {
        reset()
        throw error
      }
      through = now.through
      receivedMs = Math.max(receivedMs ?? 0, Number(now.received_ms))
    }
    forget(sinceMinute)
  }

  async function add (connection: DuckDBConnection, next: number, sinceMs: number): Promise<void> {
    const between = { after: through, through: next, first_date: formatDay(firstDay) }
    await eachRow(connection, SQL.crossings, { ...between, nationals, since_ms: BigInt(sinceMs) }, addCrossings)
    await eachRow(connection, SQL.tallies, between, row => {
      const [day, checkpoint, mode, kind, nationality, persons] = row as number[] as Six
      increase(hours, cellKey(day * HOURS + NO_HOUR, checkpoint, mode, kind), persons)
      increase(mixes.nationality, mixKey(day, nationality, kind), persons)
      increase(mixes.visaClass, mixKey(day, UNKNOWN, kind), persons)
    })
    await eachRow(connection, SQL.registrations, { ...between, since_ms: BigInt(sinceMs) }, ([day, minute, count]) => {
      increase(registered.days, day as number, count as number)
      if (minute !== null) increase(registered.minutes, minute as number, count as number)
    })
  }

  function addCrossings (row: readonly DuckDBValue[]): void {
    const [part, day, hour, checkpoint, mode, kind, , code, minute, persons] = row as number[] as Ten
    if (part === PART.nationality) increase(mixes.nationality, mixKey(day, code, kind), persons)
    else if (part === PART.visaClass) increase(mixes.visaClass, mixKey(day, code, kind), persons)
    else {
      if (part === PART.minute && row[8] === null) return
      const [map, time] = part === PART.minute ? [minutes, minute] as const : [hours, day * HOURS + hour] as const
      increase(map, cellKey(time, checkpoint, mode, kind), persons)
      if (row[6] === true) increase(map, cellKey(time, checkpoint, mode, KIND.returnee), persons)
    }
  }

  function forget (sinceMinute: number): void {
    forgetBelow(hours, cellKey(firstDay * HOURS, 0, 0, 0))
    forgetBelow(minutes, cellKey(sinceMinute, 0, 0, 0))
    for (const mix of Object.values(mixes)) forgetBelow(mix, mixKey(firstDay, 0, 0))
    forgetBelow(registered.days, firstDay)
    forgetBelow(registered.minutes, sinceMinute)
  }

  return {
    read,
    through: () => through,
    receivedMs: () => receivedMs,
    hours: () => cells(hours),
    minutes: () => cells(minutes),
    mix (dimension, day) {
      const low = mixKey(day, 0, 0)
      const high = mixKey(day + 1, 0, 0)
      return [...mixes[dimension]].filter(([key, persons]) => key >= low && key < high && persons !== 0)
        .map(([key, persons]) => ({ code: Math.floor((key - low) / KINDS), kind: key % KINDS, persons }))
    },
    registrations: () => registered
  }
}

type Six = [number, number, number, number, number, number]
type Ten = [...Six, number, number, number, number]

function cellKey (time: number, checkpoint: number, mode: number, kind: number): number {
  return ((time * CHECKPOINTS + checkpoint) * MODES + mode) * KINDS + kind
}

function mixKey (day: number, code: number, kind: number): number {
  return (day * CHECKPOINTS + code) * KINDS + kind
}

function * cells (map: ReadonlyMap<number, number>): Generator<RecentCell> {
  for (const [key, persons] of map) {
    const place = Math.floor(key / KINDS)
    const gate = Math.floor(place / MODES)
    yield {
      time: Math.floor(gate / CHECKPOINTS),
      checkpoint: gate % CHECKPOINTS,
      mode: place % MODES,
      kind: key % KINDS,
      persons
    }
  }
}

function increase (map: Map<number, number>, key: number, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by)
}

function forgetBelow (map: Map<number, number>, low: number): void {
  for (const key of map.keys()) if (key < low) map.delete(key)
}
