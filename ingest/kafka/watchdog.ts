// Tells a standstill from having nothing to do. Measured on the monotonic clock: wall clocks jump.
import { BorderflowError } from '../../core/errors.ts'

export interface Watchdog {
  /** A broker answered something. */
  answered (): void
  /** The fetch loop went round. */
  fetched (): void
  /** Records moved on. */
  progressed (): void
  /** The source waits for the loader, not for Kafka: nothing counts as standing still. */
  waiting (): () => void
  /** The error to end with, if the source stands still. `lag`: records known to wait. */
  verdict (lag: number): BorderflowError | undefined
}

interface WatchdogLimits {
  stallTimeoutMs: number
  stuckTimeoutMs: number
}

/** `now`: milliseconds that only go forward. */
export function createWatchdog (
  { stallTimeoutMs, stuckTimeoutMs }: WatchdogLimits, where: string, now = (): number => performance.now()
): Watchdog {
  let answeredAt = now()
  let fetchedAt = now()
  let progressedAt = now()
  let waits = 0

  return {
    answered: () => { answeredAt = now() },
    fetched: () => { fetchedAt = now() },
    progressed: () => { progressedAt = now() },
    waiting: () => {
      waits++
      return () => {
        waits--
        fetchedAt = now()
        progressedAt = now()
      }
    },
    verdict: lag => {
      if (now() - answeredAt > stallTimeoutMs) {
        return stalled('an answer from a broker', `silence for ${stallTimeoutMs} ms`, where)
      }
      if (waits > 0) return undefined
      if (now() - fetchedAt > stallTimeoutMs) {
        return stalled('fetches to go on', `none for ${stallTimeoutMs} ms while the brokers answer`, where)
      }
      if (lag === 0) progressedAt = now()
      if (now() - progressedAt > stuckTimeoutMs) {
        return stalled('waiting records to be delivered', `${lag} waiting for ${stuckTimeoutMs} ms`, where)
      }
      return undefined
    }
  }
}

function stalled (expected: string, found: string, where: string): BorderflowError {
  return new BorderflowError('KAFKA_STALLED', {
    expected,
    found,
    where,
    remedy: 'The process ends to be started again. If it comes back, look at the brokers and the network between.'
  })
}
