// The board of a running service: what serve/board needs of the warehouse, the baseline and the sources, put together.
import { formatDay, businessDay, businessHour } from '../core/civil-date.ts'
import { errorText } from '../core/errors.ts'
import type { Source } from '../core/stage.ts'
import {
  expectedFor, readBaselineState, readFeeds, readSurges, type ExpectedAt, type Feed
} from '../dags/baseline/index.ts'
import type { DIMENSIONS } from '../schemas/columns.ts'
import type { Expected } from '../serve/board/board-schema.ts'
import { BOARD_DEFAULTS, type BoardService, createBoard } from '../serve/board/board.ts'
import type { CodeNames, ServiceState } from '../serve/board/compose.ts'
import type { Judge, JudgedFeed } from '../serve/board/judgements.ts'
import { readIntegrity } from '../sinks/control/integrity.ts'
import type { Runtime } from './runtime.ts'

export interface BoardContext {
  sources: readonly Source[]
  /** The instant the board is of; simulated in a demo. */
  now: () => number
  startedAtMs: number
  newestReceivedAtMs: () => number | null
  onComputed?: (seconds: number) => void
}

const NATIONALS = 'KHM'

/** The board over connections of its own. It is started and stopped by the service. */
export async function openBoard (runtime: Runtime, context: BoardContext): Promise<BoardService> {
  const { warehouse, log } = runtime
  return createBoard(BOARD_DEFAULTS, {
    connection: await warehouse.connect(),
    partsConnection: await warehouse.connect(),
    lists: warehouse.lists,
    names: codeNames(runtime),
    nationals: warehouse.codeNumbers.state.get(NATIONALS) ?? -1,
    now: context.now,
    service: async () => await serviceState(runtime, context),
    judge: judgeOf(runtime),
    onComputed: context.onComputed,
    onError: error => { log.error({ error: errorText(error) }, 'the board could not be computed') }
  })
}

async function serviceState ({ derivation, control }: Runtime, context: BoardContext): Promise<ServiceState> {
  const { checkedMs, differences } = await readIntegrity(control)
  return {
    startedAtMs: context.startedAtMs,
    loadedThroughMs: context.newestReceivedAtMs(),
    derivationLagSeconds: derivation.status().lagSeconds,
    sources: context.sources.map(source => source.status()),
    integrity: checkedMs === null
      ? null
      : { ok: differences.length === 0, atMs: checkedMs, failing: differences.map(({ check }) => check) }
  }
}

function codeNames ({ warehouse }: Runtime): CodeNames {
  const codesOf = (dimension: (typeof DIMENSIONS)[number]): ((number: number) => string) => {
    const codes = new Map([...warehouse.codeNumbers[dimension]].map(([code, number]) => [number, code]))
    return number => codes.get(number) ?? 'unknown'
  }
  return { checkpoint: codesOf('checkpoint'), state: codesOf('state'), visaClass: codesOf('visa_class') }
}

/** What is usual, silent and far above the usual at an instant, by the baseline. */
function judgeOf ({ warehouse, settings: { feeds } }: Runtime): Judge {
  const { lists, codeNumbers } = warehouse
  return async (connection, nowMs) => {
    const today = businessDay(nowMs)
    const date = formatDay(today)
    const hour = businessHour(nowMs)
    const expected = await expectedFor(connection, { date, hour, lists })
    const stored = await readBaselineState(connection)
    // Only from what is stored: for any other day it would be computed from years of history.
    const isStored = stored !== null && stored.firstDay <= today && today <= stored.lastDay
    const surges = isStored
      ? await readSurges(connection, {
        lists,
        codeNumbers,
        from: date,
        to: date,
        limits: { ratioMin: feeds.surgeRatioMin, personsMin: feeds.surgePersonsMin }
      })
      : []
    return {
      expected: {
        country: bands(expected.country),
        modes: Object.fromEntries([...expected.modes].map(([mode, at]) => [mode, bands(at)])),
        checkpoints: Object.fromEntries([...expected.checkpoints].map(([code, at]) => [code, bands(at)]))
      },
      feeds: (await readFeeds(connection, { nowMs, lists, limits: feeds })).map(judgedFeed),
      surges: new Set(surges.filter(surge => surge.hour === hour || surge.hour === null).map(surge => surge.checkpoint))
    }
  }
}

function bands ({ arrivals, departures }: ExpectedAt): Expected {
  return arrivals === null || departures === null ? null : { arrivals, departures }
}

/** A feed of the baseline as the API names it. */
export function judgedFeed (feed: Feed): JudgedFeed {
  return {
    source: feed.source,
    checkpoint: feed.checkpoint,
    state: feed.state,
    expected: feed.expected,
    seen: feed.seen,
    silentSince: instantText(feed.silentSinceMs),
    lastOccurredAt: instantText(feed.lastOccurredAtMs),
    lastReceivedAt: instantText(feed.lastReceivedAtMs),
    delayDeskSeconds: feed.delayDeskSecondsP50,
    delayBoardSeconds: feed.delayBoardSecondsP50
  }
}

const instantText = (instantMs: number | null): string | null =>
  instantMs === null ? null : new Date(instantMs).toISOString()
