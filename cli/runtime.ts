// What a data folder holds, opened in order: folder, control file, warehouse. Closed in the reverse order.
import { existsSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { BorderflowError, errorText } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Settings } from '../core/settings/index.ts'
import type { AlertWatch } from '../dags/alerts/index.ts'
import type { DagEngine, EngineDeps } from '../dags/engine/engine.ts'
import { createDerivation, DERIVATION_DEFAULTS, type Derivation } from '../dags/derivation/derivation.ts'
import { loadCodeLists } from '../schemas/code-lists/index.ts'
import { openAudit, type Audit, type AuditHeads } from '../sinks/audit/audit.ts'
import { auditHeads } from '../sinks/control/audit-head.ts'
import { openControl, type Control } from '../sinks/control/control.ts'
import { openSessions, type Sessions } from '../sinks/control/sessions.ts'
import type { AccountingRow } from '../sinks/warehouse/load/accounting.ts'
import type { QuarantinedMessage } from '../sinks/warehouse/load/leftovers.ts'
import { openWarehouse, warehouseFile, type Warehouse } from '../sinks/warehouse/warehouse.ts'
import { models } from '../transforms/models/index.ts'
import { openUpkeep } from './upkeep.ts'

export interface Runtime {
  settings: Settings
  clock: Clock
  log: Logger
  warehouse: Warehouse
  control: Control
  sessions: Sessions
  audit: Audit
  auditHeads: AuditHeads
  /** The derived tables: they follow by themselves in a running service, and when they are asked for elsewhere. */
  derivation: Derivation
  /** The DAGs: they run by their schedules in a running service, and when they are asked for elsewhere. */
  dags: DagEngine
  /** Deletes old segments of an intake that is open; a running service sets it. */
  purgeIntake?: (rawDays: number) => Promise<number>
  /** The watch over what needs a person; a running service sets it. */
  alerts?: AlertWatch
  /** What a running process adds to `status`; absent where only the folder is open. */
  live?: () => Record<string, unknown>
  close (): Promise<void>
}

export interface RuntimeDeps {
  clock: Clock
  log: Logger
  /** Threads of DuckDB where no setting says how many; as many as there are cores unless given. */
  threads?: number
  onLoaded?: (rows: readonly AccountingRow[]) => void
  onQuarantined?: (messages: readonly QuarantinedMessage[]) => void
  /** True while the loader has work waiting: derivation then leaves it most of the machine. */
  loaderBusy?: () => boolean
  /** True while more waits for the loader than it takes at once. */
  loaderBehind?: () => boolean
  /** The date through which tables are derived, in days since 1970-01-01; today at UTC+7 unless given. */
  asOf?: () => number
  /** Told after the derived tables were refreshed. */
  onDerived?: () => void
  /** Told how each run of a DAG ended. */
  onDagEnded?: EngineDeps['onEnded']
  /** Told when deriving, or another thing that runs by itself, has failed for good. */
  onDerivationFatal?: (error: unknown) => void
}

/** The folder of the keys: beside the data folder, never in it, unless a setting says otherwise. */
export function keysFolder (settings: Settings): string {
  return settings.keys.folder ?? `${resolve(settings.data.folder)}-keys`
}

/**
 * Opens the data folder, or makes one.
 * @param create false refuses a folder that holds no warehouse
 */
export async function openRuntime (settings: Settings, deps: RuntimeDeps, create = true): Promise<Runtime> {
  const folder = resolve(settings.data.folder)
  if (!create && !existsSync(warehouseFile(folder))) {
    throw new BorderflowError('DATA_FOLDER_INVALID', {
      expected: 'a data folder with a warehouse',
      found: existsSync(folder) ? 'none in this folder' : 'no such folder',
      where: settings.data.folder,
      remedy: 'Name it by --data, or load something first: `borderflow ingest`, `start` or `demo` make one.'
    })
  }
  const lists = loadCodeLists(settings.lists.folder)
  makeFolder(folder)
  const warehouse = await openWarehouse({
    folder,
    keysFolder: keysFolder(settings),
    memoryLimitMb: settings.database.memoryLimitMb,
    threads: settings.database.threads ?? deps.threads ?? availableParallelism(),
    checkpointWalMb: settings.database.checkpointWalMb
  }, { clock: deps.clock, lists, views: models, onLoaded: deps.onLoaded, onQuarantined: deps.onQuarantined })
  let opened: Control | undefined
  try {
    const control = opened = await openControl(folder)
    const sessions = await openSessions(control, {
      idleMs: settings.auth.sessionIdleMinutes * 60_000, absoluteMs: settings.auth.sessionHours * 3_600_000
    }, deps.clock)
    const heads = auditHeads(control)
    const audit = await openAudit(folder, { clock: deps.clock, heads, log: deps.log })
    const derivation = await openDerivation(warehouse, deps, settings.database.rebuildMemoryLimitMb)
    if (warehouse.listsChangedFrom !== null) {
      deps.log.warn({ before: warehouse.listsChangedFrom, now: lists.digest }, 'code lists are others than at the last start')
    }
    const runtime: Runtime = {
      settings,
      clock: deps.clock,
      log: deps.log,
      warehouse,
      control,
      sessions,
      audit,
      auditHeads: heads,
      derivation,
      dags: await openUpkeep({ settings, warehouse, control, derivation }, deps, () => runtime.purgeIntake),
      async close () {
        await runtime.dags.stop()
        await derivation.stop()
        await audit.close()
        await control.close()
        await warehouse.close()
      }
    }
    return runtime
  } catch (error) {
    await opened?.close()
    await warehouse.close()
    throw error
  }
}

async function openDerivation (
  warehouse: Warehouse, deps: RuntimeDeps, rebuildMemoryLimitMb: number
): Promise<Derivation> {
  return createDerivation(DERIVATION_DEFAULTS, {
    connection: await warehouse.connect(),
    lists: warehouse.lists,
    codeNumbers: warehouse.codeNumbers,
    clock: deps.clock,
    rebuildMemoryLimitMb,
    loaderBusy: deps.loaderBusy ?? (() => false),
    loaderBehind: deps.loaderBehind ?? (() => false),
    ...(deps.asOf === undefined ? {} : { asOf: deps.asOf }),
    onRefreshed: ({ travellers, rebuilt }, seconds) => {
      deps.log.debug({ travellers, rebuilt, seconds }, 'derived tables refreshed')
      deps.onDerived?.()
    },
    onError: (error, fatal) => {
      deps.log.error({ error: errorText(error), fatal }, 'deriving failed')
      if (fatal) deps.onDerivationFatal?.(error)
    }
  })
}

function makeFolder (folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new BorderflowError('DATA_FOLDER_INVALID', {
      expected: 'a folder that can be made or written',
      found: errorText(error),
      where: folder,
      remedy: 'Check its path and who owns it.',
      cause: error
    })
  }
}
