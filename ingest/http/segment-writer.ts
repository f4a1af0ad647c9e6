// Appends requests to the segments. Requests that come while one sync is under way are written together and share the
// next; none is told to be stored before its sync.
import { type FileHandle, open, unlink } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import type { SegmentBody } from './segment-body.ts'
import { segmentPath, syncFolder } from './segment-files.ts'
import { encodeFrameHead, encodeSegmentHead, type FrameHeader, SEGMENT_HEAD_BYTES } from './segment-frame.ts'
import type { BodyLocation } from './segment-read.ts'
import type { Scan } from './segment-scan.ts'

/** What is needed of an open segment file. */
export interface SegmentHandle extends Pick<FileHandle, 'datasync' | 'truncate' | 'close'> {
  writev(parts: Buffer[], position: number): Promise<{ bytesWritten: number }>
}

export interface SegmentWriterConfig {
  folder: string
  /** A segment that reached this size is not written on. */
  segmentBytesMax: number
  /** Nor is one this old, so that raw input can be deleted by age. */
  segmentAgeMaxMs: number
}

export interface SegmentWriterDeps {
  clock: Clock
  openFile?: (path: string, flags: 'wx' | 'r+', mode: number) => Promise<SegmentHandle>
  /** Called for each request in the order of its ordinals, once it is synced and before `append` resolves. */
  onStored: (header: FrameHeader, location: BodyLocation, body: SegmentBody) => void
}

export type NewRequest = Pick<FrameHeader, 'receipt' | 'producer' | 'key' | 'body' | 'receivedAtMs'>

export interface SegmentWriter {
  /** Resolves once synced. Throws DISK_FULL (nothing was stored), SEGMENT_DAMAGED (writing is over until a restart). */
  append(request: NewRequest, body: SegmentBody): Promise<void>
  /** Ends the current segment if it is old and not empty, so that it can be purged in its time. */
  rollIfOld(): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  request: NewRequest
  body: SegmentBody
  resolve: () => void
  reject: (error: unknown) => void
}

// What one write and sync take at most, so that no request waits long for others (a larger one goes alone).
const GROUP_BYTES_MAX = 8 * 1024 * 1024
const GROUP_REQUESTS_MAX = 256

