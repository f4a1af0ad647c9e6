// Walks the frames of one segment, finding the next good frame again behind damage.
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { giveMemory, takeBuffer } from '../../core/shared-memory.ts'
import { checkBody, type SegmentBody } from './segment-body.ts'
import { readAt } from './segment-files.ts'
import { decodeFrameHeader, decodeFramePrefix, FRAME_HEADER_BYTES_MAX, FRAME_MAGIC, FRAME_PREFIX_BYTES, type FrameHeader, SEGMENT_HEAD_BYTES } from './segment-frame.ts'

const WINDOW_BYTES = 64 * 1024
const READ_AHEAD_BYTES = 1024 * 1024

/** Where a frame's body is. */
export interface BodyLocation {
  path: string
  position: number
  bytes: number
  crc: number
  count: number
}

export interface FoundFrame {
  header: FrameHeader
  position: number
  body: BodyLocation
}

export interface SegmentContent {
  frames: FoundFrame[]
  /** Positions at which something else stands than a whole, good frame. */
  damages: number[]
}

/**
 * The frames of a segment in order. With `checkBodies` a frame whose body is damaged counts as damage, else only one
 * whose header is damaged or whose body goes beyond the file's end.
 */
export async function readSegment (path: string, checkBodies: boolean): Promise<SegmentContent> {
  const content: SegmentContent = { frames: [], damages: [] }
  const handle = await open(path, 'r')
  const view = createView(handle, WINDOW_BYTES)
  try {
    const { size } = await handle.stat()
    for (let position = SEGMENT_HEAD_BYTES; position < size;) {
      const frame = await frameAt(path, position, size, view)
      if (frame === null) {
        content.damages.push(position)
        position = await nextMagic(handle, position + 1, size)
        continue
      }
      if (checkBodies && !await isBodyGood(handle, frame.body)) content.damages.push(position)
      else content.frames.push(frame)
      position = frame.body.position + frame.body.bytes
    }
  } finally {
    view.end()
    await handle.close()
  }
  return content
}

export interface BodyReader {
  /** Null if the body is damaged or no longer there. It is there until another one is read. */
  read(body: BodyLocation): Promise<SegmentBody | null>
  close(): Promise<void>
}

/** Reads bodies in order, many small ones at once, keeping one segment open. */
export function createBodyReader (): BodyReader {
  let current: { path: string, handle: FileHandle, view: View } | undefined

  async function close (): Promise<void> {
    const { handle, view } = current ?? {}
    current = undefined
    view?.end()
    await handle?.close()
  }

  return {
    close,
    async read (body) {
      if (current?.path !== body.path) {
        await close()
        const handle = await openIfThere(body.path)
        if (handle === null) return null
        current = { path: body.path, handle, view: createView(handle, READ_AHEAD_BYTES) }
      }
      return await checkBody(await current.view.read(body.position, body.bytes), body.crc, body.count)
    }
  }
}

async function openIfThere (path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

interface View {
  /** Bytes that are there until others are read; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>
  end(): void
}

/** Small reads out of a window, so that walking many small frames does not ask the disk for each. */
function createView (handle: FileHandle, windowBytes: number): View {
  let start = 0
  let memory = takeBuffer(windowBytes)
  let bytes: Buffer = memory.subarray(0, 0)
  return {
    async read (position, length) {
      if (position < start || position + length > start + bytes.length) {
        if (length > memory.length) {
          giveMemory(memory)
          memory = takeBuffer(length)
        }
        bytes = memory.subarray(0, 0)
        bytes = await readAt(handle, position, Math.max(length, windowBytes), memory)
        start = position
      }
      return bytes.subarray(position - start, position - start + length)
    },
    end: () => { giveMemory(memory) }
  }
}

async function frameAt (path: string, position: number, size: number, view: View): Promise<FoundFrame | null> {
  const bytes = await view.read(position, FRAME_PREFIX_BYTES + FRAME_HEADER_BYTES_MAX)
  const prefix = decodeFramePrefix(bytes)
  if (prefix === null) return null
  const bodyPosition = FRAME_PREFIX_BYTES + prefix.headerBytes
  if (bytes.length < bodyPosition || position + bodyPosition + prefix.bodyBytes > size) return null
  const header = decodeFrameHeader(bytes, bytes.subarray(FRAME_PREFIX_BYTES, bodyPosition))
  if (header === null) return null
  const { count } = header
  const body = { path, position: position + bodyPosition, bytes: prefix.bodyBytes, crc: prefix.bodyCrc, count }
  return { header, position, body }
}

async function isBodyGood (handle: FileHandle, body: BodyLocation): Promise<boolean> {
  return crc32(await readAt(handle, body.position, body.bytes)) === body.crc
}

/** Where the next frame may begin; the size if nowhere. Messages may hold the magic too: the checksum decides. */
async function nextMagic (handle: FileHandle, from: number, size: number): Promise<number> {
  for (let position = from; position < size; position += WINDOW_BYTES) {
    const found = (await readAt(handle, position, WINDOW_BYTES + FRAME_MAGIC.length - 1)).indexOf(FRAME_MAGIC)
    if (found >= 0) return position + found
  }
  return size
}
