// Decodes what a broker answers for one partition: batches of records, the last of them cut off where the answer was
// full. kafkajs does not compare their checksums, which is done here. Message sets of the time before Kafka 0.11 are
// left to it.
import { setImmediate } from 'node:timers/promises'
import { crc32c } from '@node-rs/crc32'
import type { KafkaMessage } from 'kafkajs'
import { loadModule, replaceModule } from '../mend.ts'
import type { BatchContext } from './fetched-record.ts'
import { damaged, decodeRecords, type DecodeRecord } from './record-decoder.ts'

/** Where kafkajs has come to in an answer. */
export interface AnswerCursor { buffer: Buffer, offset: number }

/** Takes the records of one partition, with their length before them, off an answer. */
export type DecodeMessages = (answer: AnswerCursor) => Promise<KafkaMessage[]>

/** What is used of kafkajs. */
export interface KafkajsDecoders {
  messages: DecodeMessages
  record: DecodeRecord
  codecOf: (attributes: number) => { decompress (bytes: Buffer): Promise<Buffer> } | null
}

const PROTOCOL = 'kafkajs/src/protocol'
const RECORD_BATCH_MAGIC = 2
/** Where things are in a batch. */
const At = {
  firstOffset: 0, length: 8, partitionLeaderEpoch: 12, magic: 16, checksum: 17, attributes: 21, lastOffsetDelta: 23,
  firstTimestamp: 27, maxTimestamp: 35, producerId: 43, producerEpoch: 51, firstSequence: 53, count: 57, records: 61
} as const
const LENGTH_END = 12
const TIMESTAMP_TYPE = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
/** So much is decoded in a turn of the event loop, half a millisecond's work, however much an answer holds. */
const TURN_BYTES = 256 * 1024

/** Puts our decoder in the place of kafkajs' own, which it loads when it fetches for the first time. */
export function quickenDecoding (): void {
  replaceModule<DecodeMessages>(`${PROTOCOL}/requests/fetch/v4/decodeMessages.js`, messages =>
    createMessagesDecoder({ ...kafkajsDecoders(), messages }))
}

/** What kafkajs decodes with by itself. */
export function kafkajsDecoders (): Omit<KafkajsDecoders, 'messages'> {
  const Decoder = loadModule<new (buffer: Buffer) => AnswerCursor>(`${PROTOCOL}/decoder.js`)
  const record = loadModule<(cursor: AnswerCursor, context: BatchContext) => KafkaMessage>(
    `${PROTOCOL}/recordBatch/record/v0/decoder.js`)
  const { lookupCodecByAttributes } = loadModule<{ lookupCodecByAttributes: KafkajsDecoders['codecOf'] }>(
    `${PROTOCOL}/message/compression/index.js`)
  return { record: (bytes, context) => record(new Decoder(bytes), context), codecOf: lookupCodecByAttributes }
}

/**
 * A decoder that gives what kafkajs' own gives. Throws KAFKA_FAILED for a batch that is not of its checksum, or ends
 * before its records do.
 */
export function createMessagesDecoder (kafkajs: KafkajsDecoders): DecodeMessages {
  let turnBytes = 0
  return async answer => {
    const { buffer, offset } = answer
    const begin = offset + 4
    const size = buffer.readInt32BE(offset)
    const isOurs = size >= At.magic + 1 && begin + size <= buffer.length &&
      buffer[begin + At.magic] === RECORD_BATCH_MAGIC
    if (!isOurs) return await kafkajs.messages(answer)
    answer.offset = begin + size
    const rest = buffer.subarray(begin, begin + size)
    const messages: KafkaMessage[] = []
    for (let at = 0; at + LENGTH_END <= rest.length;) {
      const length = rest.readInt32BE(at + At.length)
      if (length < At.records - LENGTH_END) throw damaged(int64(rest, at), 'one of fewer bytes than its head')
      const end = at + LENGTH_END + length
      if (end > rest.length) break
      for (const message of await decodeBatch(rest.subarray(at, end), kafkajs)) messages.push(message)
      turnBytes += end - at
      at = end
      if (turnBytes < TURN_BYTES) continue
      await setImmediate()
      turnBytes = 0
    }
    return messages
  }
}

async function decodeBatch (batch: Buffer, { record, codecOf }: KafkajsDecoders): Promise<KafkaMessage[]> {
  const firstOffset = int64(batch, At.firstOffset)
  if (batch[At.magic] !== RECORD_BATCH_MAGIC) throw damaged(firstOffset, 'one of another format')
  if (crc32c(batch.subarray(At.attributes)) !== batch.readUInt32BE(At.checksum)) {
    throw damaged(firstOffset, 'one whose bytes have another checksum')
  }
  const attributes = batch.readInt16BE(At.attributes)
  const context: BatchContext = {
    firstOffset,
    firstTimestamp: int64(batch, At.firstTimestamp),
    partitionLeaderEpoch: batch.readInt32BE(At.partitionLeaderEpoch),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
    lastOffsetDelta: batch.readInt32BE(At.lastOffsetDelta),
    producerId: int64(batch, At.producerId),
    producerEpoch: batch.readInt16BE(At.producerEpoch),
    firstSequence: batch.readInt32BE(At.firstSequence),
    maxTimestamp: int64(batch, At.maxTimestamp),
    timestampType: (attributes & TIMESTAMP_TYPE) > 0 ? 1 : 0,
    magicByte: batch.readInt8(At.magic)
  }
  const count = batch.readInt32BE(At.count)
  const codec = codecOf(attributes)
  const stored = batch.subarray(At.records)
  const bytes = codec && count > 0 ? await codec.decompress(stored) : stored
  return decodeRecords(bytes, count, context, record)
}

function int64 (bytes: Buffer, at: number): string {
  return bytes.readBigInt64BE(at).toString()
}
