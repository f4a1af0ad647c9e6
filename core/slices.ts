// Long work on a thread that others need too is done in slices by the clock: whatever a step costs on this machine,
// the event loop gets its turn in between.

/** Far below the ten milliseconds that nothing may hold the loop: a turn has other things to do besides. */
const SLICE_MS = 1

/** Works that wait for their next slice, in the order in which they came. */
const resting: (() => void)[] = []

export interface Slices {
  /** True once this slice has lasted long enough. */
  isOver (): boolean
  /** Lets others have their turn; the next slice begins with it. */
  rest (): Promise<void>
}

/**
 * Slices of a work that begins now: the first is over at the first look, for this turn has begun with something else.
 * Of all works that are under way at once, each turn of the event loop has one slice.
 */
export function createSlices (): Slices {
  let beganMs = -Infinity
  return {
    isOver: () => performance.now() - beganMs >= SLICE_MS,
    async rest () {
      await new Promise<void>(resolve => {
        if (resting.push(resolve) === 1) setImmediate(wakeNext)
      })
      beganMs = performance.now()
    }
  }
}

export interface SharedSlices {
  /** Runs a bit of work in its turn, which is at once while the slice lasts. Rejects with what the bit throws. */
  run (bit: () => void): Promise<void>
}

/** For work that comes in bits from many sides at once: together they have one slice a turn, in the order they came. */
export function createSharedSlices (): SharedSlices {
  const slices = createSlices()
  let last: Promise<void> = Promise.resolve()
  return {
    async run (bit) {
      const mine = last.then(async () => {
        if (slices.isOver()) await slices.rest()
        bit()
      })
      last = mine.catch(() => {})
      await mine
    }
  }
}

/** One a turn: the slices of several works would otherwise add up to a long one. */
function wakeNext (): void {
  resting.shift()?.()
  if (resting.length > 0) setImmediate(wakeNext)
}
