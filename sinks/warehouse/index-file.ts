// The saved copy of the id index, so that a start does not read every fact. It says for which warehouse it is and up to
// which sequence it is complete. It is written beside loading, part by part: entries of later sequences may be in it
// or not, and are dropped when it is read. What those stood for may never have been committed, so their hashes are
// told: the image before may still be the current one. Hashes of ids and numbers only, checked by CRC-32; a file with
// anything wrong in it is not used.
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { failpoint } from '../../core/failpoint.ts'
import { createIdIndex, PARTS, type IdIndex, type Part } from './id-index.ts'

export interface SavedIndex {
  index: IdIndex
  /** Every current image of a sequence below this one is in the index, or its hash is in `dropped`. */
  nextSequence: number
  /** Hashes of the entries from `nextSequence` on, which are no longer in the index: low and high words in turn. */
  dropped: number[]
}

const MAGIC = Buffer.from('BFIDX002')
const WAREHOUSE_ID_BYTES = 36
const HEAD_BYTES = 64
const PART_HEAD_BYTES = 16
const BYTES_PER_SLOT = 12
const SLOTS_MAX = 2 ** 27

/**
 * Writes the index as it is up to `nextSequence`, all of which is committed. The file appears when it is complete.
 * The index may be added to meanwhile.
 */
export async function saveIndex (
  path: string, index: IdIndex, warehouseId: string, nextSequence: number
): Promise<void> {
  const partial = `${path}.partial`
  const file = await open(partial, 'w', 0o600)
  try {
    await file.write(encodeHead(warehouseId, nextSequence))
    for (let number = 0; number < PARTS; number++) await file.write(encodePart(index.part(number)))
    await file.sync()
  } finally {
    await file.close()
  }
  failpoint('index-copy-written')
  await rename(partial, path)
  failpoint('index-copy-renamed')
}

/** Reads a saved index; null if there is none for this warehouse that is whole. */
export async function readSavedIndex (path: string, warehouseId: string): Promise<SavedIndex | null> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return null
  try {
    const nextSequence = decodeHead(await readBytes(file, HEAD_BYTES), warehouseId)
    if (nextSequence === null) return null
    const parts: Part[] = []
    for (let number = 0; number < PARTS; number++) {
      const part = await readPart(file)
      if (part === null) return null
      parts.push(part)
      await setImmediate()
    }
    const index = createIdIndex(parts)
    return { index, nextSequence, dropped: index.removeFrom(nextSequence) }
  } finally {
    await file.close()
  }
}

/** Removes a saved index that must never be believed again. */
export async function dropSavedIndex (path: string): Promise<void> {
  await rm(path, { force: true })
}

function encodeHead (warehouseId: string, nextSequence: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.write(warehouseId, 8, WAREHOUSE_ID_BYTES, 'latin1')
  head.writeUInt32LE(nextSequence, 44)
  head.writeUInt32LE(crc32(head.subarray(0, HEAD_BYTES - 4)), HEAD_BYTES - 4)
  return head
}

function decodeHead (head: Buffer | null, warehouseId: string): number | null {
  if (head === null || !head.subarray(0, 8).equals(MAGIC)) return null
  if (crc32(head.subarray(0, HEAD_BYTES - 4)) !== head.readUInt32LE(HEAD_BYTES - 4)) return null
  return head.toString('latin1', 8, 8 + WAREHOUSE_ID_BYTES) === warehouseId ? head.readUInt32LE(44) : null
}

/** A copy of a part: it may change while it is being written. */
function encodePart ({ low, high, sequence, used }: Readonly<Part>): Buffer {
  const slots = sequence.length
  const bytes = Buffer.allocUnsafeSlow(PART_HEAD_BYTES + slots * BYTES_PER_SLOT)
  const words = new Uint32Array(bytes.buffer, PART_HEAD_BYTES)
  words.set(low, 0)
  words.set(high, slots)
  words.set(sequence, slots * 2)
  bytes.writeUInt32LE(slots, 0)
  bytes.writeUInt32LE(used, 4)
  bytes.writeUInt32LE(crc32(bytes.subarray(PART_HEAD_BYTES)), 8)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 12)), 12)
  return bytes
}

async function readPart (file: FileHandle): Promise<Part | null> {
  const head = await readBytes(file, PART_HEAD_BYTES)
  if (head === null || crc32(head.subarray(0, 12)) !== head.readUInt32LE(12)) return null
  const slots = head.readUInt32LE(0)
  if (slots === 0 || slots > SLOTS_MAX || (slots & (slots - 1)) !== 0) return null
  const bytes = await readBytes(file, slots * BYTES_PER_SLOT)
  if (bytes === null || crc32(bytes) !== head.readUInt32LE(8)) return null
  const words = new Uint32Array(bytes.buffer)
  return {
    low: words.subarray(0, slots),
    high: words.subarray(slots, slots * 2),
    sequence: words.subarray(slots * 2),
    used: head.readUInt32LE(4)
  }
}

/** The next bytes of the file in memory of their own; null if it ends before. */
async function readBytes (file: FileHandle, length: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at)
    if (bytesRead === 0) return null
    at += bytesRead
  }
  return bytes
}
