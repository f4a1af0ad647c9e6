import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compressSync } from 'snappy'
import { gzipCodec, lz4Codec, registerCodecs, snappyCodec, zstdCodec, type Codec } from '../../../ingest/kafka/codecs.ts'

const nodeWritesZstd = 'zstdCompress' in process.getBuiltinModule('node:zlib')

// Written by Kafka's Java library and by the lz4 and zstd programs, not by the code under test.
const SAID = 'borderflow reads every codec: borderflow reads every codec: borderflow reads every codec'
const FOREIGN: Array<[string, Codec, string]> = [
  ['gzip', gzipCodec, 'H4sIAAAAAAAA/0vKL0pJLUrLyS9XKEpNTClWSC1LLapUSM5PSU22UkgiWxYAWwqGXVgAAAA='],
  ['snappy in Java framing', snappyCodec,
    'glNOQVBQWQAAAAABAAAAAQAAACNYdGJvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IOYeAA=='],
  ['lz4 frames', lz4Codec, 'BCJNGGBAgikAAAD/D2JvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IB4AIlBjb2RlYwAAAAA='],
  ['zstd', zstdCodec, 'KLUv/QBYLQEA8GJvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IAEAPpzKCQ=='],
  ['lz4 frames with linked blocks and their size', lz4Codec,
    'BCJNGGxAWAAAAAAAAADyKQAAAP8PYm9yZGVyZmxvdyByZWFkcyBldmVyeSBjb2RlYzogHgAiUGNvZGVjAAAAAPHjzNU='],
  ['zstd with a checksum', zstdCodec, 'KLUv/QRoLQEA8GJvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IAEAPpzKCQYxaGo=']
]

describe('codecs', () => {
  it('pass their own fixtures when they are registered', async () => {
    await expect(registerCodecs()).resolves.toBeUndefined()
  })

  it.each(FOREIGN)('read %s as other programs write it', async (_name, codec, written) => {
    expect((await codec.decompress(Buffer.from(written, 'base64'))).toString()).toBe(SAID)
  })

  it('read a bare snappy block as librdkafka writes it', async () => {
    const block = compressSync(SAID)
    expect((await snappyCodec.decompress(block)).toString()).toBe(SAID)
  })

  it.each([['gzip', gzipCodec], ['snappy', snappyCodec], ['lz4', lz4Codec]] as Array<[string, Codec]>)(
    'give back through %s what they were given, over many blocks', async (_name, codec) => {
      const buffer = Buffer.concat([randomBytes(100_000), Buffer.alloc(200_000, 'border'), Buffer.from('end')])
      expect((await codec.decompress(await codec.compress({ buffer }))).equals(buffer)).toBe(true)
    })

  it.each([['gzip', gzipCodec], ['snappy', snappyCodec], ['lz4', lz4Codec], ['zstd', zstdCodec]] as Array<[string, Codec]>)(
    'refuse a damaged %s stream', async (_name, codec) => {
      const damaged = Buffer.concat([snappyMark(), randomBytes(64)])
      await expect(codec.decompress(damaged)).rejects.toThrow()
    })

  it.skipIf(nodeWritesZstd)('say that this Node cannot write zstd', async () => {
    await expect(zstdCodec.compress({ buffer: Buffer.from('x') })).rejects.toMatchObject({ code: 'KAFKA_FAILED' })
  })

  it.runIf(nodeWritesZstd)('write zstd where Node can', async () => {
    const buffer = Buffer.alloc(100_000, 'border')
    expect((await zstdCodec.decompress(await zstdCodec.compress({ buffer }))).equals(buffer)).toBe(true)
  })
})

function snappyMark (): Buffer {
  return Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x7f])
}
