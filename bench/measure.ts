// What a case measures of itself, printed as one line of JSON for the run that started it.

export interface Measured {
  events: number
  bytes: number
  seconds: number
  /** CPU of the whole process between start and end of the work. */
  cpuSeconds: number
  peakRssMb: number
}

/** Measures work that handles `events` messages of `bytes` in all, and prints the result. */
export async function measure (work: () => Promise<{ events: number, bytes: number }>): Promise<void> {
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const { events, bytes } = await work()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const measured: Measured = {
    events, bytes, seconds, cpuSeconds: (user + system) / 1e6, peakRssMb: process.resourceUsage().maxRSS / 1024
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
