// A lock between processes: a folder that only one can make. A holder that died loses it.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Runs `work` while holding the lock; waits at most `timeoutMs` for it. */
export async function withLock<T> (path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs
  while (!await tryLock(path)) {
    if (performance.now() > deadline) throw new Error(`lock ${path} was not free within ${timeoutMs} ms`)
    await sleep(100)
  }
  try {
    return await work()
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/** True if a process with this id exists. */
export function processLives (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function tryLock (path: string): Promise<boolean> {
  try {
    await mkdir(path)
    await writeFile(join(path, 'pid'), String(process.pid))
    return true
  } catch {
    const holder = Number(await readFile(join(path, 'pid'), 'utf8').catch(() => ''))
    if (holder > 0 && !processLives(holder)) await rm(path, { recursive: true, force: true })
    return false
  }
}
