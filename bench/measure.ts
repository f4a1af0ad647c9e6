// What a case measures of itself, printed as one line of JSON for the run that started it.
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Measured {
  events: number
  bytes: number
  seconds: number
  /** CPU of the whole process between start and end of the work. */
  cpuSeconds: number
  peakRssMb: number
  /** How late the event loop was, milliseconds: the 99th percentile of its turns, and the worst. */
  loopDelayP99Ms: number
  loopDelayMaxMs: number
  /** What a case measures besides. */
  more?: Record<string, number>
}

const NANOSECONDS_A_MS = 1e6

/** Measures work that handles `events` messages of `bytes` in all, and prints the result. */
export async function measure (
  work: () => Promise<{ events: number, bytes: number, more?: Record<string, number> }>
): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const { events, bytes, more } = await work()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  delay.disable()
  const measured: Measured = {
    events,
    bytes,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    loopDelayP99Ms: delay.percentile(99) / NANOSECONDS_A_MS,
    loopDelayMaxMs: delay.max / NANOSECONDS_A_MS,
    ...(more === undefined ? {} : { more })
  }
  process.stdout.write(`${JSON.stringify(measured)}\n`)
}

/** The value of `--name` among the arguments. */
export function argument (name: string, fallback?: string): string {
  const index = process.argv.indexOf(`--${name}`)
  const value = index < 0 ? fallback : process.argv[index + 1]
  if (value === undefined) throw new Error(`--${name} is missing`)
  return value
}
