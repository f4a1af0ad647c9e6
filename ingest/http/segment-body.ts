// The body of a frame: messages one behind the other, each its length (u32, little-endian) and its bytes. A request is
// kept so from its first message on: an object for each would keep the collector of garbage busy.
import { crc32 } from 'node:zlib'
import { giveMemory, takeBuffer } from '../../core/shared-memory.ts'
import { createSlices } from '../../core/slices.ts'

const LENGTH_BYTES = 4
const PART_BYTES = 64 * 1024
/** A request of one message must not hold memory for a hundred. */
const FIRST_PART_BYTES = 4 * 1024
/** Bytes summed between two looks at the clock. */
const LOOK_BYTES = 1024 * 1024

/** The messages of a request. No message lies in two parts. */
export interface SegmentBody {
  parts: readonly Buffer[]
  /** Messages. */
  count: number
  bytes: number
  crc: number
  /** Nobody will read it any longer: its memory is for others. */
  release (): void
}

/** Memory that threads share, as V8 counts none of it: it would mark its heap once every so many bodies. */
const NO_PART = Buffer.from(new SharedArrayBuffer(0))

export interface BodyWriter {
  /** Copies a message. */
  add (message: Uint8Array): void
  count (): number
  end (): SegmentBody
}

export function createBodyWriter (): BodyWriter {
  const parts: Buffer[] = []
  const taken: Buffer<SharedArrayBuffer>[] = []
  let part = NO_PART
  let size = 0
  let count = 0
  let bytes = 0
  let crc = 0

  function seal (): void {
    if (size === 0) return
    const isMostlyEmpty = size < part.length / 2
    const written = part.subarray(0, size)
    crc = crc32(written, crc)
    bytes += size
    parts.push(isMostlyEmpty ? Buffer.from(written) : written)
    if (isMostlyEmpty) giveMemory(part)
    else taken.push(part)
    size = 0
  }

  return {
    add (message) {
      const end = size + LENGTH_BYTES + message.length
      if (end > part.length) {
        seal()
        const room = parts.length === 0 ? FIRST_PART_BYTES : PART_BYTES
        part = takeBuffer(Math.max(room, LENGTH_BYTES + message.length))
      }
      part.writeUInt32LE(message.length, size)
      part.set(message, size + LENGTH_BYTES)
      size += LENGTH_BYTES + message.length
      count++
    },
    count: () => count,
    end () {
      seal()
      return {
        parts,
        count,
        bytes,
        crc,
        // Once: what was given is somebody else's.
        release: () => { for (const memory of taken.splice(0)) giveMemory(memory) }
      }
    }
  }
}

/** A body that was read back, in the reader's memory; null if it is not what its frame says. */
export async function checkBody (bytes: Buffer, crc: number, count: number): Promise<SegmentBody | null> {
  const slices = createSlices()
  let sum = 0
  for (let start = 0; start < bytes.length; start += LOOK_BYTES) {
    if (slices.isOver()) await slices.rest()
    sum = crc32(bytes.subarray(start, start + LOOK_BYTES), sum)
  }
  let end = 0
  let found = 0
  for (; end + LENGTH_BYTES <= bytes.length; found++) end += LENGTH_BYTES + bytes.readUInt32LE(end)
  const isWhole = sum === crc && end === bytes.length && found === count
  return isWhole ? { parts: [bytes], count, bytes: bytes.length, crc, release () {} } : null
}

/** Goes through the messages from the one with this number on, from 0: each as a view, null behind the last. */
export function messagesFrom ({ parts }: SegmentBody, first: number): () => Uint8Array | null {
  let index = 0
  let start = 0
  let end = 0
  const advance = (): Buffer | undefined => {
    while (end === parts[index]?.length) {
      index++
      end = 0
    }
    const part = parts[index]
    if (part === undefined) return undefined
    start = end + LENGTH_BYTES
    end = start + part.readUInt32LE(end)
    return part
  }
  for (let skipped = 0; skipped < first; skipped++) advance()
  return () => advance()?.subarray(start, end) ?? null
}
