// Our decoder of records gives what kafkajs' own gives, for whatever bytes, and is the one that kafkajs uses.
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../core/log.ts'
import { createClient } from '../../../ingest/kafka/client.ts'
import { createRecordDecoder, type DecodeRecord, type RecordContext } from '../../../ingest/kafka/record-decoder.ts'

const load = createRequire(import.meta.url)
const PROTOCOL = 'kafkajs/src/protocol'
const DECODER = `${PROTOCOL}/recordBatch/record/v0/decoder.js`
const ordinary = load(DECODER) as DecodeRecord
const encodeRecord = load(`${PROTOCOL}/recordBatch/record/v0/index.js`) as (record: object) => { buffer: Buffer }
const Long = load('kafkajs/src/utils/long.js') as { fromValue (value: string): unknown }
const Decoder = load(`${PROTOCOL}/decoder.js`) as new (buffer: Buffer) => { buffer: Buffer, offset: number, readVarIntBytes (): Buffer }

let left = 0
const decode = createRecordDecoder((bytes, context) => {
  left++
  return ordinary(bytes, context)
})

function outcome (decoder: DecodeRecord, bytes: Buffer, context: RecordContext): object | string {
  try {
    return decoder(new Decoder(bytes), context)
  } catch (error) {
    return String(error)
  }
}

const contexts: fc.Arbitrary<RecordContext> = fc.record({
  firstOffset: fc.oneof(fc.nat().map(String), fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String)),
  firstTimestamp: fc.oneof(fc.constant('1717200000000'), fc.constant('-1'), fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String)),
  maxTimestamp: fc.constantFrom('', '1717200000999'),
  timestampType: fc.constantFrom(-1, 0, 1),
  magicByte: fc.constant(2),
  isControlBatch: fc.boolean()
})
const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)))
const deltas = fc.oneof(fc.integer(), fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }))
const records = fc.record({
  offsetDelta: fc.nat(),
  timestampDelta: deltas.map(delta => Long.fromValue(String(delta))),
  key: bytes,
  value: bytes,
  headers: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 5 }), fc.constantFrom('', 'x')) })
})

/** The bytes of a record without its length, as kafkajs hands them over. */
const body = (record: object): Buffer => new Decoder(encodeRecord(record).buffer).readVarIntBytes()

describe('a record', () => {
  it('is decoded as kafkajs decodes it', () => {
    fc.assert(fc.property(records, contexts, (record, context) => {
      const encoded = body(record)
      expect(outcome(decode, encoded, context)).toEqual(outcome(ordinary, encoded, context))
    }), { numRuns: 2_000 })
  })

  it('is decoded as kafkajs decodes it when it is cut or damaged, too', () => {
    const damages = fc.record({ at: fc.nat(40), byte: fc.nat(255), end: fc.nat(340) })
    fc.assert(fc.property(records, contexts, damages, (record, context, { at, byte, end }) => {
      const damaged = Buffer.from(body(record).subarray(0, end))
      if (at < damaged.length) damaged[at] = byte
      const found = outcome(decode, damaged, context)
      // What kafkajs makes of a record that ends too soon is nothing to compare with.
      if (typeof found === 'string' && found.includes('as long as they say')) return
      expect(found).toEqual(outcome(ordinary, damaged, context))
    }), { numRuns: 2_000 })
  })

  it('that says it has more headers than bytes is refused', () => {
    const context = { firstOffset: '7', firstTimestamp: '0', maxTimestamp: '0', timestampType: 0, magicByte: 2 }
    const record = body({ offsetDelta: 0, timestampDelta: Long.fromValue('0'), key: null, value: Buffer.from('v') })
    const damaged = Buffer.concat([record.subarray(0, -1), Buffer.of(0xfe, 0xff, 0xff, 0x7f)])
    expect(outcome(decode, damaged, context)).toContain('as long as they say')
  })

  it('is mostly plain', () => {
    const context = { firstOffset: '7', firstTimestamp: '1717200000000', maxTimestamp: '0', timestampType: 0, magicByte: 2 }
    left = 0
    const record = body({ offsetDelta: 3, timestampDelta: Long.fromValue('5'), key: Buffer.from('k'), value: Buffer.from('v') })
    expect(decode(new Decoder(record), context)).toMatchObject({ offset: '10', timestamp: '1717200000005' })
    expect(left).toBe(0)
  })

  it('is decoded so by every client', async () => {
    await createClient({ brokers: ['127.0.0.1:1'], clientId: 'test' }, silentLog())
    expect(load(DECODER)).not.toBe(ordinary)
    expect((load(DECODER) as { isQuick?: boolean }).isQuick).toBe(true)
  })
})
