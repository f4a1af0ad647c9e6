// How far V8 lets garbage grow before it marks the heap.
import { setFlagsFromString } from 'node:v8'

/** The heap, with the memory outside it that belongs to its objects, may grow to five times what was alive last. */
const GROWING_PERCENT = 400

/**
 * Has the heap marked a fifth as often. A service holds some 30 MB of objects, and what comes from a network passes
 * through memory that V8 counts with them: by its own measure it marked the heap ten times a second while loading, each
 * time holding the event loop for 4 to 15 ms. Costs up to 100 MB of memory; a limit of the heap is kept as before.
 */
export function growHeapFreely (): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`)
}
