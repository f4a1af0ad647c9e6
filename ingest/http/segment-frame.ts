// The bytes of an intake segment: a head of 32 bytes, then frames, one per request. Numbers are little-endian.
//   head:  magic 8 | number u32 | first ordinal u64 | created, ms u64 | CRC-32 of these u32
//   frame: magic u32 | header bytes u32 | body bytes u32 | body CRC-32 u32 | CRC-32 of these three and the header u32 |
//          header (JSON) | body (segment-body.ts)
// A frame's header has a checksum of its own, so that frames can be walked without reading bodies, and so that a
// damaged body does not hide the frames behind it.
import { crc32 } from 'node:zlib'
import type { SegmentBody } from './segment-body.ts'

export const SEGMENT_HEAD_BYTES = 32
export const FRAME_PREFIX_BYTES = 20
export const FRAME_MAGIC = Buffer.from('BFF1')
/** A header is a few fixed fields; anything longer is damage. */
export const FRAME_HEADER_BYTES_MAX = 4096

const SEGMENT_MAGIC = Buffer.from('BFINTAK1')

export interface SegmentHead {
  number: number
  firstOrdinal: number
  createdAtMs: number
}

export interface FrameHeader {
  receipt: string
  producer: string
  /** Digest of producer and Idempotency-Key; absent without a key. */
  key?: string
  /** Digest of the body. */
  body: string
  receivedAtMs: number
  firstOrdinal: number
  count: number
  /** Where the frames written together with this one begin: all before it was synced when this was written. */
  groupStart: number
}

export interface FramePrefix {
  headerBytes: number
  bodyBytes: number
  bodyCrc: number
  headerCrc: number
}

export function encodeSegmentHead (head: SegmentHead): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEAD_BYTES)
  SEGMENT_MAGIC.copy(bytes)
  bytes.writeUInt32LE(head.number, 8)
  bytes.writeBigUInt64LE(BigInt(head.firstOrdinal), 12)
  bytes.writeBigUInt64LE(BigInt(head.createdAtMs), 20)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
  return bytes
}

/** Null if the bytes are not a whole, undamaged head. */
export function decodeSegmentHead (bytes: Buffer): SegmentHead | null {
  if (bytes.length < SEGMENT_HEAD_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return null
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return null
  return {
    number: bytes.readUInt32LE(8),
    firstOrdinal: Number(bytes.readBigUInt64LE(12)),
    createdAtMs: Number(bytes.readBigUInt64LE(20))
  }
}

/** Prefix and header of a frame; its body follows. */
export function encodeFrameHead (header: FrameHeader, body: Pick<SegmentBody, 'bytes' | 'crc'>): Buffer {
  const json = Buffer.from(JSON.stringify(header))
  const prefix = Buffer.alloc(FRAME_PREFIX_BYTES)
  FRAME_MAGIC.copy(prefix)
  prefix.writeUInt32LE(json.length, 4)
  prefix.writeUInt32LE(body.bytes, 8)
  prefix.writeUInt32LE(body.crc, 12)
  prefix.writeUInt32LE(crc32(json, crc32(prefix.subarray(4, 16))), 16)
  return Buffer.concat([prefix, json])
}

/** Null if the bytes cannot be the beginning of a frame. */
export function decodeFramePrefix (bytes: Buffer): FramePrefix | null {
  if (bytes.length < FRAME_PREFIX_BYTES || !bytes.subarray(0, 4).equals(FRAME_MAGIC)) return null
  const headerBytes = bytes.readUInt32LE(4)
  if (headerBytes > FRAME_HEADER_BYTES_MAX) return null
  return {
    headerBytes,
    bodyBytes: bytes.readUInt32LE(8),
    bodyCrc: bytes.readUInt32LE(12),
    headerCrc: bytes.readUInt32LE(16)
  }
}

/** Null if prefix and header do not belong together or are damaged. */
export function decodeFrameHeader (prefix: Buffer, json: Buffer): FrameHeader | null {
  const expected = prefix.readUInt32LE(16)
  if (crc32(json, crc32(prefix.subarray(4, 16))) !== expected) return null
  return JSON.parse(json.toString()) as FrameHeader
}
