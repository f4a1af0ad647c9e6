// From messages as they are loaded to what is expected, and to the state of every feed.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DuckDBConnection } from '@duckdb/node-api'
import { HOUR_MS, formatDay } from '../../../core/civil-date.ts'
import {
  expectedFor, readBaselineState, readFeeds, readSurges, refreshBaseline, type Feed
} from '../../../dags/baseline/index.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists, loadMessages, openTestWarehouse, type TestMessage } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing } from '../derivation/messages.ts'
import { contextOf, day } from './history.ts'

/** A Wednesday; the eight before it hold no holiday but one. */
const TODAY = '2025-08-13'
const NOW_MS = at(`${TODAY}T10:30:00`)
const FIRST = day('2025-06-18')
const PASSPORT = { type: 'passport', issuing_state: 'DEU', number: 'P1' }

let warehouse: Warehouse
let connection: DuckDBConnection
beforeEach(async () => {
  warehouse = await openTestWarehouse(await temporaryFolder())
  connection = await warehouse.connect()
})
afterEach(async () => { await warehouse.close() })

/** Received four seconds after the desk stored it, which is two after it happened. */
function arrival (id: string, local: string, more: Record<string, unknown> = {}): TestMessage {
  const recorded = new Date(at(local) + 2000).toISOString()
  const { bytes } = crossing(id, local, 'arrival', id, { recorded_at: recorded, ...more })
  return { bytes, receivedAtMs: at(local) + 6000 }
}

function other (local: string, fields: Record<string, unknown>): TestMessage {
  return { bytes: Buffer.from(JSON.stringify({ revision: 1, action: 'record', ...fields })), receivedAtMs: at(local) + 3000 }
}

const tally = (id: string, local: string, date: string): TestMessage => other(local, {
  contract: 'gdi.tally.v1', tally_id: id, recorded_at: `${local}+07:00`, checkpoint: 'KHC-BVT', date,
  direction: 'arrival', nationality: 'VNM', count: 40
})

const extension = (id: string, local: string): TestMessage => other(local, {
  contract: 'gdi.extension.v1', extension_id: id, granted_at: `${local}+07:00`, document: PASSPORT,
  visa: { class: 'EB', permitted_until: '2026-08-01' }
})

const registration = (id: string, local: string): TestMessage => other(local, {
  contract: 'fpcs.registration.v1', registration_id: id, registered_at: `${local}+07:00`, channel: 'app', reporter: 'owner',
  accommodation: { id: 'A1', type: 'hotel', province: 'KH-12' }, document: PASSPORT,
  traveller: { nationality: 'DEU', sex: 'F' }, check_in: local.slice(0, 10)
})

/** On every day from eight weeks ago through yesterday: twelve arrivals in each hour from 8 to 12 at Bavet. */
function history (perHour = 12): TestMessage[] {
  const messages: TestMessage[] = []
  for (let each = FIRST; each < day(TODAY); each++) {
    for (let hour = 8; hour < 12; hour++) messages.push(...arrivals(formatDay(each), hour, perHour))
  }
  return messages
}

function arrivals (date: string, hour: number, count: number, lastMinute = 59): TestMessage[] {
  return Array.from({ length: count }, (_, i) => {
    const minute = Math.floor(i * (lastMinute + 1) / count)
    return arrival(`${date}-${hour}-${i}`, `${date}T${two(hour)}:${two(minute)}:00`)
  })
}

async function feedsAt (nowMs: number): Promise<(source: string, checkpoint: string | null) => Feed> {
  const feeds = await readFeeds(connection, { nowMs, lists: codeLists })
  return (source, checkpoint) => feeds.find(feed => feed.source === source && feed.checkpoint === checkpoint)!
}

const refresh = async (nowMs = NOW_MS): Promise<void> => {
  await refreshBaseline(connection, { ...contextOf(warehouse), nowMs })
}

