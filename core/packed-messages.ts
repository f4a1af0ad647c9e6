// Messages in one piece of memory: so a source collects them, so they change threads, by changing hands instead of
// being copied one by one, and so they are decoded. An object for each would keep the collector of garbage busy.

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
  bytes: Uint8Array
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

const NOTHING: Uint8Array = new Uint8Array(0)
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
        ends: Uint32Array.from(ends),
        offsets: Float64Array.from(offsets),
        receivedAtMs: Float64Array.from(receivedAtMs)
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

/** The bytes of a message, which stay where they are. */
export function messageAt ({ bytes, ends }: Pick<PackedMessages, 'bytes' | 'ends'>, message: number): Uint8Array {
  return bytes.subarray(message === 0 ? 0 : ends[message - 1], ends[message])
}

/** The memory of packed messages. */
export function packedMemory ({ bytes, ends, offsets, receivedAtMs }: PackedMessages): ArrayBuffer[] {
  return [bytes, ends, offsets, receivedAtMs].map(({ buffer }) => buffer as ArrayBuffer)
}

function grown (bytes: Uint8Array, size: number, neededBytes: number): Uint8Array {
  // Memory of its own, or it could not move to another thread.
  const larger = new Uint8Array(Buffer.allocUnsafeSlow(Math.max(neededBytes, bytes.length * 2)).buffer)
  larger.set(bytes.subarray(0, size))
  return larger
}
