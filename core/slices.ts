// Long work on a thread that others need too is done in slices by the clock: whatever a step costs on this machine,
// the event loop gets its turn in between.
import { setImmediate } from 'node:timers/promises'

/** Far below the ten milliseconds that nothing may hold the loop, for several of such works may be under way. */
const SLICE_MS = 2

export interface Slices {
  /** True once this slice has lasted long enough. */
  isOver (): boolean
  /** Lets others have their turn; the next slice begins with it. */
  rest (): Promise<void>
}

/** Slices of a work that begins now. */
export function createSlices (): Slices {
  let beganMs = performance.now()
  return {
    isOver: () => performance.now() - beganMs >= SLICE_MS,
    async rest () {
      await setImmediate()
      beganMs = performance.now()
    }
  }
}
