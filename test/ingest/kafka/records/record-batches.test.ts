// Our decoder of records gives what kafkajs' own gives, for whatever bytes, and is the one that kafkajs uses.
import { createRequire } from 'node:module'
import fc from 'fast-check'
import type { KafkaMessage } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../../core/log.ts'
import { createClient } from '../../../../ingest/kafka/client.ts'
import { FetchedRecord, sizesOf } from '../../../../ingest/kafka/records/fetched-record.ts'
import {
  createMessagesDecoder, kafkajsDecoders, type AnswerCursor, type DecodeMessages
} from '../../../../ingest/kafka/records/record-batches.ts'
import { ATTRIBUTES_AT, CHECKSUM_AT, sealBatch } from '../../../support/record-batch.ts'
import { countTurns } from '../../../support/turns.ts'

const load = createRequire(import.meta.url)
const PROTOCOL = 'kafkajs/src/protocol'
const DECODER = `${PROTOCOL}/requests/fetch/v4/decodeMessages.js`
const ordinary = load(DECODER) as DecodeMessages
const encodeRecord = load(`${PROTOCOL}/recordBatch/record/v0/index.js`) as (record: object) => object
const { RecordBatch: encodeBatch } = load(`${PROTOCOL}/recordBatch/v0/index.js`) as
  { RecordBatch: (batch: object) => Promise<{ buffer: Buffer }> }
const Long = load('kafkajs/src/utils/long.js') as { fromValue (value: string): unknown }
const Decoder = load(`${PROTOCOL}/decoder.js`) as new (buffer: Buffer) => AnswerCursor

const GZIP = 1
const REFUSED = 'batches of records as they were produced'

let left = 0
const kafkajs = kafkajsDecoders()
const decode = createMessagesDecoder({
  ...kafkajs,
  messages: ordinary,
  record: (bytes, context) => {
    left++
    return kafkajs.record(bytes, context)
  }
})

const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array)))
const deltas = fc.oneof(fc.integer(), fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }))
const records = fc.array(fc.record({
  offsetDelta: fc.nat(),
  timestampDelta: deltas.map(delta => Long.fromValue(String(delta))),
  key: bytes,
  value: bytes,
  headers: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 5 }), fc.constantFrom('', 'x')) })
}).map(record => encodeRecord(record)), { maxLength: 5 })
const longs = (...usual: string[]): fc.Arbitrary<unknown> => fc
  .oneof(fc.constantFrom(...usual), fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String))
  .map(value => Long.fromValue(value))
const batches = fc.array(fc.record({
  batch: fc.record({
    records,
    compression: fc.constantFrom(0, 0, GZIP),
    firstOffset: longs('0', '7', '4000000000'),
    firstTimestamp: longs('1717200000000', '-1'),
    maxTimestamp: longs('1717200000999'),
    producerId: longs('-1', '5'),
    transactional: fc.boolean()
  }),
  /** Set by a broker: LogAppendTime, control batch. */
  attributes: fc.constantFrom(0, 0x08, 0x20, 0x28)
}), { minLength: 1, maxLength: 4 })
type Batches = typeof batches extends fc.Arbitrary<infer T> ? T : never

/** What a broker answers for a partition, between other things. */
async function answerOf (given: Batches): Promise<Buffer> {
  const encoded = await Promise.all(given.map(async ({ batch, attributes }) => {
    const { buffer } = await encodeBatch(batch)
    buffer.writeInt16BE(buffer.readInt16BE(ATTRIBUTES_AT) | attributes, ATTRIBUTES_AT)
    return sealBatch(buffer)
  }))
  return framed(Buffer.concat(encoded))
}

function framed (messages: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(messages.length)
  return Buffer.concat([length, messages, Buffer.from('what follows')])
}

/** Everything that a message says of itself, and where the answer goes on. */
async function outcome (decoder: DecodeMessages, answer: Buffer): Promise<object | string> {
  const cursor = new Decoder(answer)
  try {
    const messages = await decoder(cursor)
    return { messages: messages.map(said), offset: cursor.offset }
  } catch (error) {
    return String(error)
  }
}

function said (message: KafkaMessage): object {
  const { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext } =
    message as KafkaMessage & Pick<FetchedRecord, 'magicByte' | 'isControlRecord' | 'batchContext'>
  return { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext }
}

