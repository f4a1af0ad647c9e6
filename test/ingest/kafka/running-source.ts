// A source under test: quick settings, started in the background, stopped and judged by the test.
import { setTimeout as sleep } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { systemClock } from '../../../core/clock.ts'
import type { BorderflowError } from '../../../core/errors.ts'
import type { Source } from '../../../core/stage.ts'
import type { KafkaSourceConfig } from '../../../ingest/kafka/config.ts'
import { createKafkaSource } from '../../../ingest/kafka/source.ts'
import type { MemoryLoader } from './memory-loader.ts'

export interface RunningSource {
  source: Source
  logLines: string[]
  /** Aborts and waits for the end; returns how long that took, in milliseconds. */
  stop(): Promise<number>
  /** Resolves with the error that ended the source by itself. */
  failure(): Promise<BorderflowError>
}

/** Settings under which everything that takes time takes little of it. */
export function quickConfig (brokers: string, topics: Record<string, string>): KafkaSourceConfig {
  return {
    brokers: brokers.split(','),
    clientId: 'borderflow-test',
    topics,
    groupPrefix: 'borderflow-test',
    fetchWaitMs: 50,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 300,
    metadataMaxAgeMs: 500,
    pollMs: 300,
    retries: 3
  }
}

/** Starts a source that hands over to the loader. */
export function runSource (config: KafkaSourceConfig, loader: MemoryLoader, warehouseId: string): RunningSource {
  const logLines: string[] = []
  const source = createKafkaSource(config, {
    positions: loader.positions, warehouseId, markKey: Buffer.from('test'), log: linesLog(logLines), clock: systemClock
  })
  const abort = new AbortController()
  const ended = source.run(loader.taker, abort.signal)
  ended.catch(() => undefined)
  return {
    source,
    logLines,
    stop: async () => {
      const begun = performance.now()
      abort.abort()
      await ended
      return performance.now() - begun
    },
    failure: async () => await ended.then(
      () => { throw new Error('the source ended without an error') },
      (error: BorderflowError) => error
    )
  }
}

/** A log into a list of lines. */
export function linesLog (lines: string[]): Logger {
  return pino({ level: 'debug' }, { write: line => { lines.push(line) } })
}

/** Waits until the condition holds; throws with the description (and what it says then) once the time is over. */
export async function until (
  condition: () => boolean | Promise<boolean>, what: string | (() => string), timeoutMs = 20_000
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`)
    await sleep(25)
  }
}
