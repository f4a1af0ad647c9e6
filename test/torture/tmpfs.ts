// A small file system in memory that can be full, grow, and be read-only. Only root may mount one.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface SmallDisk {
  path: string
  resize (kibibytes: number): void
  setReadOnly (readOnly: boolean): void
}

/** Why no file system can be mounted, or undefined if one can. */
export function mountingMissing (): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'borderflow-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' })
    execFileSync('umount', [folder])
    return undefined
  } catch (error) {
    const reason = String((error as { stderr?: Buffer }).stderr ?? error).trim()
    process.stderr.write(`\nDISK TESTS ARE SKIPPED: no file system can be mounted (${reason})\n`)
    return reason
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Mounts a file system of this size for the current test. */
export function mountSmallDisk (kibibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'borderflow-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path])
  onTestFinished(() => {
    // Lazily: a process that was killed may not be gone to the last file yet.
    execFileSync('umount', ['-l', path])
    rmSync(path, { recursive: true, force: true })
  })
  const remount = (option: string): void => { execFileSync('mount', ['-o', `remount,${option}`, path]) }
  return {
    path,
    resize: size => { remount(`size=${size}k`) },
    setReadOnly: readOnly => { remount(readOnly ? 'ro' : 'rw') }
  }
}