export function createSegmentWriter (
  config: SegmentWriterConfig, deps: SegmentWriterDeps, scan: Scan
): SegmentWriter {
  const openFile = deps.openFile ?? open
  const waiting: Waiting[] = []
  let { nextOrdinal, nextNumber } = scan
  let current: { handle: SegmentHandle, path: string, position: number, createdAtMs: number } | undefined
  let tail = scan.tail
  /** Why nothing can be appended any more. */
  let broken: BorderflowError | undefined
  let isClosed = false
  let work: Promise<void> = Promise.resolve()
  let isCommitting = false

  function inTurn (job: () => Promise<void>): Promise<void> {
    const done = work.then(job)
    work = done.catch(() => {})
    return done
  }

  async function commitAll (): Promise<void> {
    while (waiting.length > 0) {
      const group = takeGroup(waiting)
      try {
        if (broken !== undefined) throw broken
        await commit(group)
      } catch (error) {
        for (const { body, reject } of group) {
          body.release()
          reject(broken ?? writeError(error))
        }
      }
    }
    isCommitting = false
  }

  async function commit (group: Waiting[]): Promise<void> {
    const segment = await segmentToWrite()
    const groupStart = segment.position
    let position = groupStart
    let firstOrdinal = nextOrdinal
    const parts: Buffer[] = []
    const stored: [FrameHeader, BodyLocation, Waiting][] = []
    for (const entry of group) {
      const { count, bytes, crc } = entry.body
      const header: FrameHeader = { ...entry.request, firstOrdinal, count, groupStart }
      const head = encodeFrameHead(header, entry.body)
      const location = { path: segment.path, position: position + head.length, bytes, crc, count }
      stored.push([header, location, entry])
      parts.push(head, ...entry.body.parts)
      position += head.length + bytes
      firstOrdinal += count
    }
    await writeSynced(segment, parts, position - groupStart)
    segment.position = position
    nextOrdinal = firstOrdinal
    for (const [header, location, { body, resolve }] of stored) {
      deps.onStored(header, location, body)
      resolve()
    }
  }

  /** Writes and syncs, or takes back what was written: nothing unacknowledged may stay in front of what comes next. */
  async function writeSynced (segment: NonNullable<typeof current>, parts: Buffer[], bytes: number): Promise<void> {
    try {
      const { bytesWritten } = await segment.handle.writev(parts, segment.position)
      if (bytesWritten < bytes) throw shortWrite()
      failpoint('segment-appended')
      await segment.handle.datasync()
      failpoint('segment-synced')
    } catch (error) {
      try {
        await segment.handle.truncate(segment.position)
        await segment.handle.datasync()
      } catch (again) {
        broken = brokenError(segment.path, again)
      }
      throw error
    }
  }

  async function segmentToWrite (): Promise<NonNullable<typeof current>> {
    if (current === undefined && tail !== undefined) {
      const { number, sizeBytes, createdAtMs } = tail
      const path = segmentPath(config.folder, number)
      tail = undefined
      current = { handle: await openFile(path, 'r+', 0o600), path, position: sizeBytes, createdAtMs }
    }
    const isFull = current !== undefined && current.position >= config.segmentBytesMax
    if (isFull || (current !== undefined && isOld(current.createdAtMs))) await endSegment()
    current ??= await newSegment()
    return current
  }

  async function newSegment (): Promise<NonNullable<typeof current>> {
    const number = nextNumber++
    const path = segmentPath(config.folder, number)
    const createdAtMs = deps.clock.now()
    const handle = await openFile(path, 'wx', 0o600)
    try {
      const head = encodeSegmentHead({ number, firstOrdinal: nextOrdinal, createdAtMs })
      const { bytesWritten } = await handle.writev([head], 0)
      if (bytesWritten < head.length) throw shortWrite()
      await handle.datasync()
      await syncFolder(config.folder)
      failpoint('segment-begun')
    } catch (error) {
      await handle.close()
      await unlink(path)
      throw error
    }
    return { handle, path, position: SEGMENT_HEAD_BYTES, createdAtMs }
  }

  async function endSegment (): Promise<void> {
    const { handle } = current!
    current = undefined
    await handle.close()
  }

  function isOld (createdAtMs: number): boolean {
    return deps.clock.now() - createdAtMs > config.segmentAgeMaxMs
  }

  return {
    async append (request, body) {
      if (isClosed) {
        body.release()
        throw brokenError(config.folder, new Error('the intake is closed'))
      }
      const stored = new Promise<void>((resolve, reject) => waiting.push({ request, body, resolve, reject }))
      if (!isCommitting) {
        isCommitting = true
        inTurn(commitAll).catch(() => {})
      }
      return stored
    },
    rollIfOld: () => inTurn(async () => {
      const createdAtMs = current?.createdAtMs ?? tail?.createdAtMs
      const position = current?.position ?? tail?.sizeBytes
      if (createdAtMs === undefined || position === SEGMENT_HEAD_BYTES || !isOld(createdAtMs)) return
      // Another segment must stand behind it: its first ordinal is where this one ends.
      await segmentToWrite()
    }),
    close: () => {
      isClosed = true
      return inTurn(async () => { if (current !== undefined) await endSegment() })
    }
  }
}

function takeGroup (waiting: Waiting[]): Waiting[] {
  let bytes = 0
  const end = waiting.findIndex(({ body }, index) => {
    bytes += body.bytes
    return index > 0 && (bytes > GROUP_BYTES_MAX || index >= GROUP_REQUESTS_MAX)
  })
  return waiting.splice(0, end < 0 ? waiting.length : end)
}

/** Fewer bytes were written than given: that is how a disk says that it has just become full. */
function shortWrite (): Error {
  return Object.assign(new Error('short write'), { code: 'ENOSPC' })
}

function writeError (error: unknown): BorderflowError {
  const { code } = error as NodeJS.ErrnoException
  return new BorderflowError(code === 'ENOSPC' || code === 'EDQUOT' ? 'DISK_FULL' : 'SEGMENT_DAMAGED', {
    expected: 'room and rights to write an intake segment',
    found: errorText(error),
    remedy: 'Nothing was acknowledged; senders are told to come back.',
    cause: error
  })
}

function brokenError (where: string, error: unknown): BorderflowError {
  return new BorderflowError('SEGMENT_DAMAGED', {
    expected: 'an intake segment that can be written',
    found: errorText(error),
    where,
    remedy: 'Restart: what was not acknowledged is cut off at start.',
    cause: error
  })
}
