// Decodes the records of a batch (KIP-98, message format 2). kafkajs 2.2.4 computes every offset and every time in
// BigInt, by way of texts. Records that are not plain (headers, numbers of more than 49 bits) are left to it.
import type { KafkaMessage } from 'kafkajs'
import { BorderflowError } from '../../../core/errors.ts'
import { FetchedRecord, Place, PLACE_NUMBERS, type BatchContext, type DecodedBatch } from './fetched-record.ts'

/** kafkajs' decoder of one record, given the record's bytes without their length. */
export type DecodeRecord = (record: Buffer, context: BatchContext) => KafkaMessage

const LOG_APPEND_TIME = 1
/** Of seven bits each: what a number of JavaScript holds exactly. */
const VARINT_BYTES_MAX = 7
/** Its length, attributes, time, offset, lengths of key and value, number of headers: a byte each at least. */
const RECORD_BYTES_MIN = 7

/** Where decoding has come to, and whether a number was too long to be exact: one batch is decoded at a time. */
const cursor = { at: 0, isExact: true }

/**
 * The records of a batch: `count` of them, one behind the other from the beginning of `bytes`. Throws KAFKA_FAILED if
 * they end too soon: kafkajs would make as many headers as a damaged count says, until there is no memory left.
 */
export function decodeRecords (
  bytes: Buffer, count: number, context: BatchContext, ordinary: DecodeRecord
): KafkaMessage[] {
  if (count < 0 || count * RECORD_BYTES_MIN > bytes.length) throw endsTooSoon(context)
  const batch: DecodedBatch = {
    context,
    bytes,
    places: new Float64Array(count * PLACE_NUMBERS),
    appendedAtMs: context.timestampType === LOG_APPEND_TIME ? Number(context.maxTimestamp) : null
  }
  const firstOffset = Number(context.firstOffset)
  const firstTimestamp = Number(context.firstTimestamp)
  const records: KafkaMessage[] = []
  cursor.at = 0
  for (let index = 0; index < count; index++) {
    const length = varint(bytes)
    const begin = cursor.at
    const end = begin + length
    if (length < 0 || end > bytes.length) throw endsTooSoon(context)
    const isPlain = decodeRecord(batch, index, end, firstOffset, firstTimestamp)
    records.push(isPlain ? new FetchedRecord(batch, index) : ordinary(bytes.subarray(begin, end), context))
    cursor.at = end
  }
  return records
}

/** Writes down where the parts of the record that begins at the cursor lie; false if it is not plain. */
function decodeRecord (
  { bytes, places, context }: DecodedBatch, index: number, end: number, firstOffset: number, firstTimestamp: number
): boolean {
  const first = index * PLACE_NUMBERS
  cursor.isExact = true
  places[first + Place.attributes] = (bytes[cursor.at++] as number) << 24 >> 24
  const timestamp = places[first + Place.timestamp] = firstTimestamp + varint(bytes)
  const offsetDelta = varint(bytes)
  const offset = places[first + Place.offset] = firstOffset + offsetDelta
  lengthAndBytes(bytes, places, first + Place.keyBegin)
  lengthAndBytes(bytes, places, first + Place.valueBegin)
  const headers = varint(bytes)
  // A header has a byte at least for the length of each of its parts; a negative count of them is none.
  if (cursor.at + Math.max(0, headers) > end) throw endsTooSoon(context)
  return cursor.isExact && headers === 0 && (offsetDelta | 0) === offsetDelta &&
    Number.isSafeInteger(timestamp) && Number.isSafeInteger(offset)
}

/** Writes down begin and end of bytes with their length before them: an end of −1 where the length is −1. */
function lengthAndBytes (bytes: Buffer, places: Float64Array, place: number): void {
  const length = varint(bytes)
  if (length === -1) {
    places[place + 1] = -1
    return
  }
  places[place] = cursor.at
  cursor.at = length < 0 ? Infinity : cursor.at + length
  places[place + 1] = cursor.at
}

function varint (bytes: Buffer): number {
  // Most are of one byte.
  const { at } = cursor
  const low = at < bytes.length ? bytes[at] as number : 0x80
  if (low < 0x80) {
    cursor.at = at + 1
    return (low >>> 1) ^ -(low & 1)
  }
  return longVarint(bytes)
}

function longVarint (bytes: Buffer): number {
  let value = 0
  let factor = 1
  for (const end = cursor.at + VARINT_BYTES_MAX; cursor.at < bytes.length; factor *= 128) {
    const byte = bytes[cursor.at++] as number
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    if (cursor.at >= end) cursor.isExact = false
  }
  cursor.at = Infinity
  return 0
}

function endsTooSoon ({ firstOffset }: BatchContext): BorderflowError {
  return damaged(firstOffset, 'one that ends before its records do')
}

/** What is thrown for a batch that cannot be read as it came. */
export function damaged (firstOffset: string, found: string): BorderflowError {
  return new BorderflowError('KAFKA_FAILED', {
    expected: 'batches of records as they were produced',
    found,
    where: `the batch at offset ${firstOffset}`,
    remedy: 'It was damaged in the broker or on its way. A restart reads it again; if that fails as well, compare the ' +
      'replicas of the partition.'
  })
}
