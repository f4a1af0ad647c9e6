// One error class and one table of codes. Retry code reads `retryable`, never a message.

const ERRORS = {
  SETTINGS_INVALID: { retryable: false },
  USAGE: { retryable: false },
  LISTS_INVALID: { retryable: false },
  KEY_MISSING: { retryable: false },
  KEY_MISMATCH: { retryable: false },
  DATA_FOLDER_BUSY: { retryable: true },
  DATA_FOLDER_INVALID: { retryable: false },
  DATABASE_FATAL: { retryable: false },
  DATABASE_FAILED: { retryable: false },
  WAREHOUSE_VERSION: { retryable: false },
  POSITION_STALE: { retryable: false },
  LOADER_STOPPED: { retryable: false },
  KAFKA_UNREACHABLE: { retryable: true },
  KAFKA_TOPIC_MISSING: { retryable: false },
  KAFKA_FOREIGN_MEMBER: { retryable: false },
  KAFKA_TOPIC_REPLACED: { retryable: false },
  KAFKA_STALLED: { retryable: true },
  KAFKA_FAILED: { retryable: true },
  FILE_UNREADABLE: { retryable: false },
  FILE_CHANGED: { retryable: false },
  SEGMENT_DAMAGED: { retryable: false },
  QUERY_INVALID: { retryable: false },
  TABLE_UNKNOWN: { retryable: false },
  QUARANTINE_PAYLOAD: { retryable: false },
  CONTROL_UNREACHABLE: { retryable: true },
  BACKUP_INVALID: { retryable: false },
  DISK_FULL: { retryable: true },
  NOT_FOUND: { retryable: false },
  REFUSED: { retryable: false },
  REQUEST_INVALID: { retryable: false },
  SIGN_IN_NEEDED: { retryable: false },
  SIGN_IN_FAILED: { retryable: false },
  FORBIDDEN: { retryable: false },
  RATE_LIMITED: { retryable: true },
  PROVIDER_FAILED: { retryable: true },
  AUDIT_FAILED: { retryable: true },
  DAG_FAILED: { retryable: true },
  CHECKS_DIFFER: { retryable: false }
} as const

export type ErrorCode = keyof typeof ERRORS

/** What a person needs to act on an error. Values of personal fields must never be put here. */
export interface ErrorDetails {
  expected: string
  found: string
  /** Where: a file and line, a topic, partition and offset, a setting's name. */
  where?: string
  /** What to do about it. */
  remedy?: string
  cause?: unknown
}

/** The one error type of the project: an expected fault with a code that a program can act on. */
export class BorderflowError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly details: Omit<ErrorDetails, 'cause'>

  constructor (code: ErrorCode, details: ErrorDetails) {
    super(message(details), details.cause === undefined ? {} : { cause: details.cause })
    this.name = 'BorderflowError'
    this.code = code
    this.retryable = ERRORS[code].retryable
    const { expected, found, where, remedy } = details
    this.details = { expected, found, where, remedy }
  }
}

/** True if the error is ours and carries this code. */
export function hasCode (error: unknown, code: ErrorCode): error is BorderflowError {
  return error instanceof BorderflowError && error.code === code
}

/** Stops on our own mistakes: a condition that the code itself must guarantee. */
export function assert (condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${what}`)
}

/** The text of any thrown value, for logs and wrapped errors. */
export function errorText (error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function message ({ expected, found, where, remedy }: ErrorDetails): string {
  const at = where === undefined ? '' : ` (${where})`
  const advice = remedy === undefined ? '' : ` ${remedy}`
  return `expected ${expected}, found ${found}${at}.${advice}`
}
