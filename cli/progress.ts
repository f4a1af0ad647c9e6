// Progress on a terminal, and nothing at all elsewhere.
import { SingleBar } from 'cli-progress'

export interface Progress {
  add (count: number): void
  end (): void
}

const SILENT: Progress = { add: () => {}, end: () => {} }

/** A count that grows, or a bar where the total is known; on standard error, only if that is a terminal. */
export function createProgress (what: string, unit: string, total?: number): Progress {
  if (!process.stderr.isTTY) return SILENT
  let done = 0
  const format = total === undefined
    ? `${what} {value} ${unit} · {duration_formatted}`
    : `${what} {bar} {percentage} % · {value} of {total} ${unit} · {duration_formatted}`
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true })
  bar.start(total ?? 0, 0)
  return {
    add (count) {
      done += count
      bar.update(done)
    },
    end: () => { bar.stop() }
  }
}
