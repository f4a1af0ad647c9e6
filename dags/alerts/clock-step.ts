// Steps of the machine's clock: how far it moved otherwise than time went on.
import type { Clock } from '../../core/clock.ts'

/** A step is told of for so long. */
const TOLD_MS = 15 * 60_000

/**
 * A look at the clock. Returns the greatest step lately, in seconds.
 * @param monotonicMs milliseconds that no setting of the clock moves
 */
export function createClockWatch (clock: Clock, monotonicMs: () => number): () => number {
  let offsetMs = clock.now() - monotonicMs()
  let steps: { atMs: number, seconds: number }[] = []
  return () => {
    const atMs = monotonicMs()
    const nextMs = clock.now() - atMs
    const seconds = Math.abs(nextMs - offsetMs) / 1000
    offsetMs = nextMs
    steps = steps.filter(step => atMs - step.atMs < TOLD_MS)
    if (seconds >= 1) steps.push({ atMs, seconds })
    return Math.max(0, ...steps.map(step => step.seconds))
  }
}
