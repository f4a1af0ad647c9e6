// Collects the parts of one message that stretches over several chunks, in bounded memory: of a message over the limit
// one byte more than the limit is kept, so that it is judged too large.

/** The size limit of a message (definitions.md §1). */
export const MESSAGE_BYTES_MAX = 64 * 1024

/** What is kept of a message at most. */
export const KEPT_BYTES_MAX = MESSAGE_BYTES_MAX + 1

export interface PartCollector {
  isEmpty(): boolean
  add(part: Uint8Array): void
  /** The bytes collected, and starts anew. */
  take(): Uint8Array
}

export function createPartCollector (): PartCollector {
  let parts: Uint8Array[] = []
  let length = 0
  /** The first dropped byte that is not blank. */
  let droppedByte: number | undefined

  function add (part: Uint8Array): void {
    const room = KEPT_BYTES_MAX - length
    if (part.length <= room) {
      if (part.length > 0) parts.push(part)
      length += part.length
      return
    }
    if (room > 0) parts.push(part.subarray(0, room))
    length = KEPT_BYTES_MAX
    droppedByte ??= part.subarray(room).find(byte => !isBlank(byte))
  }

  function take (): Uint8Array {
    let message: Uint8Array = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length)
    // Blanks at the limit would be trimmed and hide what followed: the message would count as empty or as short enough.
    if (droppedByte !== undefined && isBlank(message[message.length - 1]!)) {
      message = Uint8Array.from(message)
      message[message.length - 1] = droppedByte
    }
    parts = []
    length = 0
    droppedByte = undefined
    return message
  }

  return { isEmpty: () => length === 0, add, take }
}

/** Space, tab, line feed and carriage return: the white space of JSON. */
export function isBlank (byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}
