// Decodes a record of a batch (KIP-98, message format 2) for kafkajs 2.2.4, whose own decoder computes every offset and
// every time in BigInt, by way of texts: it takes twice as long. Records that are not plain (headers, numbers of more
// than 49 bits) are left to kafkajs.
import { createRequire } from 'node:module'
import { BorderflowError } from '../../core/errors.ts'

/** What kafkajs gives its decoder: the bytes of one record, and where to begin. */
export interface RecordBytes { buffer: Buffer, offset: number }

/** What a record needs to know of its batch. */
export interface RecordContext {
  firstOffset: string
  firstTimestamp: string
  maxTimestamp: string
  timestampType: number
  magicByte: number
  isControlBatch?: boolean
}

export type DecodeRecord = (bytes: RecordBytes, context: RecordContext) => object

const DECODER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder.js'
const LOG_APPEND_TIME = 1
/** Of seven bits each: what a number of JavaScript holds exactly. */
const VARINT_BYTES_MAX = 7

/** Puts our decoder in the place of kafkajs' own, which it loads when it fetches for the first time. */
export function quickenRecordDecoder (): void {
  const load = createRequire(import.meta.url)
  const ordinary = load(DECODER) as DecodeRecord & { isQuick?: boolean }
  const cached = load.cache[load.resolve(DECODER)]
  if (ordinary.isQuick === true || cached === undefined) return
  cached.exports = Object.assign(createRecordDecoder(ordinary), { isQuick: true })
}

/**
 * A decoder that gives what the ordinary one gives, and leaves to it what is not plain. Throws KAFKA_FAILED for one
 * that ends too soon: kafkajs would make as many headers as a damaged count says, until there is no memory left.
 */
export function createRecordDecoder (ordinary: DecodeRecord): DecodeRecord {
  // One record is decoded at a time: where reading has come to, and whether a number was too long to be exact.
  let at = 0
  let isExact = true
  /** The batch of the record before, and its numbers: all records of a batch come with the same object. */
  let known: RecordContext | null = null
  let firstTimestamp = 0
  let firstOffset = 0

  function varint (buffer: Buffer): number {
    let value = 0
    let factor = 1
    for (const end = at + VARINT_BYTES_MAX; at < buffer.length; factor *= 128) {
      const byte = buffer[at++] as number
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
      if (at >= end) isExact = false
    }
    at = Infinity
    return 0
  }

  /** Bytes with their length before them; null where that is −1. */
  function bytes (buffer: Buffer): Buffer | null {
    const length = varint(buffer)
    if (length === -1) return null
    const begin = at
    at = length < 0 ? Infinity : at + length
    return buffer.subarray(begin, at)
  }

  return (record, context) => {
    const { buffer } = record
    const { magicByte, isControlBatch = false, timestampType, maxTimestamp } = context
    if (context !== known) {
      known = context
      firstTimestamp = Number(context.firstTimestamp)
      firstOffset = Number(context.firstOffset)
    }
    at = record.offset + 1
    isExact = true
    const timestamp = firstTimestamp + varint(buffer)
    const offsetDelta = varint(buffer)
    const offset = firstOffset + offsetDelta
    const key = bytes(buffer)
    const value = bytes(buffer)
    const headers = varint(buffer)
    if (at + headers > buffer.length) throw damaged(context)
    const isPlain = isExact && headers === 0 && (offsetDelta | 0) === offsetDelta
    if (!isPlain || !Number.isSafeInteger(timestamp) || !Number.isSafeInteger(offset)) return ordinary(record, context)
    return {
      magicByte,
      attributes: buffer.readInt8(record.offset),
      timestamp: timestampType === LOG_APPEND_TIME && maxTimestamp ? maxTimestamp : String(timestamp),
      offset: String(offset),
      key,
      value,
      headers: {},
      isControlRecord: isControlBatch,
      batchContext: context
    }
  }
}

function damaged ({ firstOffset }: RecordContext): BorderflowError {
  return new BorderflowError('KAFKA_FAILED', {
    expected: 'records that are as long as they say',
    found: 'one that ends before',
    where: `the batch at offset ${firstOffset}`,
    remedy: 'It was damaged in the broker or on its way. A restart reads it again; if that fails as well, compare the ' +
      'replicas of the partition.'
  })
}
