// Looking: reads everything that the rules judge. What costs more is read less often; what cannot be read is null.
import { statfs } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { businessDay, formatDay, HOUR_MS } from '../../core/civil-date.ts'
import type { Clock } from '../../core/clock.ts'
import type { SourceStatus } from '../../core/stage.ts'
import type { Control } from '../../sinks/control/control.ts'
import { readIntegrity } from '../../sinks/control/integrity.ts'
import { readGaps } from '../../sinks/warehouse/positions.ts'
import { readProperties } from '../../sinks/warehouse/properties.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { readBaselineState, readFeeds, readSurges, type FeedLimits, type SurgeLimits } from '../baseline/index.ts'
import { createClockWatch } from './clock-step.ts'
import { createKeyWatch, type KeyFault } from './key-fault.ts'
import type { Figures, Observation } from './observation.ts'
import type { ReceivedWindow } from './received-window.ts'
import { createReturneeReader, NATIONALS } from './returnees.ts'

export interface ObserveConfig {
  folder: string
  keysFolder: string
  feeds: FeedLimits
  surges: SurgeLimits
  /** Share of the time that reading the figures may take, and the longest it is put off for that. */
  costShareMax: number
  everyMsMax: number
}

export interface ObserveDeps {
  read: Warehouse['read']
  lists: Warehouse['lists']
  codeNumbers: Warehouse['codeNumbers']
  control: Control
  clock: Clock
  /** Milliseconds that no setting of the clock moves. */
  monotonicMs: () => number
  /** The instant that figures are of: now, or the simulated one. */
  now: () => number
  received: Pick<ReceivedWindow, 'shares'>
  sources: () => readonly SourceStatus[]
  derivedLagSeconds: () => number
  onError: (error: unknown) => void
}

/** Looks; never rejects. */
export function createObserver (config: ObserveConfig, deps: ObserveDeps): () => Promise<Observation> {
  const clockStep = createClockWatch(deps.clock, deps.monotonicMs)
  const figures = createFigures(config, deps)
  let keyWatch: (() => Promise<KeyFault | null>) | null = null

  async function keyFault (): Promise<KeyFault | null> {
    keyWatch ??= createKeyWatch(config.keysFolder,
      (await deps.read(readProperties)).get('key_id_traveller') ?? '')
    return await keyWatch()
  }

  async function attempt<T, N> (work: () => Promise<T>, otherwise: N): Promise<T | N> {
    try {
      return await work()
    } catch (error) {
      deps.onError(error)
      return otherwise
    }
  }

  return async () => ({
    nowMs: deps.now(),
    clockStepSeconds: clockStep(),
    received: deps.received.shares(),
    sources: deps.sources(),
    derivedLagSeconds: deps.derivedLagSeconds(),
    figures: await attempt(figures, null),
    diskFreePercent: await attempt(async () => await freePercent(config.folder), null),
    keyFault: await attempt(keyFault, 'unknown' as const),
    integrity: await attempt(async () => await readIntegrity(deps.control), null)
  })
}

async function freePercent (folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder)
  return blocks === 0 ? 100 : 100 * bavail / blocks
}

/** Reads the figures, or gives those of before while reading them again would cost too much. */
function createFigures (
  config: ObserveConfig, { read: readOn, lists, codeNumbers, now, monotonicMs }: ObserveDeps
): () => Promise<Figures> {
  const returnees = createReturneeReader(codeNumbers.state.get(NATIONALS) ?? -1)
  let kept: { figures: Figures, untilMs: number } | null = null

  async function read (connection: DuckDBConnection, nowMs: number): Promise<Figures> {
    const stored = await readBaselineState(connection)
    const from = businessDay(nowMs - HOUR_MS)
    const today = businessDay(nowMs)
    const reaches = stored !== null && stored.firstDay <= from && today <= stored.lastDay
    return {
      feeds: await readFeeds(connection, { nowMs, lists, limits: config.feeds }),
      // Only from what is stored: for any other day it would be computed from years of history.
      surges: reaches
        ? (await readSurges(connection, {
            lists, codeNumbers, from: formatDay(from), to: formatDay(today), limits: config.surges
          })).filter(({ hour, businessDate }) => hour !== null || businessDate === formatDay(today))
        : null,
      returnees: await returnees(connection, nowMs),
      gapsOpen: (await readGaps(connection)).filter(gap => gap.acceptedAtMs === null).length,
      baseline: stored === null ? 'none' : reaches ? 'good' : 'old'
    }
  }

  return async () => {
    const started = monotonicMs()
    if (kept !== null && started < kept.untilMs) return kept.figures
    const figures = await readOn(async connection => await read(connection, now()))
    const ended = monotonicMs()
    kept = { figures, untilMs: ended + Math.min((ended - started) / config.costShareMax, config.everyMsMax) }
    return figures
  }
}
