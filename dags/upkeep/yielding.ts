// Heavy upkeep leaves the machine to loading: it begins when the loader has nothing to do, and rests between its parts.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Yielding {
  /** True while the loader has work waiting. */
  loaderBusy: () => boolean
  /** How often it is asked. */
  pollMs: number
  /** After so long it begins anyway: a loader that is never idle must not put upkeep off for ever. */
  patienceMs: number
  /** Share of the time that upkeep may take while the loader is busy. */
  busyShareMax: number
}

/** Waits until the loader is idle, or patience is over. Rejects when the signal is aborted. */
export async function waitForQuiet (yielding: Yielding, signal: AbortSignal): Promise<void> {
  await whileBusy(yielding, yielding.patienceMs, signal)
}

/** Rests after so many milliseconds of work for as long as its share demands, or until the loader is idle. */
export async function rest (yielding: Yielding, workedMs: number, signal: AbortSignal): Promise<void> {
  await whileBusy(yielding, workedMs * (1 / yielding.busyShareMax - 1), signal)
}

async function whileBusy ({ loaderBusy, pollMs }: Yielding, limitMs: number, signal: AbortSignal): Promise<void> {
  const started = performance.now()
  signal.throwIfAborted()
  while (loaderBusy() && performance.now() - started < limitMs) {
    await sleep(Math.min(pollMs, limitMs), undefined, { signal })
  }
}
