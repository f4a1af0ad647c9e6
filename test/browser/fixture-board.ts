// A board in a state that a test wants: every gate, with figures that depend on its place in the list only.
import type { Band, Board, BoardCheckpoint, BoardSeries, Feed, Flow } from '../../serve/board/board-schema.ts'
import { loadCodeLists } from '../../schemas/code-lists/index.ts'

const lists = loadCodeLists()
/** Sunday 22 November 2026, 14:40 in Cambodia. */
export const AT = '2026-11-22T07:40:00.000Z'
export const BUSINESS_DATE = '2026-11-22'

/** Persons an hour at a gate of a normal day. */
const HOURLY: Record<string, number> = {
  'KHC-KTI': 620, 'KHC-SAI': 330, 'KHC-BVT': 410, 'KHC-POI': 280, 'KHC-PDN': 60, 'KHC-CYM': 75, 'KHC-OSM': 40, 'KHC-KOS': 55,
  'KHC-TPP': 48, 'KHC-TPK': 42, 'KHC-DNG': 66, 'KHC-PRM': 30, 'KHC-PCK': 34, 'KHC-OYD': 12, 'KHC-KSN': 21, 'KHC-CTM': 17
}
const CLOSED = ['KHC-DSY', 'KHC-TMD', 'KHC-CBK', 'KHC-ASE']

/** The ordinary board: all is well. */
export function fixtureBoard (change: (board: Board) => void = () => {}): Board {
  const gates = lists.checkpoints.filter(({ validTo }) => validTo === null)
  const checkpoints = Object.fromEntries(gates.map(gate => [gate.code, checkpointOf(gate)]))
  const board: Board = {
    at: AT,
    businessDate: BUSINESS_DATE,
    hour: 14,
    startedAt: '2026-11-20T22:10:00.000Z',
    loadedThrough: '2026-11-22T07:39:56.000Z',
    derivedThrough: 1234,
    derivedAsOf: BUSINESS_DATE,
    derivationLagSeconds: 3.2,
    country: flow(Object.values(HOURLY).reduce((sum, n) => sum + n, 0)),
    modes: { air: flow(1005), land: flow(1003), river: flow(21), sea: flow(4) },
    checkpoints,
    nationalities: mix('states', ['KHM', 'VNM', 'THA', 'CHN', 'LAO', 'KOR', 'USA', 'FRA', 'GBR', 'JPN', 'DEU', 'AUS']),
    visaClasses: mix('visas', ['T', 'exempt', 'E', 'border_pass', 'EB', 'K', 'B', 'D']),
    refusals: { lastHour: 1, today: 14, sevenDays: 96 },
    inCountry: { foreigners: 312_480, asOf: BUSINESS_DATE },
    overstays: [['1-7', 2140], ['8-30', 1411], ['31-90', 902], ['91-180', 377], ['181-365', 205], ['366+', 61]]
      .map(([lengthBand, people]) => ({ lengthBand: String(lengthBand), people: Number(people) })),
    registrations: { lastHour: 188, today: 2_961, sevenDays: 24_730, coverageShare: 0.873 },
    returnees: {
      lastHour: 46, today: 512, sevenDays: 2_044, hoursFrom: '2026-11-21T08:00:00.000Z',
      gates: {
        'KHC-DNG': { hours: surge(24, 18), expectedNext: 61.5 },
        'KHC-POI': { hours: surge(24, 6), expectedNext: 14 },
        'KHC-OSM': { hours: surge(24, 2), expectedNext: null }
      }
    },
    quarantine: { open: 23, share: 0.0012, byReason: { schema: 14, code_unknown: 6, checkpoint_unknown: 3 }, newest: '2026-11-22T07:12:30.000Z' },
    sources: { kafka: { state: 'running', lag: 0, lastActivity: '2026-11-22T07:39:56.000Z' }, http: { state: 'running', lag: null, lastActivity: '2026-11-22T07:39:51.000Z' } },
    feeds: { 'fpcs.registration.v1': feed('live', 188), 'gdi.extension.v1': feed('live', 12) },
    gapsOpen: 0,
    integrity: { ok: true, at: '2026-11-21T19:00:00.000Z', failing: [] }
  }
  change(board)
  return board
}

/** A board on which something is wrong: one gate silent, one late, one surging. */
export function troubledBoard (): Board {
  return fixtureBoard(board => {
    const gate = (code: string): BoardCheckpoint => board.checkpoints[code] as BoardCheckpoint
    gate('KHC-POI').feed = { ...feed('silent', 280), seen: 0, silentSince: '2026-11-22T06:05:00.000Z', lastOccurredAt: '2026-11-22T06:04:12.000Z' }
    gate('KHC-POI').lastHour = { arrivals: 0, departures: 0, net: 0 }
    gate('KHC-SAI').feed = { ...feed('late', 330), delayBoardSeconds: 1_260 }
    gate('KHC-DNG').surge = true
    gate('KHC-DNG').lastHour = { arrivals: 214, departures: 11, net: 203 }
  })
}

