// Compression of record batches. kafkajs brings gzip alone and crashes on the others; all are registered here, and each
// decodes a fixture written by Kafka's own Java library before anything is read.
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { decompress as unzstd } from 'fzstd'
import kafkajs, { CompressionTypes } from 'kafkajs'
import { compressFrame, decompressFrame } from 'lz4-napi'
import { compress as snappyBlock, uncompress as unsnappyBlock } from 'snappy'
import { BorderflowError, errorText } from '../../core/errors.ts'

export interface Codec {
  compress (encoder: { buffer: Buffer }): Promise<Buffer>
  decompress (data: Buffer): Promise<Buffer>
}

type CodecType = Exclude<CompressionTypes, CompressionTypes.None>

// Java's Snappy streams are blocks behind this mark, two version numbers and a length each; others send one bare block.
const XERIAL_MARK = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER = Buffer.concat([XERIAL_MARK, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
const XERIAL_BLOCK_BYTES = 32 * 1024

const FIXTURE_TEXT = 'borderflow reads every codec: borderflow reads every codec: borderflow reads every codec'
const FIXTURES: Record<CodecType, string> = {
  [CompressionTypes.GZIP]: 'H4sIAAAAAAAA/0vKL0pJLUrLyS9XKEpNTClWSC1LLapUSM5PSU22UkgiWxYAWwqGXVgAAAA=',
  [CompressionTypes.Snappy]: 'glNOQVBQWQAAAAABAAAAAQAAACNYdGJvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IOYeAA==',
  [CompressionTypes.LZ4]: 'BCJNGGBAgikAAAD/D2JvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IB4AIlBjb2RlYwAAAAA=',
  [CompressionTypes.ZSTD]: 'KLUv/QBYLQEA8GJvcmRlcmZsb3cgcmVhZHMgZXZlcnkgY29kZWM6IAEAPpzKCQ=='
}

/** A function of node:zlib that only newer versions of Node have. */
type Newer = ((data: Buffer, done: (error: Error | null, result: Buffer) => void) => void) | undefined
const { zstdCompress, zstdDecompress } = zlib as unknown as { zstdCompress: Newer, zstdDecompress: Newer }

export const gzipCodec: Codec = {
  compress: async ({ buffer }) => await promisify<Buffer, Buffer>(zlib.gzip)(buffer),
  decompress: async data => await promisify<Buffer, Buffer>(zlib.gunzip)(data)
}

export const snappyCodec: Codec = {
  compress: async ({ buffer }) => {
    const parts: Buffer[] = [XERIAL_HEADER]
    for (let at = 0; at < buffer.length; at += XERIAL_BLOCK_BYTES) {
      const block = await snappyBlock(buffer.subarray(at, at + XERIAL_BLOCK_BYTES))
      const length = Buffer.alloc(4)
      length.writeInt32BE(block.length)
      parts.push(length, block)
    }
    return Buffer.concat(parts)
  },
  decompress: async data => {
    if (!data.subarray(0, XERIAL_MARK.length).equals(XERIAL_MARK)) return await unsnappy(data)
    const parts: Buffer[] = []
    for (let at = XERIAL_HEADER.length; at < data.length;) {
      const length = data.readInt32BE(at)
      at += 4
      if (length < 0 || at + length > data.length) throw new Error('a snappy block is longer than its stream')
      parts.push(await unsnappy(data.subarray(at, at + length)))
      at += length
    }
    return Buffer.concat(parts)
  }
}

export const lz4Codec: Codec = {
  compress: async ({ buffer }) => await compressFrame(buffer),
  decompress: async data => await decompressFrame(data)
}

export const zstdCodec: Codec = {
  compress: async ({ buffer }) => {
    if (zstdCompress) return await promisify(zstdCompress)(buffer)
    throw new BorderflowError('KAFKA_FAILED', {
      expected: 'a Node that can write zstd (22.15 or newer)',
      found: `Node ${process.versions.node}`,
      remedy: 'Produce with gzip, snappy or lz4; reading zstd works on every Node.'
    })
  },
  decompress: async data => {
    if (zstdDecompress) return await promisify(zstdDecompress)(data)
    const result = unzstd(data)
    return Buffer.from(result.buffer, result.byteOffset, result.byteLength)
  }
}

const CODECS: Record<CodecType, Codec> = {
  [CompressionTypes.GZIP]: gzipCodec,
  [CompressionTypes.Snappy]: snappyCodec,
  [CompressionTypes.LZ4]: lz4Codec,
  [CompressionTypes.ZSTD]: zstdCodec
}

let registered: Promise<void> | undefined

/** Registers every codec with kafkajs, once a process. Throws KAFKA_FAILED if one cannot decode its fixture. */
export async function registerCodecs (): Promise<void> {
  registered ??= register()
  await registered
}

async function register (): Promise<void> {
  const types = [CompressionTypes.GZIP, CompressionTypes.Snappy, CompressionTypes.LZ4, CompressionTypes.ZSTD] as const
  for (const type of types) {
    const codec = CODECS[type]
    await checkFixture(CompressionTypes[type], codec, FIXTURES[type])
    kafkajs.CompressionCodecs[type] = () => codec
    await setImmediate()
  }
}

async function checkFixture (name: string, codec: Codec, fixture: string): Promise<void> {
  const text = await codec.decompress(Buffer.from(fixture, 'base64')).then(String, errorText)
  if (text === FIXTURE_TEXT) return
  throw new BorderflowError('KAFKA_FAILED', {
    expected: `a ${name} codec that decodes its fixture`,
    found: text.slice(0, 100),
    remedy: 'Install the dependencies again for this platform.'
  })
}

async function unsnappy (data: Buffer): Promise<Buffer> {
  return await unsnappyBlock(data, { asBuffer: true }) as Buffer
}
