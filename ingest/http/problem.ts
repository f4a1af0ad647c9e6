// Errors as the sender sees them: problem+json (RFC 9457), with fixed texts, never a value of the payload.
import type { FastifyReply } from 'fastify'

const PROBLEMS = {
  unauthorized: [401, 'A producer token is needed', 'Send a valid token as Authorization: Bearer.'],
  forbidden: [403, 'This token is not for sending events', 'Send the token of a producer.'],
  'not-an-array': [400, 'The body is not a JSON array', 'The body must be one JSON array whose brackets close.'],
  'bad-encoding': [400, 'The body could not be decompressed', 'Send a complete gzip stream, or none.'],
  'bad-idempotency-key': [400, 'The Idempotency-Key is not usable', 'Send 1 to 255 printable ASCII characters.'],
  'incomplete-body': [400, 'The body ended early', 'Send it again.'],
  'bad-request': [400, 'The request is malformed', 'See the description of the interface.'],
  'not-found': [404, 'There is no such receipt', 'Receipts can be read by the producer that was given them.'],
  'body-too-large': [413, 'The body is too large', 'Send fewer events in a request.'],
  'unsupported-type': [415, 'The body has an unsupported type or encoding',
    'Send application/x-ndjson or application/json, plain or with Content-Encoding: gzip.'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used with another body', 'Use a new key for a new body.'],
  overloaded: [429, 'Too much is waiting to be loaded', 'Send the same body again later.'],
  internal: [500, 'The request failed', 'Send the same body again later.'],
  unavailable: [503, 'The intake is not available', 'Send the same body again later.'],
  'disk-full': [507, 'There is no room to store the body', 'Send the same body again later.']
} as const

export type ProblemName = keyof typeof PROBLEMS

const RETRIED: readonly ProblemName[] = ['overloaded', 'unavailable', 'disk-full']

/** Thrown in the intake to end a request with a problem; carries no more than its name. */
export class Problem extends Error {
  readonly problem: ProblemName

  constructor (problem: ProblemName) {
    super(PROBLEMS[problem][1])
    this.name = 'Problem'
    this.problem = problem
  }
}

/** Sends a problem; with Retry-After where the sender should try again. */
export function sendProblem (reply: FastifyReply, name: ProblemName, retryAfterSeconds: number): FastifyReply {
  const [status, title, detail] = PROBLEMS[name]
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (RETRIED.includes(name)) headers['retry-after'] = String(retryAfterSeconds)
  if (name === 'unauthorized') headers['www-authenticate'] = 'Bearer'
  // What is left of a body that is not wanted is not read to its end.
  if (status === 413 || status === 429) headers.connection = 'close'
  return reply.code(status).headers(headers)
    .send(JSON.stringify({ type: `urn:borderflow:problem:${name}`, title, status, detail }))
}

/** The problem that any thrown value is to the sender. */
export function problemOf (error: unknown): ProblemName {
  if (error instanceof Problem) return error.problem
  const { code, statusCode } = error as { code?: string, statusCode?: number }
  if (code === 'DISK_FULL') return 'disk-full'
  // What the server's own guard says before the intake is asked.
  if (code === 'SIGN_IN_NEEDED') return 'unauthorized'
  if (code === 'FORBIDDEN') return 'forbidden'
  if (code === 'SEGMENT_DAMAGED') return 'unavailable'
  if (statusCode === 413) return 'body-too-large'
  if (statusCode === 415) return 'unsupported-type'
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'bad-request' : 'internal'
}
