// Time is a dependency: nothing else in the project reads the machine's clock, so tests can set it.

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until it is set: for tests and for loading archives at a stated time. */
export function fixedClock (startMs: number): Clock & { set(ms: number): void } {
  let nowMs = startMs
  return { now: () => nowMs, set: ms => { nowMs = ms } }
}
