// Writes a simulation into a folder, one file a day, as a spool folder expects it.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip as gzipCallback } from 'node:zlib'
import { BorderflowError, errorText } from '../../core/errors.ts'
import { simulateDays } from './days.ts'
import type { SimulatorOptions } from './options.ts'

export interface FolderOptions {
  /** Compress each file (`.ndjson.gz`). Default false. */
  gzip?: boolean
  /** Stops between two files. */
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

/** What has been written or sent so far; `bytes` before compression. */
export interface Progress {
  /** The last day finished, `YYYY-MM-DD`. */
  day: string
  days: number
  events: number
  bytes: number
}

const gzip = promisify(gzipCallback)
const FAST = 1

/**
 * Writes `sim-YYYY-MM-DD.ndjson` or `.ndjson.gz` for each day: under a name ending in `.partial` first, renamed when
 * complete. A file of that name is replaced. Throws USAGE; FILE_UNREADABLE or DISK_FULL if it cannot write.
 */
export async function simulateToFolder (
  options: SimulatorOptions, folder: string, { gzip: compress = false, signal, onProgress }: FolderOptions = {}
): Promise<{ events: number, bytes: number, days: number }> {
  const total = { events: 0, bytes: 0, days: 0 }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const { day, events } of simulateDays(options)) {
    if (signal?.aborted === true) break
    const content = compress ? await gzip(events.bytes, { level: FAST }) : events.bytes
    await writeWhole(join(folder, `sim-${day}.ndjson${compress ? '.gz' : ''}`), content)
    total.events += events.count
    total.bytes += events.bytes.length
    total.days++
    onProgress?.({ day, ...total })
  }
  return total
}

async function writeWhole (path: string, content: Uint8Array): Promise<void> {
  const partial = `${path}.partial`
  try {
    await writeFile(partial, content, { mode: 0o600 })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new BorderflowError(isFull ? 'DISK_FULL' : 'FILE_UNREADABLE', {
      expected: 'a folder that can be written to',
      found: errorText(error),
      where: path,
      remedy: isFull ? 'Free space, or choose another folder.' : 'Check the folder and its permissions.',
      cause: error
    })
  }
}
