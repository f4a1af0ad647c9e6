// One record of a fetched batch. It says what a message of kafkajs says, but holds no more than its place in the batch:
// ten objects for each of the thousands of a fetch keep the collector of garbage busy, which holds the event loop.
import type { KafkaMessage, RecordBatchEntry } from 'kafkajs'

/** What the records of a batch have in common, by the names that kafkajs gives it. */
export interface BatchContext {
  firstOffset: string
  firstTimestamp: string
  partitionLeaderEpoch: number
  inTransaction: boolean
  isControlBatch: boolean
  lastOffsetDelta: number
  producerId: string
  producerEpoch: number
  firstSequence: number
  maxTimestamp: string
  timestampType: number
  magicByte: number
}

/** A batch whose records are known. */
export interface DecodedBatch {
  context: BatchContext
  bytes: Buffer
  /** Seven numbers a record, in the order of `Place`. */
  places: Float64Array
  /** The time of every record, if the broker sets it (LogAppendTime): milliseconds since 1970. */
  appendedAtMs: number | null
}

/** The numbers of a record; begins and ends are offsets in the batch's bytes, an end of −1 is null instead of bytes. */
export const Place = {
  attributes: 0,
  offset: 1,
  timestamp: 2,
  keyBegin: 3,
  keyEnd: 4,
  valueBegin: 5,
  valueEnd: 6
} as const
export const PLACE_NUMBERS = 7

/** A message of kafkajs whose properties are made when they are asked for. */
export class FetchedRecord implements RecordBatchEntry {
  readonly #batch: DecodedBatch
  readonly #first: number

  constructor (batch: DecodedBatch, index: number) {
    this.#batch = batch
    this.#first = index * PLACE_NUMBERS
  }

  /** The offset as a number; a record with a larger one than a number holds exactly is not one of these. */
  get offsetNumber (): number {
    return this.#number(Place.offset)
  }

  get timestampMs (): number {
    return this.#batch.appendedAtMs ?? this.#number(Place.timestamp)
  }

  /** Zero for a value that is null. */
  get valueLength (): number {
    return Math.max(0, this.#number(Place.valueEnd) - this.#number(Place.valueBegin))
  }

  get magicByte (): number {
    return this.#batch.context.magicByte
  }

  get attributes (): number {
    return this.#number(Place.attributes)
  }

  get timestamp (): string {
    const { appendedAtMs, context } = this.#batch
    return appendedAtMs === null ? String(this.#number(Place.timestamp)) : context.maxTimestamp
  }

  get offset (): string {
    return String(this.#number(Place.offset))
  }

  get key (): Buffer | null {
    return this.#bytes(Place.keyBegin, Place.keyEnd)
  }

  get value (): Buffer | null {
    return this.#bytes(Place.valueBegin, Place.valueEnd)
  }

  /** None: a record that has some is left to kafkajs. */
  get headers (): Record<string, never> {
    return {}
  }

  get isControlRecord (): boolean {
    return this.#batch.context.isControlBatch
  }

  get batchContext (): BatchContext {
    return this.#batch.context
  }

  #number (place: number): number {
    return this.#batch.places[this.#first + place] as number
  }

  #bytes (begin: number, end: number): Buffer | null {
    const last = this.#number(end)
    return last < 0 ? null : this.#batch.bytes.subarray(this.#number(begin), last)
  }
}

/** Offset, time and length of a message's value, without a text or a view made for it. */
export function sizesOf (message: KafkaMessage): { offset: number, timestampMs: number, valueLength: number } {
  return message instanceof FetchedRecord
    ? { offset: message.offsetNumber, timestampMs: message.timestampMs, valueLength: message.valueLength }
    : {
        offset: Number(message.offset),
        timestampMs: Number(message.timestamp),
        valueLength: message.value?.length ?? 0
      }
}
