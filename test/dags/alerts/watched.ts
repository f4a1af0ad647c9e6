// A watch over a control file with a clock of the test, which looks when it is told to.
import { onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { loadSettings } from '../../../core/settings/index.ts'
import {
  createDeliveries, createWatch, type AlertWatch, type Channel, type Deliveries
} from '../../../dags/alerts/index.ts'
import type { DeliveryConfig } from '../../../dags/alerts/delivery/deliveries.ts'
import type { Observation } from '../../../dags/alerts/observation.ts'
import type { Alert } from '../../../sinks/control/alerts.ts'
import { openControl, type Control } from '../../../sinks/control/control.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

export const START_MS = Date.parse('2026-05-04T03:20:00Z')
const HOUR_MS = 3_600_000
const settings = loadSettings({})
export const QUICK: DeliveryConfig = { retryMs: 10, retryMsMax: 20, attemptsMax: 3, timeoutMs: 5_000 }
/** Of waiting for somebody to be told. */
export const DEADLINE = { timeout: 30_000, interval: 20 }

/** All is well. */
export const calm: Observation = {
  nowMs: START_MS,
  figures: { feeds: [], surges: [], returnees: [], gapsOpen: 0, baseline: 'none' },
  received: [],
  sources: [],
  derivedLagSeconds: 0,
  diskFreePercent: 50,
  keyFault: null,
  clockStepSeconds: 0,
  integrity: { state: 'unknown', checkedMs: null, differences: [] }
}
/** Returnees of the summer of 2025 at one gate. */
export const crowded: Observation = {
  ...calm, figures: { ...calm.figures!, returnees: [{ checkpoint: 'KHC-POI', persons: 6_485, usual: 12 }] }
}

interface Given { control: Control, channels?: Channel[], config?: DeliveryConfig }

interface Watched {
  watch: AlertWatch
  deliveries: Deliveries
  clock: ReturnType<typeof fixedClock>
  attempts: string[]
  shown: Alert[][]
  /** Looks at a second of the test's clock. */
  at (second: number, seen: Observation): Promise<void>
}

export function watchOf ({ control, channels = [], config = QUICK }: Given): Watched {
  const clock = fixedClock(START_MS)
  const attempts: string[] = []
  const shown: Alert[][] = []
  let seen = calm
  const fail = (error: unknown): void => { throw new Error(String(error)) }
  // What is to be sent was due by the clock of the test, and this one goes on.
  const later = { now: () => Math.trunc(START_MS + HOUR_MS + performance.now()) }
  const deliveries = createDeliveries(config, channels, {
    control, clock: later, onAttempt: (channel, outcome) => { attempts.push(`${channel} ${outcome}`) }, onError: fail
  })
  const watch = createWatch({
    everyMs: 1_000, pendingMs: 60_000, keepFiringMs: 300_000, limits: { ...settings.alerts, ...settings.feeds }
  }, {
    observe: async () => seen,
    control,
    clock,
    deliveries,
    notice: { warehouse: 'w-1', nameOf: code => code === 'KHC-POI' ? { en: 'Poipet', km: 'ប៉ោយប៉ែត' } : null },
    onChanged: alerts => { shown.push([...alerts]) },
    onError: fail
  })
  onTestFinished(async () => { await deliveries.stop() })
  return {
    watch,
    deliveries,
    clock,
    attempts,
    shown,
    async at (second, observation) {
      clock.set(START_MS + second * 1000)
      seen = observation
      await watch.look()
    }
  }
}

export async function controlOf (folder?: string): Promise<Control> {
  const control = await openControl(folder ?? await temporaryFolder())
  onTestFinished(async () => { await control.close() })
  return control
}