const plain = (value: Buffer, offsetDelta = 0): object =>
  encodeRecord({ offsetDelta, timestampDelta: Long.fromValue('5'), key: Buffer.from('k'), value })

describe('what a broker answers for a partition', () => {
  it('is decoded as kafkajs decodes it, and each message says its sizes', async () => {
    await fc.assert(fc.asyncProperty(batches, async given => {
      const answer = await answerOf(given)
      expect(await outcome(decode, answer)).toEqual(await outcome(ordinary, answer))
      for (const message of await decode(new Decoder(answer))) {
        expect(sizesOf(message)).toEqual({
          offset: Number(message.offset),
          timestampMs: Number(message.timestamp),
          valueLength: message.value?.length ?? 0
        })
      }
    }), { numRuns: 1_000 })
  })

  it('is decoded as kafkajs decodes it when it is cut off', async () => {
    await fc.assert(fc.asyncProperty(batches, fc.nat(400), async (given, cut) => {
      const whole = await answerOf(given)
      const answer = framed(whole.subarray(4, Math.max(5, whole.length - cut)))
      expect(await outcome(decode, answer)).toEqual(await outcome(ordinary, answer))
    }), { numRuns: 500 })
  })

  it('is refused where a byte was altered on its way', async () => {
    const changes = fc.integer({ min: 1, max: 255 })
    await fc.assert(fc.asyncProperty(batches, fc.nat(), changes, async (given, place, change) => {
      const { buffer } = await encodeBatch(given[0]!.batch)
      const at = CHECKSUM_AT + place % (buffer.length - CHECKSUM_AT)
      buffer[at] = buffer[at]! ^ change
      expect(await outcome(decode, framed(buffer))).toContain(REFUSED)
    }), { numRuns: 1_000 })
  })

  it('is decoded as kafkajs decodes it where whoever produced it wrote nonsense', async () => {
    await fc.assert(fc.asyncProperty(batches, fc.nat(400), fc.nat(255), async (given, place, byte) => {
      const { buffer } = await encodeBatch(given[0]!.batch)
      const at = ATTRIBUTES_AT + place
      if (at < buffer.length) buffer[at] = byte
      const answer = framed(sealBatch(buffer))
      const found = await outcome(decode, answer)
      // What kafkajs makes of a record that ends too soon is nothing to compare with.
      if (typeof found === 'string' && found.includes(REFUSED)) return
      expect(found).toEqual(await outcome(ordinary, answer))
    }), { numRuns: 2_000 })
  })

  it('is refused where it says it has more records or headers than bytes', async () => {
    const { buffer } = await encodeBatch({ records: [plain(Buffer.from('v'))] })
    const manyRecords = Buffer.from(buffer)
    manyRecords.writeInt32BE(0x7fffffff, 57)
    expect(await outcome(decode, framed(sealBatch(manyRecords)))).toContain('ends before its records')
    const manyHeaders = Buffer.from(buffer)
    manyHeaders[buffer.length - 1] = 0x7e
    expect(await outcome(decode, framed(sealBatch(manyHeaders)))).toContain('ends before its records')
  })

  it('is mostly plain', async () => {
    const { buffer } = await encodeBatch({
      firstOffset: Long.fromValue('7'), firstTimestamp: 1717200000000, records: [plain(Buffer.from('v'), 3)]
    })
    left = 0
    const [message] = await decode(new Decoder(framed(buffer)))
    expect(message).toBeInstanceOf(FetchedRecord)
    expect(message).toMatchObject({ offset: '10', timestamp: '1717200000005' })
    expect(left).toBe(0)
  })

  it('lets others have their turn while it is decoded, however much it is', async () => {
    const { buffer } = await encodeBatch({ records: Array.from({ length: 300 }, () => plain(Buffer.alloc(1_000))) })
    const answer = framed(Buffer.concat(Array.from({ length: 20 }, () => buffer)))
    const turns = countTurns()
    expect(await decode(new Decoder(answer))).toHaveLength(6_000)
    turns.end()
    expect(turns.count()).toBeGreaterThan(10)
  })

  it('is decoded so by every client', async () => {
    await createClient({ brokers: ['127.0.0.1:1'], clientId: 'test' }, silentLog())
    expect(load(DECODER)).not.toBe(ordinary)
  })
})