/** A series of the days or hours asked for. */
export function fixtureSeries (query: { grain: string, from: string, to: string, checkpoint?: string }): BoardSeries {
  const size = query.checkpoint === undefined ? 2_050 : HOURLY[query.checkpoint] ?? 8
  const days = Math.round((Date.parse(query.to) - Date.parse(query.from)) / 86_400_000) + 1
  const count = query.grain === 'day' ? days : query.to === BUSINESS_DATE ? 15 : 24
  const points = Array.from({ length: count }, (_, i) => {
    const ofHour = 0.25 + 0.9 * Math.sin(Math.PI * Math.min(1, (i + 1) / 22))
    const usual = size * (query.grain === 'day' ? 13 : ofHour)
    const wave = 1 + 0.16 * Math.sin(i * 2.3) + (i === 9 ? 0.3 : 0)
    const point = (share: number): [number, number, number, number] =>
      [Math.round(usual * share * wave / 2), usual * share / 2, usual * share * 0.41, usual * share * 0.59]
    const [arrivals, expectedArrivals, arrivalsLow, arrivalsHigh] = point(1.04)
    const [departures, expectedDepartures, departuresLow, departuresHigh] = point(0.96)
    const time = query.grain === 'day'
      ? new Date(Date.parse(query.from) + i * 86_400_000).toISOString().slice(0, 10)
      : `${query.from}T${String(i).padStart(2, '0')}`
    return {
      time, arrivals, departures, expectedArrivals, arrivalsLow, arrivalsHigh, expectedDepartures, departuresLow,
      departuresHigh
    }
  })
  const { grain, from, to, checkpoint = null } = query
  return { grain: grain as 'hour', from, to, checkpoint, mode: null, points }
}

type Listed = (typeof lists.checkpoints)[number]

function checkpointOf (listed: Listed): BoardCheckpoint {
  const { code, nameEn, nameKm, province, mode, class: type, latitude, longitude } = listed
  const size = HOURLY[code] ?? 6
  return {
    nameEn, nameKm: nameKm ?? '', province, mode, type, latitude, longitude, ...flow(CLOSED.includes(code) ? 0 : size),
    surge: false, feed: CLOSED.includes(code) ? feed('closed', 0) : feed(size < 8 ? 'unknown' : 'live', size)
  }
}

function flow (size: number): Flow {
  const directions = (n: number): Flow['today'] => {
    const [arrivals, departures] = [Math.round(n * 0.52), Math.round(n * 0.48)]
    return { arrivals, departures, net: arrivals - departures }
  }
  const band = (n: number): Band => ({ median: n, low: Math.floor(n * 0.82), high: Math.ceil(n * 1.18) })
  return {
    lastHour: directions(size), today: directions(size * 9.6), sevenDays: directions(size * 92),
    thisHour: {
      arrivals: Math.round(size * 0.35), departures: Math.round(size * 0.32),
      expected: size < 8 ? null : { arrivals: band(size * 0.52), departures: band(size * 0.48) }
    }
  }
}

function feed (state: Feed['state'], size: number): Feed {
  const known = state !== 'unknown' && state !== 'closed'
  return {
    state, expected: known ? size : state === 'closed' ? 0 : null, seen: known ? Math.round(size * 0.97) : 0, silentSince: null,
    lastOccurredAt: known ? '2026-11-22T07:39:41.000Z' : null, lastReceivedAt: known ? '2026-11-22T07:39:52.000Z' : null,
    delayDeskSeconds: known ? 2.1 : null, delayBoardSeconds: known ? 4.4 : null
  }
}

function mix (kind: 'states' | 'visas', codes: string[]): Board['nationalities'] {
  const names = new Map([...lists.codes('states'), ...lists.codes('visa_classes')].map(({ code, nameEn, nameKm }) => [code, { nameEn, nameKm: nameKm ?? '' }]))
  return Object.fromEntries(codes.map((code, i) => {
    const arrivals = Math.round((kind === 'states' ? 4_200 : 6_900) / (i + 1) ** 1.9)
    const count = (n: number): { value: number } | { below: 5 } => n < 40 ? { below: 5 } : { value: n }
    return [code, { ...names.get(code) ?? { nameEn: code, nameKm: '' }, arrivals: count(arrivals), departures: count(Math.round(arrivals * 0.86)) }]
  }))
}

function surge (length: number, size: number): number[] {
  return Array.from({ length }, (_, i) =>
    Math.round(size * Math.exp(-((i - 19) ** 2) / 14) * 3 + (i % 5 === 0 ? 1 : 0)))
}
