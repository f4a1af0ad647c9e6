// Exit codes, and how an error ends the program.
import { BorderflowError, errorText } from '../core/errors.ts'

export const EXIT_OK = 0
export const EXIT_FAILED = 1
export const EXIT_USAGE = 2
export const EXIT_DIFFERENCES = 3

const USAGE_CODES = new Set(['USAGE', 'QUERY_INVALID', 'TABLE_UNKNOWN', 'SETTINGS_INVALID'])

/** The exit code of an error: 2 for what the user can type better, 1 for everything else. */
export function exitCodeOf (error: unknown): number {
  return error instanceof BorderflowError && USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_FAILED
}

/** Prints an error to standard error, for people or as JSON. */
export function printError (error: unknown, json: boolean): void {
  if (json) {
    printJsonError(error instanceof BorderflowError ? error.code : 'INTERNAL', errorText(error))
    return
  }
  process.stderr.write(`borderflow: ${errorText(error)}\n`)
}

/** Prints one line of JSON to standard error. */
export function printJsonError (code: string, message: string): void {
  process.stderr.write(`${JSON.stringify({ error: { code, message } })}\n`)
}
