// A batch in a kernel: its messages go in, its rows come out as columns. In between, rows that go the ordinary way are
// appended to the same columns, so that all stand in the order of their messages.
import {
  BYTES_PER_ROW, columnData, type ColumnBuffer, type FixedColumn, type PackedTextColumn
} from '../../../core/column-buffer.ts'
import type { PackedMessages } from '../../../core/packed-messages.ts'
import { FACT_COLUMNS, type ColumnSpec } from '../../../schemas/columns.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import type { DecodedRows } from '../../../schemas/decoded-batch.ts'
import { rowTarget } from '../context.ts'
import type { RowsBuilder } from '../index.ts'
import { titled } from './codes.ts'
import type { KernelInstance } from './wasm.ts'

export interface KernelBatch {
  /** Decodes messages [from, to); the ordinal of the first that is not plainly right, or `to`. */
  decode (from: number, to: number): number
  /** Where rows of a contract that go the ordinary way are appended, if it is one that the kernel writes. */
  builder (contract: number): RowsBuilder | undefined
  /** The contracts of the messages that the kernel decoded; 0 for others. */
  contracts (): Uint8Array
  /** The rows of a contract, if there are any, until the end of the batch. */
  rows (contract: number): DecodedRows | undefined
  /** Ends the batch: the kernel may take the next. */
  end (): void
}

/** What the kernel may read behind the last message, and write behind the last text. */
const SLACK_BYTES = 64
/** Longest text of a column in UTF-8: 64 units of UTF-16. */
const TEXT_BYTES_MAX = 192
const WRITTEN = { crossing: 'gdi.crossing.v1', registration: 'fpcs.registration.v1' } as const

/** A column's places in the kernel's memory. */
interface Place { spec: ColumnSpec, data: number, validity: number, starts: number, ends: number, struct: number }

/** Begins a batch; `topicContract` is the ordinal of the contract that its topic stands for, or −1. */
export function beginKernelBatch (
  kernel: KernelInstance, { bytes, ends, receivedAtMs }: PackedMessages, topicContract: number
): KernelBatch {
  const { reserve, release } = kernel.functions
  const count = ends.length
  const begin = reserve(0)
  const clearedFrom = reserve(count)
  kernel.set('messageContracts', clearedFrom)
  const wanted = Object.entries(WRITTEN).filter(([, name]) =>
    topicContract < 0 || CONTRACTS[topicContract] === name)
  const layouts = wanted.map(([prefix, name]) =>
    ({ prefix, name, ...layOut(kernel, prefix, FACT_COLUMNS[name], count) }))
  const clearedTo = reserve(0)
  const textBytes = Math.min(bytes.length, count * TEXT_BYTES_MAX) + SLACK_BYTES
  for (const { places } of layouts) {
    for (const place of places) if (place.spec.kind === 'text') place.data = reserve(textBytes)
  }
  const messages = reserve(bytes.length + SLACK_BYTES)
  const endsAt = reserve(ends.byteLength)
  const receivedAt = reserve(receivedAtMs.byteLength)
  // From here on the memory stays the same until the end of the batch.
  const memory = kernel.memory()
  const all = new Uint8Array(memory)
  all.fill(0, clearedFrom, clearedTo)
  all.set(bytes, messages)
  all.fill(0, messages + bytes.length, messages + bytes.length + SLACK_BYTES)
  new Uint32Array(memory, endsAt, count).set(ends)
  new Float64Array(memory, receivedAt, count).set(receivedAtMs)
  kernel.set('messages', messages)
  kernel.set('messageEnds', endsAt)
  kernel.set('messagesReceivedAt', receivedAt)
  kernel.set('topicContract', topicContract)
  const builders = new Map(layouts.map(layout => {
    const contract = CONTRACTS.indexOf(layout.name)
    return [contract, builderOf(kernel, layout, contract, count, textBytes)]
  }))
  return {
    decode: kernel.functions.decode,
    builder: contract => builders.get(contract),
    contracts: () => all.slice(clearedFrom, clearedFrom + count),
    rows (contract) {
      const builder = builders.get(contract)
      return builder === undefined || builder.rows.count === 0 ? undefined : builder.rows
    },
    end: () => { release(begin) }
  }
}

/** Reserves what is cleared of a contract's columns, and tells the kernel where each is. */
function layOut (
  kernel: KernelInstance, prefix: string, specs: readonly ColumnSpec[], count: number
): { message: number, isVoid: number, places: Place[] } {
  const { reserve } = kernel.functions
  const bitmapBytes = Math.ceil(count / 64) * 8
  const message = reserve(count * 4)
  kernel.set(`${prefix}Message`, message)
  kernel.set(`${prefix}Rows`, 0)
  const isVoid = reserve(count)
  const places = specs.map(spec => {
    const name = `${prefix}${titled(spec.name)}`
    if (spec.kind === 'text') {
      const place = {
        spec, data: 0, validity: reserve(bitmapBytes), starts: reserve(count * 4), ends: reserve(count * 4),
        struct: reserve(kernel.get('textColumnBytes'))
      }
      kernel.set(name, place.struct)
      return place
    }
    const data = reserve(count * BYTES_PER_ROW[spec.kind as FixedColumn['kind']])
    const validity = spec.nullable === true ? reserve(bitmapBytes) : 0
    kernel.set(name, data)
    if (validity > 0) kernel.set(`${name}Validity`, validity)
    return { spec, data, validity, starts: 0, ends: 0, struct: 0 }
  })
  return { message, isVoid, places }
}

/** Rows that lie in the kernel's memory and are counted by it. */
function builderOf (
  kernel: KernelInstance, { prefix, message, isVoid, places }: { prefix: string } & ReturnType<typeof layOut>,
  contract: number, count: number, textBytes: number
): RowsBuilder {
  const memory = kernel.memory()
  const columns = places.map(place => place.spec.kind === 'text'
    ? textColumn(memory, place, count, textBytes)
    : fixedColumn(memory, place, count))
  return {
    rows: {
      contract,
      get count () { return kernel.get(`${prefix}Rows`) },
      set count (rows) { kernel.set(`${prefix}Rows`, rows) },
      message: new Uint32Array(memory, message, count),
      isVoid: new Uint8Array(memory, isVoid, count),
      columns
    },
    target: rowTarget(places.map(({ spec }) => spec), columns)
  }
}

function textColumn (memory: ArrayBuffer, place: Place, count: number, textBytes: number): PackedTextColumn {
  const { data, validity, starts, ends, struct } = place
  // As `TextColumn` of assembly/columns.ts: data, used, starts, ends, validity.
  const words = new Uint32Array(memory, struct, 5)
  words.set([data, 0, starts, ends, validity])
  return {
    kind: 'text',
    data: new Uint8Array(memory, data, textBytes),
    get used () { return words[1] as number },
    set used (bytes) { words[1] = bytes },
    starts: new Uint32Array(memory, starts, count),
    ends: new Uint32Array(memory, ends, count),
    validity: new Uint8Array(memory, validity, Math.ceil(count / 64) * 8)
  }
}

function fixedColumn (memory: ArrayBuffer, { spec, data, validity }: Place, count: number): ColumnBuffer {
  const bitmap = validity === 0 ? null : new Uint8Array(memory, validity, Math.ceil(count / 64) * 8).fill(0xff)
  const kind = spec.kind as FixedColumn['kind']
  return { kind, data: columnData(kind, count, memory, data), validity: bitmap }
}
