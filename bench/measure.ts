// What a case measures of itself, printed as one line of JSON for the run that started it.
import { openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Measured {
  events: number
  bytes: number
  seconds: number
  /** CPU of the whole process between start and end of the work. */
  cpuSeconds: number
  peakRssMb: number
  /** Milliseconds of CPU for which one turn held the event loop since the start was over: 99th percentile, worst. */
  loopHeldP99Ms: number
  loopHeldMaxMs: number
  /** How late its turns came by the clock: that is held up by whatever else the cores do, too. */
  loopDelayP99Ms: number
  /** What a case measures besides. */
  more?: Record<string, number>
}

const NANOSECONDS_A_MS = 1e6

/**
 * Measures work that handles `events` messages of `bytes` in all, and prints the result. Work that has a start calls
 * `started` when that is over: the event loop is watched from then on.
 */
export async function measure (
  work: (started: () => void) => Promise<{ events: number, bytes: number, more?: Record<string, number> }>
): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const held = watchLoop()
  const started = (): void => {
    delay.reset()
    held.reset()
  }
  delay.enable()
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  const { events, bytes, more } = await work(started)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  delay.disable()
  const measured: Measured = {
    events,
    bytes,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ...held.end(),
    loopDelayP99Ms: delay.percentile(99) / NANOSECONDS_A_MS,
    ...(more === undefined ? {} : { more })
  }
  process.stdout.write(`${JSON.stringify(measured)}\n`)
}

/** Watches how much CPU the main thread takes between two timers that are due at once. */
function watchLoop (): { reset: () => void, end: () => Pick<Measured, 'loopHeldP99Ms' | 'loopHeldMaxMs'> } {
  const heldMs: number[] = []
  let last = mainThreadCpuMs()
  let isWatching = true
  const look = (): void => {
    if (!isWatching) return
    const now = mainThreadCpuMs()
    heldMs.push(now - last)
    last = now
    setTimeout(look, 1).unref()
  }
  setTimeout(look, 1).unref()
  return {
    reset () {
      heldMs.length = 0
      last = mainThreadCpuMs()
    },
    end () {
      isWatching = false
      heldMs.sort((a, b) => a - b)
      return { loopHeldP99Ms: heldMs[Math.floor(heldMs.length * 0.99)] ?? 0, loopHeldMaxMs: heldMs.at(-1) ?? 0 }
    }
  }
}

/** CPU of the main thread by the scheduler's account; the clock where there is none (other systems than Linux). */
const mainThreadCpuMs = ((): () => number => {
  try {
    // Opened once: what measures is in the CPU that is measured.
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
    const text = Buffer.alloc(64)
    return () => {
      // The account of a running thread is brought up to date by ticks of four milliseconds, or when somebody asks for
      // the whole process.
      process.cpuUsage()
      const bytes = readSync(file, text, 0, text.length, 0)
      return Number(text.toString('latin1', 0, bytes).split(' ', 1)[0]) / NANOSECONDS_A_MS
    }
  } catch {
    return () => performance.now()
  }
})()

/** The value of `--name` among the arguments. */
export function argument (name: string, fallback?: string): string {
  const index = process.argv.indexOf(`--${name}`)
  const value = index < 0 ? fallback : process.argv[index + 1]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}
