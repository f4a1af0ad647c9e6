// How often the consumer may start again by itself before the source gives up: kafkajs alone would try for ever.
import type { Logger } from 'pino'

export interface RestartBudget {
  /** True if one more restart is allowed now; counts it. */
  allow (error: Error): boolean
}

/** `now`: milliseconds that only go forward. */
export function createRestartBudget (
  { max, withinMs }: { max: number, withinMs: number }, log: Logger, now = (): number => performance.now()
): RestartBudget {
  let times: number[] = []
  return {
    allow: error => {
      const at = now()
      times = times.filter(time => at - time < withinMs)
      if (times.length >= max) return false
      times.push(at)
      log.warn({ error: error.message, restart: times.length, max }, 'the consumer starts again')
      return true
    }
  }
}
