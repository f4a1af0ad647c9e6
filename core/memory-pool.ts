// Memory that is used again and again. Memory of one use each would have V8 mark all of its heap once every some fifty
// megabytes that go through.

const SMALLEST_BYTES = 4096
/** What lies unused in a pool at most; more is left to the collector of garbage. */
const FREE_BYTES_MAX = 64 * 1024 * 1024

export interface MemoryPool<Piece extends ArrayBufferLike> {
  /** A piece of at least so many bytes, with anything in it. */
  take (bytes: number): Piece
  /** Gives back what was taken: nobody may read it any longer. What is here already or in another thread is ignored. */
  give (piece: Piece): void
}

/** A pool of what `make` makes. */
export function createMemoryPool<Piece extends ArrayBufferLike> (make: (bytes: number) => Piece): MemoryPool<Piece> {
  /** Free pieces by size, which is a power of two. */
  const free = new Map<number, Set<Piece>>()
  let freeBytes = 0

  return {
    take (bytes) {
      let size = SMALLEST_BYTES
      while (size < bytes) size *= 2
      const pieces = free.get(size)
      const piece = pieces?.values().next().value
      if (piece === undefined) return make(size)
      pieces?.delete(piece)
      freeBytes -= size
      return piece
    },
    give (piece) {
      const size = piece.byteLength
      const pieces = free.get(size) ?? new Set()
      if (size === 0 || pieces.has(piece) || freeBytes + size > FREE_BYTES_MAX) return
      free.set(size, pieces.add(piece))
      freeBytes += size
    }
  }
}