describe('a refresh', () => {
  it('stores what is expected of yesterday, today and a week to come, and may be repeated', async () => {
    expect(await readBaselineState(connection)).toBeNull()
    await loadMessages(warehouse, history())
    await refresh()
    await refresh()
    expect(await readBaselineState(connection))
      .toEqual({ firstDay: day(TODAY) - 1, lastDay: day(TODAY) + 7, refreshedAtMs: NOW_MS })
    const stored = await connection.runAndReadAll('select count(*), count(distinct (business_date, business_hour, source, ' +
      'checkpoint, measure)) from main.baseline')
    const [[rows, keys]] = stored.getRows() as [[bigint, bigint]]
    // One gate in three measures, nine days, 24 hours and the whole day.
    expect([rows, keys]).toEqual([675n, 675n])
  })

  it('expects of an hour and of a day what the weeks before had', async () => {
    await loadMessages(warehouse, history())
    await refresh()
    const hour = await expectedFor(connection, { date: TODAY, hour: 9, lists: codeLists })
    const bavet = hour.checkpoints.get('KHC-BVT')!
    expect(bavet).toMatchObject({ closed: false, basis: 'weekday', arrivals: { median: 12 }, departures: { median: 0 } })
    // Three times the square root of twelve to each side.
    expect(bavet.arrivals!.low).toBeCloseTo(12 - 3 * Math.sqrt(12), 6)
    expect(bavet.arrivals!.high).toBeCloseTo(12 + 3 * Math.sqrt(12), 6)
    expect(hour.modes.get('land')!.arrivals).toEqual(bavet.arrivals)
    expect(hour.country.arrivals).toEqual(bavet.arrivals)
    const whole = await expectedFor(connection, { date: TODAY, hour: null, lists: codeLists })
    expect(whole.country.arrivals!.median).toBe(48)
    expect((await expectedFor(connection, { date: '2025-09-01', hour: 9 })).checkpoints.size).toBe(0)
  })

  it('counts a refused traveller as a message, not as a person, and a voided one not at all', async () => {
    const more = (id: string, fields: Record<string, unknown>): TestMessage[] =>
      Array.from({ length: 8 }, (_, week) => {
        const date = formatDay(day(TODAY) - 7 * (week + 1))
        return arrival(`${id}-${date}`, `${date}T09:30:00`, fields)
      })
    await loadMessages(warehouse, [
      ...history(), ...more('refused', { decision: 'refused', refusal_reason: 'no_visa' }), ...more('void', {}),
      ...more('void', { revision: 2, action: 'void' })
    ])
    await refresh()
    const { arrivals } = (await expectedFor(connection, { date: TODAY, hour: 9 })).checkpoints.get('KHC-BVT')!
    expect(arrivals!.median).toBe(12)
    const [row] = (await connection.runAndReadAll('select median from main.baseline where business_hour = 9 ' +
      `and business_date = date '${TODAY}' and measure = 'messages'`)).getRows()
    expect(row).toEqual([13])
  })

  it('puts an hour by UTC+7: half past midnight there is the day before in UTC', async () => {
    const nights = Array.from({ length: 8 }, (_, week) => formatDay(day(TODAY) - 7 * (week + 1)))
    await loadMessages(warehouse, nights.flatMap(date => [
      arrival(`a-${date}`, `${date}T00:30:00`), arrival(`b-${date}`, `${date}T00:40:00`), arrival(`c-${date}`, `${date}T23:50:00`)
    ]))
    await refresh()
    const medianAt = async (hour: number): Promise<number | undefined> =>
      (await expectedFor(connection, { date: TODAY, hour })).country.arrivals?.median
    // Bavet is open from six: at night nothing is expected by schedule, unless people pass as if it were open.
    expect([await medianAt(0), await medianAt(1), await medianAt(23)]).toEqual([2, 0, 1])
  })
})

