// What a connection is doing. DuckDB's client frees a connection at once, also under a call that another thread still
// works on: that one then reads freed memory, and the process ends. So a connection is closed when its calls are over.
import type { DuckDBConnection } from '@duckdb/node-api'

const CALLS = ['run', 'runAndReadAll', 'stream', 'prepare'] as const

/** Counts the calls of a connection from now on. What is returned resolves when none is under way. */
export function countCalls (connection: DuckDBConnection): () => Promise<void> {
  let underWay = 0
  const waiting: (() => void)[] = []
  for (const name of CALLS) {
    const call = connection[name].bind(connection) as (...values: unknown[]) => Promise<unknown>
    const counted = async (...values: unknown[]): Promise<unknown> => {
      underWay++
      try {
        return await call(...values)
      } finally {
        underWay--
        if (underWay === 0) for (const wake of waiting.splice(0)) wake()
      }
    }
    Object.assign(connection, { [name]: counted })
  }
  return async () => {
    while (underWay > 0) await new Promise<void>(resolve => waiting.push(resolve))
  }
}
