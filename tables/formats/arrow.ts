// Arrow IPC, as a file (with a footer) or a stream: one record batch per chunk, columns of text, Date32 and numbers.
import {
  DateDay, Field, Float64, Int32, Int64, makeData, RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter,
  type RecordBatchWriter, Schema, Struct, type Data, type DataType, Utf8
} from 'apache-arrow'
import { parseDay } from '../../core/civil-date.ts'
import type { Answer, Cell } from '../answer.ts'
import type { AnswerColumn } from '../query.ts'

/** The IPC file format (Feather version 2). */
export function encodeArrowFile (answer: Answer): AsyncGenerator<Uint8Array> {
  return encodeArrow(answer, new RecordBatchFileWriter())
}

/** The IPC stream format, readable before it is complete. */
export function encodeArrowStream (answer: Answer): AsyncGenerator<Uint8Array> {
  return encodeArrow(answer, new RecordBatchStreamWriter())
}

async function * encodeArrow (answer: Answer, writer: RecordBatchWriter): AsyncGenerator<Uint8Array> {
  const schema = new Schema(answer.columns.map(column => new Field(column.name, arrowType(column), true)))
  const ready = takeReady(writer)
  // Writes the schema, which an answer without rows needs too; writing an empty table would close the writer.
  writer.reset(undefined, schema)
  yield await ready()
  for await (const { rowCount, columns } of answer.chunks) {
    const children = columns.map((cells, i) => arrowData(cells, answer.columns[i]!))
    const data = makeData({ type: new Struct(schema.fields), length: rowCount, nullCount: 0, children })
    writer.write(new RecordBatch(schema, data))
    yield await ready()
  }
  writer.finish()
  yield await ready()
}

/**
 * Takes what the writer has put out so far, in one piece, and no more. Its own async iterator waits for the next bytes,
 * which would leave no room to hold back the next chunk while the reader is slow.
 */
function takeReady (writer: RecordBatchWriter): () => Promise<Uint8Array> {
  const queue = writer[Symbol.asyncIterator]()
  let next: ReturnType<typeof queue.next> | undefined
  return async () => {
    const pieces: Uint8Array[] = []
    while (true) {
      next ??= queue.next()
      // The first of two settled promises wins, so `undefined` means that nothing is there yet.
      const item = await Promise.race([next, Promise.resolve(undefined)])
      if (item !== undefined) next = undefined
      if (item === undefined || item.done === true) return Buffer.concat(pieces)
      pieces.push(item.value as Uint8Array)
    }
  }
}

/** Whole measures are 64 bits wide, as in Parquet; whole dimensions (hours) 32. */
function arrowType ({ type, role }: AnswerColumn): DataType {
  if (type === 'date') return new DateDay()
  if (type === 'number') return new Float64()
  if (type === 'integer') return role === 'measure' ? new Int64() : new Int32()
  return new Utf8()
}

function arrowData (cells: Cell[], column: AnswerColumn): Data {
  const length = cells.length
  const { nullCount, nullBitmap } = validity(cells)
  const shared = { length, nullCount, nullBitmap }
  if (column.type === 'date') {
    const data = Int32Array.from(cells, cell => cell === null ? 0 : parseDay(String(cell))!)
    return makeData({ type: new DateDay(), ...shared, data })
  }
  if (column.type === 'number') {
    return makeData({ type: new Float64(), ...shared, data: Float64Array.from(cells, cell => Number(cell ?? 0)) })
  }
  if (column.type === 'integer') {
    return column.role === 'measure'
      ? makeData({ type: new Int64(), ...shared, data: BigInt64Array.from(cells, cell => BigInt(cell ?? 0)) })
      : makeData({ type: new Int32(), ...shared, data: Int32Array.from(cells, cell => Number(cell ?? 0)) })
  }
  return makeData({ type: new Utf8(), ...shared, ...textBuffers(cells) })
}

function textBuffers (cells: Cell[]): { valueOffsets: Int32Array, data: Uint8Array } {
  const texts = cells.map(cell => cell === null ? '' : String(cell))
  const valueOffsets = new Int32Array(texts.length + 1)
  texts.forEach((text, row) => { valueOffsets[row + 1] = valueOffsets[row]! + Buffer.byteLength(text) })
  return { valueOffsets, data: Buffer.from(texts.join('')) }
}

function validity (cells: Cell[]): { nullCount: number, nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(Math.ceil(cells.length / 8))
  let nullCount = 0
  cells.forEach((cell, row) => {
    if (cell === null) nullCount++
    else nullBitmap[row >> 3]! |= 1 << (row & 7)
  })
  return { nullCount, nullBitmap }
}
