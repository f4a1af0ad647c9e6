// How long to wait before the next attempt, and whether there is one.
import { BorderflowError } from '../../core/errors.ts'
import type { RetryRule } from './dag.ts'

/** Milliseconds to wait after so many failures; null if there is no further attempt. */
export function retryDelay (rule: RetryRule, failures: number, random: () => number): number | null {
  if (failures >= rule.attemptsMax) return null
  const pause = Math.min(rule.capMs, rule.baseMs * rule.factor ** (failures - 1))
  return Math.round(pause * (1 - rule.jitter * random()))
}

/** False for our own errors that say so; anything else may have been an accident. */
export function mayRetry (error: unknown): boolean {
  return !(error instanceof BorderflowError) || error.retryable
}
