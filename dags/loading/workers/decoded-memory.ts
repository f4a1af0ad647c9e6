// A decoded batch as the memory it consists of: it crosses threads by changing hands, not by being copied.
import type { DecodedColumns } from '../decode-batch.ts'

/** The memory of a decoded batch. */
export function decodedMemory ({ contracts, drift, rows }: DecodedColumns): ArrayBuffer[] {
  return memoryOf([contracts, drift, ...rows.flatMap(part => part === undefined
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
