// Threads that compute in the background give way to the one that answers: where cores are few, a scan on all of them
// would make every request wait for its share. Only Linux lists the threads of a process and gives each a priority of
// its own; elsewhere nothing is done.
import { readdirSync } from 'node:fs'
import { platform, setPriority } from 'node:os'

/** Of the system's scale from -20 to 19. Where both want a core, a thread of 5 gets a quarter of it. */
const BACKGROUND_NICENESS = 5
const isLinux = platform() === 'linux'

/** The calling thread gives way from now on; to be called in a worker thread. */
export function runInBackground (): void {
  if (isLinux) setPriority(BACKGROUND_NICENESS)
}

/** Runs work; the threads that it has started give way from then on. */
export async function startingBackgroundThreads<T> (work: () => Promise<T>): Promise<T> {
  const before = new Set(threadIds())
  const result = await work()
  for (const id of threadIds()) if (!before.has(id)) lower(id)
  return result
}

function threadIds (): number[] {
  return isLinux ? readdirSync('/proc/self/task').map(Number) : []
}

function lower (id: number): void {
  try {
    setPriority(id, BACKGROUND_NICENESS)
  } catch {
    // It has ended meanwhile, or this system does not allow it: then it runs on as it is.
  }
}
