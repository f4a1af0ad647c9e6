// Memory that is used again and again, and that threads share. Memory of one use each would have V8 mark all of its
// heap once every some fifty megabytes that go through; what is shared it does not count, so here it is counted.

const SMALLEST_BYTES = 4096
/** What lies unused here at most; more is left to the collector of garbage. */
const FREE_BYTES_MAX = 64 * 1024 * 1024

/** Free pieces by size, which is a power of two. */
const free = new Map<number, Set<SharedArrayBuffer>>()
let freeBytes = 0

/** At least so many bytes, with anything in them. */
export function takeMemory (bytes: number): Uint8Array<SharedArrayBuffer> {
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  const pieces = free.get(size)
  const piece = pieces?.values().next().value
  if (piece === undefined) return new Uint8Array(new SharedArrayBuffer(size))
  pieces?.delete(piece)
  freeBytes -= size
  return new Uint8Array(piece)
}

/** Gives back what was taken: nobody may read it any longer. What is here already stays. */
export function giveMemory ({ buffer }: Uint8Array<SharedArrayBuffer>): void {
  const size = buffer.byteLength
  const pieces = free.get(size) ?? new Set()
  if (size === 0 || pieces.has(buffer) || freeBytes + size > FREE_BYTES_MAX) return
  free.set(size, pieces.add(buffer))
  freeBytes += size
}
