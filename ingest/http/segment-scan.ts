// What the segments hold at start: requests above the stored position, idempotency keys, and where to go on writing.
import { open, unlink } from 'node:fs/promises'
import type { SourceLog } from '../files/registry.ts'
import type { SegmentFile } from './segment-files.ts'
import { type FrameHeader, SEGMENT_HEAD_BYTES } from './segment-frame.ts'
import { type FoundFrame, readSegment, type SegmentContent } from './segment-read.ts'

/** The segment that is written on. */
export interface SegmentTail {
  number: number
  sizeBytes: number
  createdAtMs: number
}

export interface Scan {
  /** Frames with messages above the stored position, by ordinal. Damaged and missing ones are holes between them. */
  frames: FoundFrame[]
  nextOrdinal: number
  /** Absent where the next append needs a new segment. */
  tail?: SegmentTail
  nextNumber: number
}

/**
 * Walks all segments and calls `onFrame` with every header. A torn tail of the last one (written, never synced, so
 * never acknowledged) is cut off. Bodies of older segments are checked when they are read for loading.
 */
export async function scanSegments (
  files: SegmentFile[], storedOrdinal: number, onFrame: (header: FrameHeader) => void, log: SourceLog
): Promise<Scan> {
  const scan: Scan = { frames: [], nextOrdinal: storedOrdinal, nextNumber: (files.at(-1)?.number ?? 0) + 1 }
  for (const file of files) {
    const isLast = file === files.at(-1)
    if (isLast && file.head === null && file.sizeBytes <= SEGMENT_HEAD_BYTES) {
      // Its creation was cut short: nothing was ever written to it.
      await unlink(file.path)
      scan.nextNumber = file.number
      continue
    }
    const content = await readSegment(file.path, isLast)
    if (isLast) scan.tail = await repairTail(file, content, log)
    if (content.damages.length > 0 || file.head === null) {
      log.warn({ code: 'SEGMENT_DAMAGED', segment: file.number, positions: content.damages.slice(0, 10) },
        'segment is damaged: what was not loaded of it is lost')
    }
    scan.nextOrdinal = Math.max(scan.nextOrdinal, file.head?.firstOrdinal ?? 0)
    for (const frame of content.frames) {
      const nextOrdinal = frame.header.firstOrdinal + frame.header.count
      onFrame(frame.header)
      scan.nextOrdinal = Math.max(scan.nextOrdinal, nextOrdinal)
      if (nextOrdinal > storedOrdinal) scan.frames.push(frame)
    }
  }
  return scan
}

/**
 * Cuts off what was never synced. Damage below the start of a group that was written later had been synced before and
 * is true damage; damage above the last such start is a torn write, and what follows it belongs to the same group.
 */
async function repairTail (
  file: SegmentFile, content: SegmentContent, log: SourceLog
): Promise<SegmentTail | undefined> {
  const syncedThrough = content.frames.reduce((max, frame) => Math.max(max, frame.header.groupStart), 0)
  const tornAt = content.damages.find(position => position >= syncedThrough)
  if (tornAt !== undefined) {
    log.info({ segment: file.number, position: tornAt, bytes: file.sizeBytes - tornAt }, 'torn tail of a segment is cut off')
    const handle = await open(file.path, 'r+')
    try {
      await handle.truncate(tornAt)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    content.frames = content.frames.filter(frame => frame.position < tornAt)
    content.damages = content.damages.filter(position => position < tornAt)
  }
  if (file.head === null) return undefined
  return { number: file.number, sizeBytes: tornAt ?? file.sizeBytes, createdAtMs: file.head.createdAtMs }
}
