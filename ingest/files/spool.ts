// The spool folder as a source: files are taken up in name order, read while the ones before are loaded, and moved.
import type { Source, SourceStatus } from '../../core/stage.ts'
import { type BatchLimits, DEFAULT_BATCH_LIMITS } from './line-batcher.ts'
import { compressionOf, isUnfinished } from './names.ts'
import { type FileDeps, FILE_SOURCE } from './registry.ts'
import { readReady, retakeDoneFile, type SpoolFileContext, type Taken, takeUp } from './spool-file.ts'
import { listFolder, prepareFolders } from './spool-folders.ts'
import { createSubmitWindow } from './submit-window.ts'
import { createFolderWake } from './wake.ts'

export interface SpoolConfig extends Partial<BatchLimits> {
  /** The watched folder; `done/` and `failed/` are made in it. */
  folder: string
  /** How often the folder is listed when nothing else hints at a new file. */
  pollIntervalMs?: number
}

// Small files are finished (state stored, moved) while the next ones are read; more than this many wait for none.
const FINISHING_MAX = 16
/** Files taken up together: a writer that is busy holds up so many at once, and not each of them. */
const TAKEN_UP_MAX = 8
// Enough that one group of the loader is written while the next is decoded; its own bound of messages holds as well.
const BATCHES_UNDURABLE_MAX = 20

/**
 * A source that watches a folder until aborted. Rejects with what the loader rejects with, or when the folder itself
 * cannot be read or written; a bad file stops nothing, it goes to `failed/`.
 */
export function createSpoolSource (config: SpoolConfig, deps: FileDeps): Source {
  const { folder, pollIntervalMs = 1000 } = config
  const limits = { ...DEFAULT_BATCH_LIMITS, ...config }
  const status: SourceStatus & { detail: Record<string, string | number> } = {
    name: FILE_SOURCE,
    state: 'starting',
    detail: { filesWaiting: 0, filesDone: 0, filesFailed: 0 }
  }
  const warned = new Set<string>()
  const finishing = new Map<string, Promise<void>>()
  let failure: { error: unknown } | undefined

  async function run (taker: Parameters<Source['run']>[0], signal: AbortSignal): Promise<void> {
    try {
      const folders = await prepareFolders(folder)
      const window = createSubmitWindow(taker, BATCHES_UNDURABLE_MAX)
      const context: SpoolFileContext = { positions: deps.positions, taker: window, limits, signal, folders }
      await retakeDone(context)
      status.state = 'running'
      await watchFolder(context)
      await Promise.all(finishing.values())
      check()
      await window.drain()
      status.state = 'stopped'
    } catch (error) {
      await Promise.all(finishing.values())
      status.state = 'failed'
      throw error
    }
  }

  async function retakeDone (context: SpoolFileContext): Promise<void> {
    for (const name of (await listFolder(context.folders.done)).files) {
      if (context.signal.aborted) return
      if (compressionOf(name) !== null) await follow(`done/${name}`, await retakeDoneFile(name, context, deps))
    }
    await Promise.all(finishing.values())
    check()
  }

  async function watchFolder (context: SpoolFileContext): Promise<void> {
    const wake = createFolderWake(folder)
    try {
      while (!context.signal.aborted) {
        const hadWork = await takeAll(context)
        status.lastActivityMs = deps.clock.now()
        if (!hadWork) await wake.wait(pollIntervalMs, context.signal)
      }
    } finally {
      wake.close()
    }
  }

  /** Takes up every file that waits; returns false if there was none. */
  async function takeAll (context: SpoolFileContext): Promise<boolean> {
    check()
    const listed = await listFolder(folder)
    const names = listed.files.filter(name => compressionOf(name) !== null && !finishing.has(name))
    warnOnce(listed.files.filter(name => compressionOf(name) === null && !isUnfinished(name)))
    warnOnce(listed.others)
    let hadWork = false
    for (let from = 0; from < names.length && !context.signal.aborted; from += TAKEN_UP_MAX) {
      status.detail.filesWaiting = names.length - from
      const isTaken = await readTogether(names.slice(from, from + TAKEN_UP_MAX), context)
      hadWork ||= isTaken
    }
    status.detail.filesWaiting = 0
    return hadWork
  }

  /** Reads a few files one after the other; returns false if there was nothing to do for any. */
  async function readTogether (names: readonly string[], context: SpoolFileContext): Promise<boolean> {
    const found = await takeUp(names, context, deps)
    let hadWork = false
    try {
      for (const name of names) {
        const next = found.shift() as typeof found[number]
        if ('file' in next && context.signal.aborted) {
          await next.file.close()
          continue
        }
        const taken = 'file' in next ? await readReady(next, context, deps) : next
        hadWork ||= taken.isTaken
        await follow(name, taken)
      }
    } finally {
      for (const left of found) if ('file' in left) await left.file.close()
    }
    return hadWork
  }

  /** Keeps track of a file until it is finished, and lets only a few be so at a time. */
  async function follow (name: string, taken: Taken): Promise<void> {
    if (taken.moved !== undefined) count(taken.moved)
    if (taken.finished !== undefined) {
      finishing.set(name, taken.finished
        .then(count, (error: unknown) => { failure ??= { error } })
        .finally(() => finishing.delete(name)))
    }
    while (finishing.size >= FINISHING_MAX) await Promise.race(finishing.values())
    check()
  }

  function count (moved: 'done' | 'failed'): void {
    const key = moved === 'done' ? 'filesDone' : 'filesFailed'
    status.detail[key] = Number(status.detail[key]) + 1
  }

  function check (): void {
    if (failure !== undefined) throw failure.error
  }

  function warnOnce (names: string[]): void {
    for (const name of names) {
      if (warned.has(name)) continue
      warned.add(name)
      deps.log.warn({ file: name }, 'left alone: not a file named .ndjson or .jsonl, or either with .gz or .zst')
    }
  }

  return { name: FILE_SOURCE, run, status: () => ({ ...status, detail: { ...status.detail } }) }
}
