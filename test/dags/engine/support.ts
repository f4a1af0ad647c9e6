// DAGs of a few lines over a real control file and a clock that is set, as the engine sees them.
import { onTestFinished } from 'vitest'
import { type Clock, fixedClock } from '../../../core/clock.ts'
import { parseCron } from '../../../core/cron.ts'
import { silentLog } from '../../../core/log.ts'
import type { Dag, Task } from '../../../dags/engine/dag.ts'
import { openDagEngine, type DagEngine, type EngineDeps } from '../../../dags/engine/engine.ts'
import { openControl, type Control } from '../../../sinks/control/control.ts'
import { listRuns, type Run } from '../../../sinks/control/dag-runs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export const at = (text: string): number => Date.parse(`${text}:00+07:00`)

/** A daily DAG at 02:00 whose task does nothing, with some of it changed. */
export function dag (change: Partial<Dag> = {}): Dag {
  return {
    name: 'sample',
    title: 'a sample',
    schedule: parseCron('0 2 * * *'),
    enabled: true,
    unit: 'day',
    catchUp: { kind: 'last' },
    begins: 'next',
    retry: { attemptsMax: 3, baseMs: 60_000, factor: 2, capMs: 600_000, jitter: 0 },
    tasks: [task('work', async () => ({}))],
    ...change
  }
}

/** A task with a time limit that tests do not reach. */
export function task (name: string, run: Task['run'], change: Partial<Task> = {}): Task {
  return { name, timeoutMs: 60_000, run, ...change }
}

export interface Bench {
  control: Control
  clock: Clock & { set (ms: number): void }
  /** An engine that is not started: it looks when it is told to. As after a restart, if there was one before. */
  open (dags: readonly Dag[], change?: Partial<EngineDeps>): Promise<DagEngine>
  runs (dag?: string): Promise<Run[]>
}

/** A control file in a temporary folder. */
export async function bench (startMs: number): Promise<Bench> {
  const control = await openControl(await temporaryFolder())
  onTestFinished(async () => { await control.close() })
  const clock = fixedClock(startMs)
  return {
    control,
    clock,
    open: async (dags, change = {}) => await openDagEngine({ watchdogMs: 60_000, graceMs: 20 }, {
      dags, control, clock, random: () => 0, log: silentLog(), ...change
    }),
    runs: async name => await control.exclusive(async connection =>
      await listRuns(connection, { dag: name, limit: 10_000 }))
  }
}

/** Looks what is due until nothing is. */
export async function settle (engine: DagEngine, rounds = 50): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await engine.tick()
    await engine.idle()
  }
}
