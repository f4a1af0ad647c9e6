// A raw batch in one piece of memory, and a decoded one as the memory it consists of: both cross threads by changing
// hands, not by being copied value by value.
import { type RawBatch, type RawMessage } from '../../../core/stage.ts'
import { type DecodedBatch } from '../../../schemas/decoded-batch.ts'

/** A raw batch whose messages lie one behind the other. */
export interface PackedBatch {
  batch: Omit<RawBatch, 'messages'>
  bytes: Uint8Array
  /** Where each message ends in `bytes`. */
  ends: Uint32Array
  offsets: Float64Array
  receivedAtMs: Float64Array
}

/** A decoded batch without the messages, which stay where they came from. */
export type DecodedColumns = Omit<DecodedBatch, 'values'>

/** Packs a batch; the messages are copied, because the memory they lie in is shared with others. */
export function packBatch ({ messages, ...batch }: RawBatch): PackedBatch {
  const bytes = new Uint8Array(messages.reduce((sum, { value }) => sum + value.length, 0))
  const ends = new Uint32Array(messages.length)
  const offsets = new Float64Array(messages.length)
  const receivedAtMs = new Float64Array(messages.length)
  let end = 0
  messages.forEach((message, i) => {
    bytes.set(message.value, end)
    ends[i] = end += message.value.length
    offsets[i] = message.offset
    receivedAtMs[i] = message.receivedAtMs
  })
  return { batch, bytes, ends, offsets, receivedAtMs }
}

/** The batch as it was. */
export function unpackBatch ({ batch, bytes, ends, offsets, receivedAtMs }: PackedBatch): RawBatch {
  const messages: RawMessage[] = []
  for (let i = 0, start = 0; i < ends.length; i++) {
    const end = ends[i] as number
    messages.push({
      offset: offsets[i] as number, receivedAtMs: receivedAtMs[i] as number, value: bytes.subarray(start, end)
    })
    start = end
  }
  return { ...batch, messages }
}

/** The memory of a packed batch. */
export function packedMemory ({ bytes, ends, offsets, receivedAtMs }: PackedBatch): ArrayBuffer[] {
  return memoryOf([bytes, ends, offsets, receivedAtMs])
}

/** The memory of a decoded batch. */
export function decodedMemory ({ offsets, receivedAtMs, contracts, drift, rows }: DecodedColumns): ArrayBuffer[] {
  return memoryOf([offsets, receivedAtMs, contracts, drift, ...rows.flatMap(part => part === undefined
    ? []
    : [part.message, part.isVoid, ...part.columns.flatMap(column => {
        if (column.kind === 'varchar') return []
        const arrays: ArrayBufferView[] = [column.data]
        if (column.validity !== null) arrays.push(column.validity)
        if (column.kind === 'text') arrays.push(column.starts, column.ends)
        return arrays
      })])])
}

function memoryOf (views: readonly ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(views.map(view => view.buffer as ArrayBuffer))]
}
