// The state of every feed, and surges, from what is normal for the hour.
import * as z from 'zod'
import { businessDay, formatDay } from '../../core/civil-date.ts'
import type { Settings } from '../../core/settings/index.ts'
import { readBaselineState, readFeeds, readSurges, refreshBaseline } from '../../dags/baseline/index.ts'
import type { Runtime } from '../runtime.ts'
import { operation } from './operation.ts'

/** What is stored is used for so long; an older baseline is computed anew before it is read. */
const FRESH_MS = 6 * 60 * 60 * 1000

export const feedsOperation = operation('feeds', z.strictObject({}), async runtime => {
  const { warehouse, clock, settings } = runtime
  await freshBaseline(runtime)
  return {
    value: await warehouse.read(async connection => await readFeeds(connection, {
      nowMs: clock.now(), lists: warehouse.lists, limits: settings.feeds
    }))
  }
})

export const surgesOperation = operation('surges', z.strictObject({
  from: z.string().optional(), to: z.string().optional()
}), async (runtime, { from, to }) => {
  const { warehouse, clock, settings } = runtime
  await freshBaseline(runtime)
  const today = formatDay(businessDay(clock.now()))
  return {
    value: await warehouse.read(async connection => await readSurges(connection, {
      lists: warehouse.lists,
      codeNumbers: warehouse.codeNumbers,
      from: from ?? today,
      to: to ?? today,
      limits: surgeLimits(settings),
      bandSpreads: settings.feeds.bandSpreads
    }))
  }
})

function surgeLimits ({ feeds }: Settings): { ratioMin: number, personsMin: number } {
  return { ratioMin: feeds.surgeRatioMin, personsMin: feeds.surgePersonsMin }
}

/** Refreshes the stored baseline if it is old or does not reach today, between groups of the loader. */
async function freshBaseline ({ warehouse, clock, settings }: Runtime): Promise<void> {
  const nowMs = clock.now()
  const today = businessDay(nowMs)
  const state = await warehouse.read(readBaselineState)
  const reaches = state !== null && state.firstDay < today && today <= state.lastDay
  if (reaches && nowMs - state.refreshedAtMs < FRESH_MS) return
  await warehouse.exclusive(async connection => {
    await refreshBaseline(connection, {
      lists: warehouse.lists, codeNumbers: warehouse.codeNumbers, nowMs, bandSpreads: settings.feeds.bandSpreads
    })
  })
}
