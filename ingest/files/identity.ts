// A file opened for reading with what makes it the same file, taken from the open file itself: a name can be given to
// another file at any time.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { BorderflowError, errorText } from '../../core/errors.ts'
import type { FileIdentity } from './registry.ts'

const HEAD_BYTES = 64 * 1024

export interface OpenedFile {
  path: string
  identity: FileIdentity
  handle: FileHandle
  /** Throws FILE_CHANGED if size or time of change are not those at opening. */
  checkUnchanged(): Promise<void>
  /** True if the path still names this very file, unchanged. */
  isStillAt(path: string): Promise<boolean>
  close(): Promise<void>
}

/** Opens a regular file and takes its identity. Throws FILE_UNREADABLE; the cause carries the system's code. */
export async function openFile (path: string): Promise<OpenedFile> {
  try {
    const handle = await open(path, 'r')
    try {
      return await describe(path, handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** True if two files are the same file by name, size and hash. */
export function sameIdentity (a: FileIdentity, b: FileIdentity): boolean {
  return a.name === b.name && a.sizeBytes === b.sizeBytes && a.headSha256 === b.headSha256
}

export function unreadable (path: string, cause: unknown): BorderflowError {
  return new BorderflowError('FILE_UNREADABLE', {
    expected: 'a readable NDJSON file, plain or in the compression its name says',
    found: errorText(cause),
    where: path,
    remedy: 'Deliver the file again, complete.',
    cause
  })
}

export function changed (path: string, found: string): BorderflowError {
  return new BorderflowError('FILE_CHANGED', {
    expected: 'the file as it was when it was first seen',
    found,
    where: path,
    remedy: 'What was loaded stays loaded. Write files under another name and rename them when complete; ' +
      'given again, the file counts as a new one.'
  })
}

async function describe (path: string, handle: FileHandle): Promise<OpenedFile> {
  const opened = await handle.stat()
  if (!opened.isFile()) throw new Error('not a regular file')
  const head = Buffer.alloc(Math.min(HEAD_BYTES, opened.size))
  const { bytesRead } = await handle.read(head, 0, head.length, 0)
  const headSha256 = createHash('sha256').update(head.subarray(0, bytesRead)).digest('hex')
  return {
    path,
    identity: { name: basename(path), sizeBytes: opened.size, headSha256 },
    handle,
    async checkUnchanged () {
      const now = await handle.stat()
      if (now.size !== opened.size) throw changed(path, `${now.size} bytes instead of ${opened.size}`)
      if (now.mtimeMs !== opened.mtimeMs) throw changed(path, 'written to while it was read')
    },
    async isStillAt (other) {
      try {
        const again = await open(other, 'r')
        const now = await again.stat().finally(() => again.close())
        return now.ino === opened.ino && now.dev === opened.dev &&
          now.size === opened.size && now.mtimeMs === opened.mtimeMs
      } catch {
        return false
      }
    },
    close: () => handle.close()
  }
}
