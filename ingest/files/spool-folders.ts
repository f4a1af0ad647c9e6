// The spool folder on disk: `done/` and `failed/` under it, owner only, since raw input is personal data.
import { chmod, mkdir, readdir, rename, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { compareNames } from './names.ts'

export const REASON_SUFFIX = '.reason.json'

export interface SpoolFolders {
  spool: string
  done: string
  failed: string
}

/** Why a file is in `failed/`. Codes and numbers only, never a value of a message. */
export interface FailureReason {
  reason: string
  message: string
  /** Absent if the file could not even be identified. */
  number?: number
}

/** Makes the folders, mode 0700. */
export async function prepareFolders (spool: string): Promise<SpoolFolders> {
  const folders = { spool, done: join(spool, 'done'), failed: join(spool, 'failed') }
  for (const folder of [folders.spool, folders.done, folders.failed]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
  }
  return folders
}

/** Names of the regular files of a folder, in code-point order; `others` are links, pipes and the like. */
export async function listFolder (folder: string): Promise<{ files: string[], others: string[] }> {
  const files: string[] = []
  const others: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) files.push(entry.name)
    else if (!entry.isDirectory()) others.push(entry.name)
  }
  return { files: files.sort(compareNames), others }
}

/**
 * Moves a file to `done/` or `failed/`, mode 0600, its time of change set to now: its age counts from here. If the name
 * is taken there, the number is put before it. Returns the new name.
 */
export async function moveAway (
  path: string, target: string, number: number | undefined, clock: Clock
): Promise<string> {
  const nowSeconds = clock.now() / 1000
  // Another owner's file cannot be changed, but it can be moved, and the folder is closed to others.
  await chmod(path, 0o600).catch(unlessForeign)
  await utimes(path, nowSeconds, nowSeconds).catch(unlessForeign)
  const moved = await freeName(target, basename(path), number)
  await rename(path, join(target, moved))
  return moved
}

/** Writes why a file failed beside it. */
export async function writeReason (folders: SpoolFolders, name: string, reason: FailureReason): Promise<void> {
  await writeFile(join(folders.failed, name + REASON_SUFFIX), JSON.stringify(reason, null, 2) + '\n', { mode: 0o600 })
}

function unlessForeign (error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM') throw error
}

async function freeName (folder: string, name: string, number: number | undefined): Promise<string> {
  const prefixed = `${number ?? 0}-${name}`
  for (const candidate of [name, prefixed]) {
    if (!await exists(join(folder, candidate))) return candidate
  }
  // The same file can fail more than once under its number.
  for (let again = 2; ; again++) {
    const candidate = `${number ?? 0}-${again}-${name}`
    if (!await exists(join(folder, candidate))) return candidate
  }
}

async function exists (path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}
