// Reading something again and again, no more often than its own cost allows.

export interface Pace {
  /** Milliseconds between two readings at least. */
  everyMs: number
  /** Share of the time that readings may take: a reading of 100 ms at 0.02 is followed by 5 s without. */
  costShareMax: number
  /** Milliseconds between two readings at most, whatever they cost. */
  everyMsMax: number
}

export interface Paced<T> {
  /** What was read last, read again if it is time. */
  value (read: (before: T) => Promise<T>): Promise<T>
  /** What was read last. */
  last (): T
  /** Milliseconds until it may be read again; 0 if it may. */
  restMs (): number
  /** The same if it was asked for and not read, or in vain; infinite if what there is was read when last asked. */
  pendingMs (): number
  /** Makes the next reading due at once. */
  expire (): void
}

/** Begins with a value that nobody has read. `now` is a monotonic time in milliseconds. */
export function createPaced<T> (pace: Pace, first: T, now: () => number = () => performance.now()): Paced<T> {
  let current = first
  let dueMs = -Infinity
  let skipped = false
  const restMs = (): number => Math.max(0, dueMs - now())
  return {
    async value (read) {
      const started = now()
      skipped = started < dueMs
      if (skipped) return current
      // A reading that fails has its cost too: it is tried again no sooner than another would be.
      skipped = true
      try {
        current = await read(current)
        skipped = false
      } finally {
        const rest = Math.max(pace.everyMs, (now() - started) / pace.costShareMax)
        dueMs = started + Math.min(rest, pace.everyMsMax)
      }
      return current
    },
    last: () => current,
    restMs,
    pendingMs: () => skipped ? restMs() : Infinity,
    expire () { dueMs = -Infinity }
  }
}
