// One file of the spool from first sight to `done/` or `failed/`.
import { join } from 'node:path'
import { BorderflowError, hasCode } from '../../core/errors.ts'
import { failpoint } from '../../core/failpoint.ts'
import { type FileOutcome, readFile, type ReadingContext } from './file-reader.ts'
import { changed, type OpenedFile, openFile, sameIdentity } from './identity.ts'
import { type FileDeps, FILE_SOURCE, type RegisteredFile } from './registry.ts'
import { moveAway, type SpoolFolders, writeReason } from './spool-folders.ts'
import type { SubmitWindow } from './submit-window.ts'

// Faults of the machine, not of the file: they must not send a good file to `failed/`.
const MACHINE_FAULTS = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO'])

export interface SpoolFileContext extends ReadingContext {
  taker: SubmitWindow
  folders: SpoolFolders
}

/** What came of taking a file up. `isTaken` is false if there was nothing to do for it or it vanished. */
export interface Taken {
  isTaken: boolean
  /** Resolves when the file is durable and moved; absent if that is so already. */
  finished?: Promise<'done' | 'failed'>
  moved?: 'done' | 'failed'
}

/** A file that is open and has its number: it can be read. */
export interface Ready { file: OpenedFile, registered: RegisteredFile }

/**
 * Looks at files of the spool folder together and numbers those that are new in the order given, so that they wait for
 * the writer once and not one by one. What is ready has to be read or closed. Throws faults of the machine.
 */
export async function takeUp (
  names: readonly string[], context: SpoolFileContext, deps: FileDeps
): Promise<(Ready | Taken)[]> {
  const looked = await Promise.all(names.map(async name => await look(name, context, deps)))
  return await Promise.all(looked.map(async found => {
    if (!('file' in found)) return found
    const registered = await registration(found.file, found.same, deps)
    await context.positions.start(FILE_SOURCE, String(registered.number), 0)
    return { file: found.file, registered }
  }))
}

/** A file that is to be read, with what is known of it, or what has become of it. */
async function look (
  name: string, context: SpoolFileContext, deps: FileDeps
): Promise<{ file: OpenedFile, same: RegisteredFile | undefined } | Taken> {
  const path = join(context.folders.spool, name)
  const file = await openOrFail(path, context, deps)
  if (file === null) return { isTaken: false }
  if (file === 'failed') return { isTaken: true, moved: 'failed' }
  const known = await deps.files.find(FILE_SOURCE, name)
  const same = known.find(other => sameIdentity(other, file.identity))
  if (same?.state === 'finished') {
    await file.close()
    deps.log.info({ file: name, number: same.number }, 'file is already loaded')
    await moveAway(path, context.folders.done, same.number, deps.clock)
    return { isTaken: true, moved: 'done' }
  }
  const open = known.find(other => other.state === 'open')
  if (same === undefined && open !== undefined) {
    await file.close()
    const found = `another size or beginning than file ${open.number} of this name, which is not finished`
    return { isTaken: true, moved: await fail(path, changed(path, found), open.number, context, deps) }
  }
  return { file, same }
}

/**
 * Reads a file of `done/` again if the registry does not have it as finished: a crash may have lost the end of the
 * warehouse's log with positions, states and registrations alike. Messages loaded before are duplicates.
 */
export async function retakeDoneFile (name: string, context: SpoolFileContext, deps: FileDeps): Promise<Taken> {
  const path = join(context.folders.done, name)
  const file = await openOrFail(path, context, deps)
  if (file === null) return { isTaken: false }
  if (file === 'failed') return { isTaken: true, moved: 'failed' }
  const same = await findDone(name, file, deps)
  if (same?.state === 'finished') {
    await file.close()
    return { isTaken: false }
  }
  deps.log.info({ file: name, number: same?.number ?? 'new' }, 'file in done/ is read again')
  return await readReady({ file, registered: await registration(file, same, deps) }, context, deps)
}

/**
 * Reads a file and hands its batches over. Resolves when the last one is accepted, so the next file can be read while
 * this one is loaded. Throws what the loader throws.
 */
export async function readReady (
  { file, registered }: Ready, context: SpoolFileContext, deps: FileDeps
): Promise<Taken> {
  const { number } = registered
  failpoint('file-numbered')
  try {
    const reading = await readFile(file, number, registered.receivedAtMs, context)
    failpoint('file-read')
    if (!reading.isComplete) {
      await reading.durable
      await file.close()
      return { isTaken: true }
    }
    const finished = reading.durable
      .then(outcome => finish(file, number, outcome, context, deps))
      .finally(() => file.close())
    return { isTaken: true, finished }
  } catch (error) {
    await file.close()
    return { isTaken: true, moved: await fail(file.path, error, number, context, deps) }
  }
}

async function finish (
  file: OpenedFile, number: number, outcome: FileOutcome, context: SpoolFileContext, deps: FileDeps
): Promise<'done' | 'failed'> {
  try {
    await file.checkUnchanged()
  } catch (error) {
    return fail(file.path, error, number, context, deps)
  }
  await deps.files.setState(number, 'finished')
  failpoint('file-ended')
  deps.log.info({ file: file.identity.name, number, ...outcome }, 'file is loaded')
  // Another file may have taken the name meanwhile: that one is new and stays.
  const isOurs = await file.isStillAt(join(context.folders.spool, file.identity.name))
  if (isOurs) await moveAway(file.path, context.folders.done, number, deps.clock)
  failpoint('file-moved')
  return 'done'
}

/** Moves a changed or unreadable file to `failed/` with its reason. Throws any other error. */
async function fail (
  path: string, error: unknown, number: number | undefined, context: SpoolFileContext, deps: FileDeps
): Promise<'failed'> {
  if (!(error instanceof BorderflowError) ||
    (error.code !== 'FILE_CHANGED' && error.code !== 'FILE_UNREADABLE')) throw error
  await context.taker.drain()
  if (number !== undefined) await deps.files.setState(number, 'failed', error.code)
  const moved = await moveAway(path, context.folders.failed, number, deps.clock).catch(missing)
  if (moved === null) return 'failed'
  await writeReason(context.folders, moved, { reason: error.code, message: error.message, number })
  deps.log.warn({ file: moved, number, reason: error.code }, 'file failed')
  return 'failed'
}

async function openOrFail (
  path: string, context: SpoolFileContext, deps: FileDeps
): Promise<OpenedFile | null | 'failed'> {
  try {
    return await openFile(path)
  } catch (error) {
    const code = hasCode(error, 'FILE_UNREADABLE') ? (error.cause as NodeJS.ErrnoException).code : undefined
    if (code === 'ENOENT') return null
    if (code !== undefined && MACHINE_FAULTS.has(code)) throw error
    return fail(path, error, undefined, context, deps)
  }
}

async function registration (
  file: OpenedFile, same: RegisteredFile | undefined, deps: FileDeps
): Promise<RegisteredFile> {
  if (same === undefined) return deps.files.register(file.identity, deps.clock.now())
  if (same.state === 'failed') await deps.files.setState(same.number, 'open')
  return same
}

/** The file was taken away meanwhile: then there is nothing to move. */
function missing (error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** A file in `done/` by its name or, if it was moved there beside another one, by its name without the number. */
async function findDone (name: string, file: OpenedFile, deps: FileDeps): Promise<RegisteredFile | undefined> {
  for (const candidate of [name, name.replace(/^\d+-/, '')]) {
    const known = await deps.files.find(FILE_SOURCE, candidate)
    const same = known.find(other => sameIdentity(other, { ...file.identity, name: candidate }))
    if (same !== undefined) return same
  }
  return undefined
}
