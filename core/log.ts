// The log: one JSON line per change of state on standard error, none per event, and no value of a personal field.
import { pino, stdSerializers, type Logger } from 'pino'

export type { Logger } from 'pino'

/** A logger at a level. Output goes to standard error, so that standard output is for answers only. */
export function createLog (level: string): Logger {
  const standardError = pino.destination({ dest: 2, sync: true })
  return pino({ level, base: null, serializers: { err: stdSerializers.err } }, standardError)
}

/** A logger that says nothing. */
export function silentLog (): Logger {
  return pino({ level: 'silent' })
}
