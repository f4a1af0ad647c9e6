// The rows of a batch leave what they were made in for a room, which can change threads.
import { BYTES_PER_ROW, type ColumnBuffer } from '../../core/column-buffer.ts'
import { aligned, placeIn, type Room } from '../../core/room.ts'
import type { DecodedRows } from '../../schemas/decoded-batch.ts'

type Numbers = Uint8Array | Int8Array | Int16Array | Int32Array | Uint32Array

/** The filled rows, without the room behind them. */
export function copyRows ({ contract, count, message, isVoid, columns }: DecodedRows, room: Room): DecodedRows {
  const parts = [
    message.subarray(0, count), isVoid.subarray(0, count), ...columns.flatMap(column => partsOf(column, count))
  ]
  const place = placeIn(room, parts.reduce((sum, part) => sum + aligned(part.byteLength), 0))
  const { memory } = place
  let { at } = place
  const kept = parts.map(part => {
    const copy = new (part.constructor as new (memory: ArrayBuffer, at: number, length: number) => Numbers)(
      memory, at, part.length)
    copy.set(part)
    at += aligned(part.byteLength)
    return copy
  })
  const next = kept.values()
  const take = (): Numbers => next.next().value as Numbers
  return {
    contract,
    count,
    message: take() as Uint32Array,
    isVoid: take() as Uint8Array,
    columns: columns.map(column => columnOf(column, take))
  }
}

/** What a column keeps, in the order in which `columnOf` takes it. */
function partsOf (column: ColumnBuffer, count: number): Numbers[] {
  const bitmapBytes = Math.ceil(count / 64) * 8
  if (column.kind === 'text') {
    const { data, used, starts, ends, validity } = column
    const bitmap = validity.subarray(0, bitmapBytes)
    return [data.subarray(0, used), starts.subarray(0, count), ends.subarray(0, count), bitmap]
  }
  const { data, validity } = column
  const filled = data.subarray(0, count * BYTES_PER_ROW[column.kind] / data.BYTES_PER_ELEMENT)
  return validity === null ? [filled] : [filled, validity.subarray(0, bitmapBytes)]
}

function columnOf (column: ColumnBuffer, take: () => Numbers): ColumnBuffer {
  if (column.kind === 'text') {
    const data = take() as Uint8Array
    return {
      kind: 'text',
      data,
      used: data.length,
      starts: take() as Uint32Array,
      ends: take() as Uint32Array,
      validity: take() as Uint8Array
    }
  }
  return { kind: column.kind, data: take(), validity: column.validity === null ? null : take() as Uint8Array }
}
