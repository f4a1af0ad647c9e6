// An open data folder with the DAGs of the project, as the program composes them, over a clock that is set.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Clock, fixedClock } from '../../../core/clock.ts'
import { silentLog } from '../../../core/log.ts'
import { loadSettings } from '../../../core/settings/index.ts'
import { openRuntime, type Runtime } from '../../../cli/runtime.ts'

export interface Opened { runtime: Runtime, clock: Clock & { set (ms: number): void }, folder: string }

/** Opens a data folder; it is closed at the end of the test unless that was done before. */
export async function openFolder (
  folder: string, startMs: number, environment: Record<string, string> = {}
): Promise<Opened> {
  const settings = loadSettings(environment, { data: { folder: join(folder, 'data') } })
  const clock = fixedClock(startMs)
  const runtime = await openRuntime(settings, { clock, log: silentLog() })
  let isClosed = false
  const close = runtime.close.bind(runtime)
  runtime.close = async () => {
    if (isClosed) return
    isClosed = true
    await close()
  }
  onTestFinished(async () => { await runtime.close() })
  return { runtime, clock, folder }
}
