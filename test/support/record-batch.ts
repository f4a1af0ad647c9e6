// A batch of records in the bytes of Kafka's protocol (KIP-98), as a test changes it.
import { createRequire } from 'node:module'

export const CHECKSUM_AT = 17
export const ATTRIBUTES_AT = 21

const LENGTH_AT = 8
const LENGTH_END = 12
const load = createRequire(import.meta.url)
/** kafkajs' own: not the one under test. */
const crc32c = load('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number

/** Gives the batch that begins with these bytes the checksum of what it holds. */
export function sealBatch (batch: Buffer): Buffer {
  const end = LENGTH_END + batch.readInt32BE(LENGTH_AT)
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT, end)), CHECKSUM_AT)
  return batch
}
