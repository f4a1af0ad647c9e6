// Memory that threads share, used again. V8 counts none of it, so here it is counted.
import { createMemoryPool } from './memory-pool.ts'

const pool = createMemoryPool(bytes => new SharedArrayBuffer(bytes))

/** At least so many bytes, with anything in them. */
export function takeMemory (bytes: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(pool.take(bytes))
}

/** Gives back what was taken: nobody may read it any longer. */
export function giveMemory ({ buffer }: Uint8Array<SharedArrayBuffer>): void {
  pool.give(buffer)
}
