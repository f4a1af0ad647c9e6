// Room for columns: memory into which they are put one behind the other. It goes from thread to thread with what is in
// it, and comes back to be used again; DuckDB's client takes no shared memory.
import { createMemoryPool } from './memory-pool.ts'

const pool = createMemoryPool(bytes => new ArrayBuffer(bytes))
const ALIGNMENT_BYTES = 8

export interface Room {
  /** The memory: what was given, and further pieces if that did not suffice. */
  pieces: ArrayBuffer[]
  /** Bytes in use of the last piece. */
  usedBytes: number
}

/** Memory for at least so many bytes. */
export function takeRoom (bytes: number): ArrayBuffer {
  return pool.take(bytes)
}

/** Gives back all of a room's memory: nobody may read it any longer. */
export function giveRoom (pieces: readonly ArrayBuffer[]): void {
  for (const piece of pieces) pool.give(piece)
}

/** An empty room in some memory. */
export function createRoom (memory: ArrayBuffer): Room {
  return { pieces: [memory], usedBytes: 0 }
}

/** A place for so many bytes in one piece, with anything in them, at a multiple of eight. */
export function placeIn (room: Room, bytes: number): { memory: ArrayBuffer, at: number } {
  const wantedBytes = aligned(bytes)
  let memory = room.pieces.at(-1)
  if (memory === undefined || room.usedBytes + wantedBytes > memory.byteLength) {
    memory = takeRoom(wantedBytes)
    room.pieces.push(memory)
    room.usedBytes = 0
  }
  const at = room.usedBytes
  room.usedBytes += wantedBytes
  return { memory, at }
}

/** The next multiple of eight. */
export function aligned (bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
}
