// Composing the board from what was read: pure, so that the same figures always give the same board.
import { businessDay, businessHour, formatDay, HOUR_MS } from '../../core/civil-date.ts'
import type { SourceStatus } from '../../core/stage.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { ENUMS } from '../../schemas/enums.ts'
import { type Board, type BoardCheckpoint, type Expected, type Feed, type SmallCount, SMALL_COUNT } from './board-schema.ts'
import { type FlowCounts, type RecentCounts, noFlow } from './count.ts'
import type { Judgements } from './judgements.ts'
import { KIND } from './recent.ts'
import type { DerivedFigures, Waiting } from './slow-figures.ts'

type Lists = Pick<CodeLists, 'checkpoints' | 'codes'>

/** Codes by number, of the dictionaries of the warehouse. */
export interface CodeNames {
  checkpoint: (number: number) => string
  state: (number: number) => string
  visaClass: (number: number) => string
}

export interface ServiceState {
  startedAtMs: number
  loadedThroughMs: number | null
  derivationLagSeconds: number
  sources: readonly SourceStatus[]
  /** The last check of what must always be true; null before the first. */
  integrity: { ok: boolean, atMs: number, failing: readonly string[] } | null
}

export interface BoardParts {
  nowMs: number
  counts: RecentCounts
  derived: DerivedFigures
  waiting: Waiting
  judgements: Judgements
  service: ServiceState
}

/** The board of one instant. */
export function composeBoard (parts: BoardParts, lists: Lists, names: CodeNames): Board {
  const { nowMs, counts, derived, judgements, service } = parts
  const { expected } = judgements
  const feeds = new Map(judgements.feeds.map(feed => [`${feed.source} ${feed.checkpoint ?? ''}`, feedOf(feed)]))
  return {
    at: instantText(nowMs),
    businessDate: formatDay(businessDay(nowMs)),
    hour: businessHour(nowMs),
    startedAt: instantText(service.startedAtMs),
    loadedThrough: service.loadedThroughMs === null ? null : instantText(service.loadedThroughMs),
    derivedThrough: derived?.through ?? null,
    derivedAsOf: derived === null ? null : formatDay(derived.asOf),
    derivationLagSeconds: Math.round(service.derivationLagSeconds),
    country: flow(counts.country, expected.country),
    modes: Object.fromEntries(ENUMS.travel_mode.map((mode, number) =>
      [mode, flow(counts.modes.get(number), expected.modes[mode] ?? null)])),
    checkpoints: checkpoints(parts, lists, names, feeds),
    nationalities: mix(counts.nationalities, names.state, namesOf(lists, 'states')),
    visaClasses: mix(counts.visaClasses, names.visaClass, namesOf(lists, 'visa_classes')),
    refusals: counts.refusals,
    inCountry: derived === null ? null : { foreigners: derived.foreigners, asOf: formatDay(derived.asOf) },
    overstays: derived?.overstays ?? null,
    registrations: { ...counts.registrations, coverageShare: derived?.coverageShare ?? null },
    returnees: returnees(parts, names),
    ...trust(parts),
    feeds: Object.fromEntries(judgements.feeds.filter(({ checkpoint }) => checkpoint === null)
      .map(feed => [feed.source, feedOf(feed)]))
  }
}

const NO_FEED: Feed = {
  state: 'unknown',
  expected: null,
  seen: null,
  silentSince: null,
  lastOccurredAt: null,
  lastReceivedAt: null,
  delayDeskSeconds: null,
  delayBoardSeconds: null
}
/** The feeds of which a checkpoint may be one, the first that is known. */
const CHECKPOINT_FEEDS = ['gdi.crossing.v1', 'gdi.tally.v1']

function checkpoints (
  { nowMs, counts, judgements }: BoardParts, lists: Lists, names: CodeNames, feeds: ReadonlyMap<string, Feed>
): Board['checkpoints'] {
  const today = businessDay(nowMs)
  const byCode = new Map([...counts.checkpoints].map(([number, figures]) => [names.checkpoint(number), figures]))
  const valid = lists.checkpoints.filter(({ code, validFrom, validTo }) => byCode.has(code) ||
    ((validFrom === null || validFrom <= today) && (validTo === null || today <= validTo)))
  return Object.fromEntries(valid.map((entry): [string, BoardCheckpoint] => [entry.code, {
    nameEn: entry.nameEn,
    nameKm: entry.nameKm,
    province: entry.province,
    mode: entry.mode,
    type: entry.class,
    latitude: entry.latitude,
    longitude: entry.longitude,
    ...flow(byCode.get(entry.code), judgements.expected.checkpoints[entry.code] ?? null),
    surge: judgements.surges.has(entry.code),
    feed: CHECKPOINT_FEEDS.map(source => feeds.get(`${source} ${entry.code}`)).find(feed => feed !== undefined) ?? NO_FEED
  }]))
}