describe('the feeds of loaded messages', () => {
  it('are live with their counts and delays, then silent since their last message, then live again', async () => {
    await loadMessages(warehouse, [
      ...history(), ...arrivals(TODAY, 8, 12), ...arrivals(TODAY, 9, 12), ...arrivals(TODAY, 10, 6, 29)
    ])
    await refresh()
    const now = (await feedsAt(NOW_MS))('gdi.crossing.v1', 'KHC-BVT')
    const lastMs = at(`${TODAY}T10:25:00`)
    expect(now).toEqual({
      source: 'gdi.crossing.v1',
      checkpoint: 'KHC-BVT',
      state: 'live',
      expected: 6,
      seen: 6,
      silentSinceMs: null,
      lastOccurredAtMs: lastMs,
      lastReceivedAtMs: lastMs + 6000,
      delayDeskSecondsP50: 2,
      delayBoardSecondsP50: 4
    })
    const later = (await feedsAt(NOW_MS + HOUR_MS))('gdi.crossing.v1', 'KHC-BVT')
    expect(later).toMatchObject({ state: 'silent', seen: 0, silentSinceMs: lastMs + 6000, expected: 6 })
    await loadMessages(warehouse, arrivals(TODAY, 11, 6, 29))
    expect((await feedsAt(NOW_MS + HOUR_MS))('gdi.crossing.v1', 'KHC-BVT')).toMatchObject({ state: 'live', seen: 6 })
  })

  it('are late where messages come long after the event', async () => {
    await loadMessages(warehouse, [...history(), ...arrivals(TODAY, 9, 12).map(message =>
      ({ ...message, receivedAtMs: at(`${TODAY}T10:29:00`) }))])
    await refresh()
    expect((await feedsAt(NOW_MS))('gdi.crossing.v1', 'KHC-BVT').state).toBe('late')
  })

  it('are closed by schedule where nothing comes, and unknown before anything can be expected', async () => {
    await refresh()
    const feed = await feedsAt(NOW_MS)
    expect(feed('gdi.crossing.v1', 'KHC-BVT')).toMatchObject({ state: 'unknown', expected: null, seen: 0, lastOccurredAtMs: null })
    expect((await feedsAt(at(`${TODAY}T02:30:00`)))('gdi.crossing.v1', 'KHC-BVT').state).toBe('closed')
  })

  it('remember the last message of a feed that has been quiet for weeks', async () => {
    await loadMessages(warehouse, [arrival('old', '2025-07-01T08:00:00'), arrival('older', '2025-06-30T08:00:00')])
    await refresh()
    const { lastOccurredAtMs, lastReceivedAtMs } = (await feedsAt(NOW_MS))('gdi.crossing.v1', 'KHC-BVT')
    expect([lastOccurredAtMs, lastReceivedAtMs]).toEqual([at('2025-07-01T08:00:00'), at('2025-07-01T08:00:06')])
  })

  it('are also those of tallies, extensions and registrations, each by its own messages', async () => {
    const dates = Array.from({ length: 56 }, (_, i) => formatDay(FIRST + i))
    const times = Array.from({ length: 4 }, (_, i) => `09:${two(10 + i * 10)}:00`)
    await loadMessages(warehouse, dates.flatMap(date => [
      tally(`t-${date}`, `${date}T09:15:00`, formatDay(day(date) - 1)),
      ...times.flatMap(time => [extension(`e-${date}-${time}`, `${date}T${time}`), registration(`r-${date}-${time}`, `${date}T${time}`)])
    ]))
    await loadMessages(warehouse, [
      tally('t-now', `${TODAY}T09:05:00`, '2025-08-12'), extension('e-now', `${TODAY}T09:20:00`),
      registration('r-now', `${TODAY}T09:25:00`), registration('r-now-2', `${TODAY}T09:29:00`)
    ])
    await refresh()
    const feed = await feedsAt(at(`${TODAY}T09:30:00`))
    expect(feed('gdi.tally.v1', 'KHC-BVT')).toMatchObject({
      state: 'live', seen: 1, expected: 0.5, lastOccurredAtMs: at(`${TODAY}T09:05:00`)
    })
    expect(feed('gdi.extension.v1', null)).toMatchObject({ state: 'live', seen: 1, expected: 2 })
    expect(feed('fpcs.registration.v1', null)).toMatchObject({
      state: 'live', seen: 2, expected: 2, lastReceivedAtMs: at(`${TODAY}T09:29:03`), delayDeskSecondsP50: 0
    })
    // A surge is of people at a gate: nothing of this is one.
    expect(await readSurges(connection, { ...contextOf(warehouse), from: TODAY, to: TODAY })).toEqual([])
  })
})

function at (local: string): number {
  return Date.parse(`${local}+07:00`)
}

function two (number: number): string {
  return String(number).padStart(2, '0')
}
