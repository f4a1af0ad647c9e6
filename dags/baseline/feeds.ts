// The state of every feed: a contract at a checkpoint, or a contract that names none.
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, businessHour, formatDay, HOUR_MS, PHNOM_PENH_OFFSET_MS } from '../../core/civil-date.ts'
import { readRows } from '../../core/database.ts'
import { loadSql } from '../../core/sql.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { CROSSINGS } from './counts.ts'
import { DEFAULT_FEED_LIMITS, judgeFeed, type ExpectedHour, type FeedLimits, type FeedState } from './feed-state.ts'

export interface Feed {
  /** The contract. */
  source: string
  /** Null for a contract that names no checkpoint. */
  checkpoint: string | null
  state: FeedState
  /** Messages usual by this moment of the hour; null where too few days can be compared. */
  expected: number | null
  /** Messages of this hour so far. */
  seen: number
  /** When the last message came, of a silent feed. */
  silentSinceMs: number | null
  lastOccurredAtMs: number | null
  lastReceivedAtMs: number | null
  /** Median seconds from the event to the desk system, and from there to here, of what came in the last hour. */
  delayDeskSecondsP50: number | null
  delayBoardSecondsP50: number | null
}

export interface FeedsContext {
  nowMs: number
  lists: Pick<CodeLists, 'checkpoints' | 'hoursOn'>
  limits?: FeedLimits
}

interface RecentRow {
  source: string
  code: string
  last_occurred_ms: bigint | null
  last_received_ms: bigint | null
  seen: bigint | null
  delay_desk: number | null
  delay_board: number | null
}

/** Of one feed; null where this hour is not stored. */
interface ExpectedRow {
  source: string
  code: string
  first_hour: number
  means: (number | null)[]
  median: number | null
  dispersion: number | null
  is_closed: boolean | null
}

const RECENT = loadSql('dags/baseline/feeds.sql').replace('/* recent */', loadSql('dags/baseline/recent-messages.sql'))
const NEWEST = loadSql('dags/baseline/newest-sequence.sql')
/** Of so many of the latest crossings delays are taken: enough for a median, as quick on a busy day as on any other. */
const DELAYS_MAX = 20_000
const HOURS = loadSql('dags/baseline/feed-hours.sql')

/** Every feed by source and checkpoint. Reads the facts of yesterday and today, and what the last refresh stored. */
export async function readFeeds (connection: DuckDBConnection, context: FeedsContext): Promise<Feed[]> {
  const { nowMs, lists, limits = DEFAULT_FEED_LIMITS } = context
  const today = businessDay(nowMs)
  const micros = (ms: number): bigint => BigInt(Math.trunc(ms)) * 1000n
  const [newest] = await readRows<{ sequence: number | null }>(connection, NEWEST)
  const recent = await readRows<RecentRow>(connection, RECENT, {
    today: formatDay(today),
    hour: businessHour(nowMs),
    now_us: micros(nowMs),
    since_us: micros(nowMs - HOUR_MS),
    after_sequence: Math.max(0, (newest?.sequence ?? 0) - DELAYS_MAX)
  })
  const expected = await readRows<ExpectedRow>(connection, HOURS, {
    today: formatDay(today), hour: businessHour(nowMs)
  })
  const rows = new Map(recent.map(row => [key(row.source, row.code), row]))
  const expectedOf = new Map(expected.map(row => [key(row.source, row.code), row]))
  const openToday = lists.checkpoints.filter(({ validFrom, validTo }) =>
    (validFrom ?? -Infinity) <= today && today <= (validTo ?? Infinity))
  const keys = new Set([...openToday.map(({ code }) => key(CROSSINGS, code)), ...expectedOf.keys(), ...rows.keys()])
  return [...keys].sort().map(name => {
    const [source, code] = name.split(' ') as [string, string]
    return describe(source, code, rows.get(name), expectedOf.get(name), { nowMs, lists, limits })
  })
}

function describe (
  source: string, code: string, row: RecentRow | undefined, stored: ExpectedRow | undefined,
  context: Required<FeedsContext>
): Feed {
  const { nowMs, lists, limits } = context
  const today = businessDay(nowMs)
  const hour = businessHour(nowMs)
  const hours: ExpectedHour[] = (stored?.means ?? []).map((mean, index) => ({
    startMs: ((stored?.first_hour ?? 0) + index) * HOUR_MS - PHNOM_PENH_OFFSET_MS, mean
  })).filter(({ startMs }) => startMs <= nowMs)
  const lastOccurredAtMs = numberOrNull(row?.last_occurred_ms)
  const lastReceivedAtMs = numberOrNull(row?.last_received_ms)
  const seen = Number(row?.seen ?? 0)
  const median = stored?.median ?? null
  const delayDesk = row?.delay_desk ?? null
  const delayBoard = row?.delay_board ?? null
  const state = judgeFeed({
    hours,
    dispersion: stored?.dispersion ?? 1,
    isClosed: stored?.is_closed ?? (code !== NO_CHECKPOINT && !isOpen(lists, code, today, hour)),
    seen,
    lastOccurredAtMs,
    lastReceivedAtMs,
    delaySeconds: delayDesk === null || delayBoard === null ? null : delayDesk + delayBoard
  }, nowMs, limits)
  const elapsed = (nowMs - Math.floor(nowMs / HOUR_MS) * HOUR_MS) / HOUR_MS
  return {
    source,
    checkpoint: code === NO_CHECKPOINT ? null : code,
    state,
    expected: median === null ? null : Math.round(median * elapsed * 10) / 10,
    seen,
    silentSinceMs: state === 'silent' ? lastReceivedAtMs : null,
    lastOccurredAtMs,
    lastReceivedAtMs,
    delayDeskSecondsP50: delayDesk,
    delayBoardSecondsP50: delayBoard
  }
}

/** Number 0 of the dictionary of checkpoints. */
const NO_CHECKPOINT = 'unknown'

function isOpen (lists: FeedsContext['lists'], checkpoint: string, day: number, hour: number): boolean {
  const hours = lists.hoursOn(checkpoint, day)
  return hours !== null && hours.opens <= hour && hour < hours.closes
}

function key (source: string, code: string): string {
  return `${source} ${code}`
}

function numberOrNull (value: bigint | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
