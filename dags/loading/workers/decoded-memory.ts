// A decoded batch as the memory it consists of: it crosses threads by changing hands, not by being copied.
import { type DecodedBatch } from '../../../schemas/decoded-batch.ts'

/** The memory of a decoded batch. */
export function decodedMemory (decoded: DecodedBatch): ArrayBuffer[] {
  const { bytes, ends, offsets, receivedAtMs, contracts, drift, rows } = decoded
  return memoryOf([bytes, ends, offsets, receivedAtMs, contracts, drift, ...rows.flatMap(part => part === undefined
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
