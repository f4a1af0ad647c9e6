// How a query is refused: what is allowed, what was found where, and the nearest name there is.
import { BorderflowError } from '../core/errors.ts'
import { nearest } from '../schemas/tables/index.ts'

export function invalid (expected: string, found: string, where: string, remedy?: string): BorderflowError {
  return new BorderflowError('QUERY_INVALID', { expected, found, where, remedy })
}

/** Throws QUERY_INVALID for a name that is none of those allowed. */
export function oneOf (name: string, allowed: readonly string[], where: string): void {
  if (allowed.includes(name)) return
  const suggestion = nearest(name, allowed)
  throw invalid(`one of ${allowed.join(', ')}`, JSON.stringify(name.slice(0, 64)), where,
    suggestion === undefined ? undefined : `Did you mean ${suggestion}?`)
}

/** One of a few words, or nothing. */
export function choice<T extends string> (value: unknown, allowed: readonly T[], where: string): T | undefined {
  if (value === undefined) return undefined
  oneOf(typeof value === 'string' ? value : String(JSON.stringify(value)), allowed, where)
  return value as T
}
