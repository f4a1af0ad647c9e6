// The DAGs of an open data folder: the engine, and what of the folder they work on.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openDagEngine, ENGINE_DEFAULTS, type DagEngine } from '../dags/engine/engine.ts'
import { upkeepDags } from '../dags/upkeep/index.ts'
import { purgeSegments } from '../ingest/http/purge.ts'
import { positionStore } from '../sinks/warehouse/stores.ts'
import type { Runtime, RuntimeDeps } from './runtime.ts'

type Folder = Pick<Runtime, 'settings' | 'warehouse' | 'control' | 'derivation'>

/** Opens the engine; nothing runs by itself until it is started. `purgeIntake` tells of an intake that is open. */
export async function openUpkeep (
  { settings, warehouse, control, derivation }: Folder, deps: RuntimeDeps, purgeIntake: () => Runtime['purgeIntake']
): Promise<DagEngine> {
  const { clock, log } = deps
  const segments = join(resolve(settings.data.folder), 'intake')
  const purgeClosed = async (rawDays: number): Promise<number> => existsSync(segments)
    ? await purgeSegments(segments, rawDays, { clock, positions: positionStore(warehouse, clock) })
    : 0
  const dags = upkeepDags(settings.dags, {
    warehouse,
    control,
    derivation,
    clock,
    loaderBusy: deps.loaderBusy ?? (() => false),
    bandSpreads: settings.feeds.bandSpreads,
    purge: {
      rawDays: settings.data.rawDays,
      spool: settings.spool.folder === undefined ? null : resolve(settings.spool.folder),
      purgeSegments: async rawDays => await (purgeIntake() ?? purgeClosed)(rawDays)
    }
  })
  return await openDagEngine(ENGINE_DEFAULTS, {
    dags,
    control,
    clock,
    random: Math.random,
    log,
    ...(deps.onDagEnded === undefined ? {} : { onEnded: deps.onDagEnded }),
    ...(deps.onDerivationFatal === undefined ? {} : { onFatal: deps.onDerivationFatal })
  })
}