function flow (counts: FlowCounts = noFlow(), expected: Expected): Board['country'] {
  const { lastHour, today, sevenDays, thisHour } = counts
  return {
    lastHour: { ...lastHour, net: lastHour.arrivals - lastHour.departures },
    today: { ...today, net: today.arrivals - today.departures },
    sevenDays: { ...sevenDays, net: sevenDays.arrivals - sevenDays.departures },
    thisHour: { ...thisHour, expected }
  }
}

function mix (
  rows: RecentCounts['nationalities'], codeOf: (number: number) => string,
  nameOf: ReadonlyMap<string, { nameEn: string, nameKm: string }>
): Board['nationalities'] {
  const totals = new Map<string, { arrivals: number, departures: number }>()
  for (const { code: number, kind, persons } of rows) {
    if (kind !== KIND.arrival && kind !== KIND.exit) continue
    const code = codeOf(number)
    const total = totals.get(code) ?? { arrivals: 0, departures: 0 }
    total[kind === KIND.arrival ? 'arrivals' : 'departures'] += persons
    totals.set(code, total)
  }
  const codes = [...totals.keys()].filter(code => totals.get(code)!.arrivals + totals.get(code)!.departures > 0)
  return Object.fromEntries(codes.toSorted().map(code => {
    const { arrivals, departures } = totals.get(code)!
    const { nameEn, nameKm } = nameOf.get(code) ?? { nameEn: code, nameKm: '' }
    return [code, { nameEn, nameKm, arrivals: small(arrivals), departures: small(departures) }]
  }))
}

function small (value: number): SmallCount {
  return value > 0 && value < SMALL_COUNT ? { below: SMALL_COUNT } : { value }
}

function namesOf (lists: Lists, list: 'states' | 'visa_classes'): ReadonlyMap<string, { nameEn: string, nameKm: string }> {
  return new Map(lists.codes(list).map(({ code, nameEn, nameKm }) => [code, { nameEn, nameKm }]))
}

function returnees ({ nowMs, counts }: BoardParts, names: CodeNames): Board['returnees'] {
  const { gates, ...periods } = counts.returnees
  return {
    ...periods,
    hoursFrom: instantText(Math.floor(nowMs / HOUR_MS) * HOUR_MS - 23 * HOUR_MS),
    gates: Object.fromEntries([...gates].map(([number, hours]) => {
      return [names.checkpoint(number), { hours, expectedNext: expectedNext(hours) }]
    }))
  }
}

/** The last three full hours, the latest counting most: a wave of people returned has no weekday and no season. */
function expectedNext (hours: readonly number[]): number {
  const [third = 0, second = 0, first = 0] = hours.slice(-4, -1)
  return Math.round((3 * first + 2 * second + third) / 6)
}

function trust ({ waiting, service }: BoardParts): Pick<Board, 'quarantine' | 'sources' | 'gapsOpen' | 'integrity'> {
  const { integrity } = service
  return {
    quarantine: {
      open: Object.values(waiting.byReason).reduce((sum, messages) => sum + messages, 0),
      share: waiting.share,
      byReason: waiting.byReason,
      newest: waiting.newestMs === null ? null : instantText(waiting.newestMs)
    },
    sources: Object.fromEntries(service.sources.map(({ name, state, lag, lastActivityMs }) => [name, {
      state, lag: lag ?? null, lastActivity: lastActivityMs === undefined ? null : instantText(lastActivityMs)
    }])),
    gapsOpen: waiting.gapsOpen,
    integrity: integrity === null
      ? { ok: null, at: null, failing: [] }
      : { ok: integrity.ok, at: instantText(integrity.atMs), failing: [...integrity.failing] }
  }
}

function feedOf ({ source: _source, checkpoint: _checkpoint, ...feed }: Judgements['feeds'][number]): Feed {
  return feed
}

const instantText = (instantMs: number): string => new Date(instantMs).toISOString()
