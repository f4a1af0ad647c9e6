// Two small helps with time: repeat without overlap, and wait but not for ever.

/** Runs the work every so often, never twice at once, until the returned function is called. It must not reject. */
export function every (intervalMs: number, work: () => Promise<void>): () => void {
  let running = false
  const timer = setInterval(() => {
    if (running) return
    running = true
    work().catch(() => undefined).finally(() => { running = false })
  }, intervalMs)
  return () => clearInterval(timer)
}

/** Resolves with the promise or after the time, whichever is first. */
export async function within (promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => { timer = setTimeout(resolve, Math.min(timeoutMs, 2 ** 31 - 1)) })
  await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
