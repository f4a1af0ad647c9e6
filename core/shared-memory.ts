// Memory that threads share, used again. V8 counts none of it, so here it is counted.
import { createMemoryPool } from './memory-pool.ts'

const pool = createMemoryPool(bytes => new SharedArrayBuffer(bytes))

/** At least so many bytes, with anything in them. */
export function takeMemory (bytes: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(pool.take(bytes))
}

/** The same as a buffer of exactly so many bytes. */
export function takeBuffer (bytes: number): Buffer<SharedArrayBuffer> {
  return Buffer.from(pool.take(bytes), 0, bytes)
}

/** Gives back what was taken: nobody may read it any longer. */
export function giveMemory ({ buffer }: Uint8Array<SharedArrayBuffer>): void {
  pool.give(buffer)
}
