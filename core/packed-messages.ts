// Messages in one piece of memory, which threads share: so a source collects them and so they are decoded. An object
// for each would keep the collector of garbage busy.
import { giveMemory, takeMemory } from './shared-memory.ts'

/** One message as it came, before anything of it is trusted. */
export interface RawMessage {
  /** Ordinal of the message in its partition: the Kafka offset, the line of a file, the ordinal of an HTTP message. */
  offset: number
  /** Broker time, or the time at which its file or request was first read: milliseconds, the same at every re-read. */
  receivedAtMs: number
  value: Uint8Array
}

/** Messages that lie one behind the other. */
export interface PackedMessages {
  bytes: Uint8Array<SharedArrayBuffer>
  /** Where each message ends in `bytes`. */
  ends: Uint32Array
  offsets: Float64Array
  receivedAtMs: Float64Array
}

/** Collects messages; what is added is copied, because the memory it lies in is shared with others. */
export interface MessageCollector {
  add (offset: number, receivedAtMs: number, value: Uint8Array): void
  count (): number
  byteCount (): number
  /** What was collected; the collector is empty then. */
  take (): PackedMessages
}

const NOTHING = new Uint8Array(new SharedArrayBuffer(0))
const ROOM_BYTES = 4096

/** A collector that has nothing, with room for so many bytes to begin with. */
export function createMessageCollector (roomBytes = ROOM_BYTES): MessageCollector {
  let bytes = NOTHING
  let size = 0
  let ends: number[] = []
  let offsets: number[] = []
  let receivedAtMs: number[] = []

  return {
    add (offset, received, value) {
      if (size + value.length > bytes.length) bytes = grown(bytes, size, Math.max(roomBytes, size + value.length))
      bytes.set(value, size)
      size += value.length
      ends.push(size)
      offsets.push(offset)
      receivedAtMs.push(received)
    },
    count: () => ends.length,
    byteCount: () => size,
    take () {
      const packed = {
        bytes: bytes.subarray(0, size),
        ends: new Uint32Array(ends),
        offsets: new Float64Array(offsets),
        receivedAtMs: new Float64Array(receivedAtMs)
      }
      // Batches of a source are alike: the next one begins with the room that this one took.
      roomBytes = Math.max(roomBytes, size)
      bytes = NOTHING
      size = 0
      ends = []
      offsets = []
      receivedAtMs = []
      return packed
    }
  }
}

/** These messages, packed. */
export function packMessages (messages: readonly RawMessage[]): PackedMessages {
  const collector = createMessageCollector(messages.reduce((sum, { value }) => sum + value.length, 0))
  for (const { offset, receivedAtMs, value } of messages) collector.add(offset, receivedAtMs, value)
  return collector.take()
}

/** A copy of a message's bytes. */
export function messageAt ({ bytes, ends }: Pick<PackedMessages, 'bytes' | 'ends'>, message: number): Uint8Array {
  return bytes.slice(message === 0 ? 0 : ends[message - 1], ends[message])
}

/** Gives the memory of messages to others, when nobody will read them any longer. */
export function releaseMessages ({ bytes }: PackedMessages): void {
  giveMemory(bytes)
}

function grown (bytes: typeof NOTHING, size: number, neededBytes: number): typeof NOTHING {
  const larger = takeMemory(neededBytes)
  larger.set(bytes.subarray(0, size))
  giveMemory(bytes)
  return larger
}
