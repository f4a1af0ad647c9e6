// The DAGs of this project. One more is one more entry here; nothing else has to know of it.
import type { Clock } from '../../core/clock.ts'
import { parseCron } from '../../core/cron.ts'
import type { Control } from '../../sinks/control/control.ts'
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import type { Derivation } from '../derivation/derivation.ts'
import type { Dag, RetryRule } from '../engine/dag.ts'
import { baselineTask } from './baseline.ts'
import { compactTasks } from './compact.ts'
import { dayRollTask } from './day-roll.ts'
import { purgeTasks, type PurgeDeps } from './purge.ts'
import { verifyTask } from './verify.ts'
import type { Yielding } from './yielding.ts'

export interface UpkeepConfig {
  /** False switches every schedule off; the DAGs can still be run by hand. */
  enabled: boolean
  /** Cron expressions at UTC+7, or `off`. */
  verifySchedule: string
  compactSchedule: string
  baselineSchedule: string
  retryBaseSeconds: number
}

export interface UpkeepDeps {
  warehouse: Warehouse
  derivation: Derivation
  control: Control
  clock: Clock
  loaderBusy: () => boolean
  /** Half the width of the normal band, in spreads. */
  bandSpreads: number
  purge: Omit<PurgeDeps, 'clock'>
}

export const OFF = 'off'

/** Where a schedule that is off would be, for whoever runs it by hand. */
const NIGHTLY = '30 3 * * *'
const RETRY: Omit<RetryRule, 'baseMs'> = { attemptsMax: 5, factor: 4, capMs: 2 * 60 * 60_000, jitter: 0.2 }
const YIELDING: Omit<Yielding, 'loaderBusy'> = { pollMs: 200, patienceMs: 15 * 60_000, busyShareMax: 0.2 }
/** What is heavy on the warehouse takes turns. */
const WAREHOUSE = 'warehouse'

/** All DAGs, in the order in which they are listed. */
export function upkeepDags (config: UpkeepConfig, deps: UpkeepDeps): Dag[] {
  const { warehouse, derivation, clock } = deps
  const yielding: Yielding = { ...YIELDING, loaderBusy: deps.loaderBusy }
  const daily = {
    unit: 'day',
    catchUp: { kind: 'last' },
    begins: 'next',
    retry: { ...RETRY, baseMs: config.retryBaseSeconds * 1000 }
  } as const
  const at = (schedule: string): Pick<Dag, 'schedule' | 'enabled'> => ({
    schedule: parseCron(schedule === OFF ? NIGHTLY : schedule), enabled: config.enabled && schedule !== OFF
  })
  return [
    {
      ...daily,
      ...at('0 0 * * *'),
      name: 'day-roll',
      title: 'Derived tables at the change of day',
      tasks: [dayRollTask(derivation)]
    },
    {
      ...daily,
      ...at(config.verifySchedule),
      name: 'verify',
      title: 'Everything that must always be true, checked',
      resource: WAREHOUSE,
      tasks: [verifyTask(deps, yielding)]
    },
    {
      ...daily,
      ...at(config.compactSchedule),
      name: 'compact',
      title: 'Tables of changes folded into sums, and a checkpoint',
      resource: WAREHOUSE,
      tasks: compactTasks(warehouse, yielding)
    },
    {
      ...daily,
      ...at(config.baselineSchedule),
      name: 'baseline',
      title: 'What is expected of each checkpoint and hour',
      begins: 'last',
      resource: WAREHOUSE,
      tasks: [baselineTask(warehouse, clock, yielding, deps.bandSpreads)]
    },
    {
      ...daily,
      // Not to be switched off: how long raw input rests is promised.
      schedule: parseCron('17 * * * *'),
      enabled: true,
      name: 'purge',
      title: 'Raw input deleted when it is old',
      unit: 'hour',
      begins: 'last',
      tasks: purgeTasks({ ...deps.purge, clock })
    }
  ]
}
