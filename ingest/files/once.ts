// The files that `borderflow ingest PATH…` names, read once, in the order of their names. They are never moved or
// altered.
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BorderflowError, errorText } from '../../core/errors.ts'
import type { BatchTaker } from '../../core/stage.ts'
import { type FileOutcome, readFile } from './file-reader.ts'
import { changed, type OpenedFile, openFile, sameIdentity, unreadable } from './identity.ts'
import { type BatchLimits, DEFAULT_BATCH_LIMITS } from './line-batcher.ts'
import { compareNames, compressionOf } from './names.ts'
import { type FileDeps, FILE_SOURCE, type RegisteredFile } from './registry.ts'
import { createSubmitWindow } from './submit-window.ts'

/** Reading goes on while so many batches are decoded and written: a group of the loader and the next one. */
const BATCHES_UNDURABLE_MAX = 20

export interface FilesOnceConfig extends Partial<BatchLimits> {
  /** For archives: the received time to store for files that are new, instead of now. */
  receivedAtMs?: number
}

export interface FileOnceResult {
  path: string
  number: number
  /** `interrupted`: the signal ended it; given again it is read on. */
  state: 'loaded' | 'alreadyLoaded' | 'interrupted'
  /** Of the lines that were read this time. */
  outcome: FileOutcome
}

/**
 * Reads files, and the input files of folders (one level deep), in code-point order of their names. A file that was
 * read to its end before is reported `alreadyLoaded`. Throws FILE_UNREADABLE, FILE_CHANGED (known, unfinished, and no
 * longer the same), USAGE (a name that is no input file's); files before it stay loaded.
 */
export async function readFilesOnce (
  paths: string[], config: FilesOnceConfig, deps: FileDeps, taker: BatchTaker,
  signal: AbortSignal = new AbortController().signal
): Promise<FileOnceResult[]> {
  const results: FileOnceResult[] = []
  const window = createSubmitWindow(taker, BATCHES_UNDURABLE_MAX)
  for (const path of await expand(paths)) {
    if (signal.aborted) break
    const file = await openFile(path)
    try {
      results.push(await readOne(file, config, deps, window, signal))
    } catch (error) {
      await window.drain()
      throw error
    } finally {
      await file.close()
    }
  }
  return results
}

async function readOne (
  file: OpenedFile, config: FilesOnceConfig, deps: FileDeps, taker: BatchTaker, signal: AbortSignal
): Promise<FileOnceResult> {
  const registered = await identify(file, config, deps)
  const result = { path: file.path, number: registered.number }
  if (registered.state === 'finished') return { ...result, state: 'alreadyLoaded', outcome: nothing() }
  const context = { positions: deps.positions, taker, limits: { ...DEFAULT_BATCH_LIMITS, ...config }, signal }
  try {
    const reading = await readFile(file, registered.number, registered.receivedAtMs, context)
    const outcome = await reading.durable
    if (!reading.isComplete) return { ...result, state: 'interrupted', outcome }
    await deps.files.setState(registered.number, 'finished')
    return { ...result, state: 'loaded', outcome }
  } catch (error) {
    if (error instanceof BorderflowError && (error.code === 'FILE_CHANGED' || error.code === 'FILE_UNREADABLE')) {
      await deps.files.setState(registered.number, 'failed', error.code)
    }
    throw error
  }
}

/** The file's registration: the one it has, reopened if it had failed, or a new one. Throws FILE_CHANGED. */
async function identify (file: OpenedFile, config: FilesOnceConfig, deps: FileDeps): Promise<RegisteredFile> {
  const known = await deps.files.find(FILE_SOURCE, file.identity.name)
  const same = known.find(other => sameIdentity(other, file.identity))
  if (same !== undefined) {
    if (same.state === 'failed') await deps.files.setState(same.number, 'open')
    return same
  }
  const open = known.find(other => other.state === 'open')
  if (open !== undefined) {
    await deps.files.setState(open.number, 'failed', 'FILE_CHANGED')
    throw changed(file.path, `another size or beginning than file ${open.number} of this name, which is not finished`)
  }
  return deps.files.register(file.identity, config.receivedAtMs ?? deps.clock.now())
}

/** Paths of files, each once, by file name and then by path. */
async function expand (paths: string[]): Promise<string[]> {
  const files = new Set<string>()
  for (const path of paths) {
    if ((await statOf(path)).isDirectory()) {
      const entries = await readdir(path, { withFileTypes: true })
      for (const entry of entries) {
        if (!entry.isDirectory() && compressionOf(entry.name) !== null) files.add(join(path, entry.name))
      }
    } else if (compressionOf(basename(path)) === null) {
      throw new BorderflowError('USAGE', {
        expected: 'a file named .ndjson or .jsonl, or either with .gz or .zst',
        found: 'another name',
        where: path
      })
    } else {
      files.add(join(path))
    }
  }
  return [...files].sort((a, b) => compareNames(basename(a), basename(b)) || compareNames(a, b))
}

async function statOf (path: string): ReturnType<typeof stat> {
  try {
    return await stat(path)
  } catch (error) {
    throw unreadable(path, new Error(errorText(error)))
  }
}

function nothing (): FileOutcome {
  return { read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
}
