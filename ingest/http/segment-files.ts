// Segment files in their folder: names by increasing number, heads, owner only.
import { type FileHandle, chmod, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSegmentHead, SEGMENT_HEAD_BYTES, type SegmentHead } from './segment-frame.ts'

const SEGMENT_NAME = /^(\d{10})\.segment$/

export interface SegmentFile {
  number: number
  path: string
  sizeBytes: number
  modifiedAtMs: number
  /** Null if the head is torn or damaged. */
  head: SegmentHead | null
}

export function segmentPath (folder: string, number: number): string {
  return join(folder, `${String(number).padStart(10, '0')}.segment`)
}

/** Makes the folder, mode 0700. */
export async function prepareSegmentFolder (folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

/** All segments by number. */
export async function listSegments (folder: string): Promise<SegmentFile[]> {
  const files: SegmentFile[] = []
  for (const name of (await readdir(folder)).sort()) {
    const match = SEGMENT_NAME.exec(name)
    if (match === null) continue
    const path = join(folder, name)
    const handle = await open(path, 'r')
    try {
      const { size, mtimeMs } = await handle.stat()
      const head = decodeSegmentHead(await readAt(handle, 0, SEGMENT_HEAD_BYTES))
      files.push({ number: Number(match[1]), path, sizeBytes: size, modifiedAtMs: mtimeMs, head })
    } finally {
      await handle.close()
    }
  }
  return files
}

/** Up to `length` bytes at a position, in `bytes` if given; fewer at the end of the file. */
export async function readAt (
  handle: FileHandle, position: number, length: number, bytes: Buffer = Buffer.allocUnsafeSlow(length)
): Promise<Buffer> {
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Makes a new file's name durable. */
export async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
