// Waiting for something to do: a period, cut short by a hint or by the end.
import { watch } from 'node:fs'

export interface Wake {
  /** Resolves after `periodMs`, at a hint since the last wait, or when the signal is aborted. */
  wait(periodMs: number, signal: AbortSignal): Promise<void>
  close(): void
}

/** Hints are changes in a folder. They may be missed or repeated: the period alone is relied upon. */
export function createFolderWake (folder: string): Wake {
  let isHinted = false
  let ring: (() => void) | undefined
  const hint = (): void => {
    isHinted = true
    ring?.()
  }
  const watcher = startWatcher(folder, hint)
  return {
    wait: (periodMs, signal) => new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        ring = undefined
        isHinted = false
        resolve()
      }
      const timer = setTimeout(end, periodMs)
      signal.addEventListener('abort', end)
      ring = end
      if (isHinted || signal.aborted) end()
    }),
    close: () => watcher?.close()
  }
}

/** Without a watcher (no inotify handle left, a network folder) polling goes on as before. */
function startWatcher (folder: string, hint: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, hint)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
