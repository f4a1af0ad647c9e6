// Errors as those who ask see them: problem+json (RFC 9457). Ours with code, what was expected and what to do; others
// with fixed texts only. Never a stack trace, never what the database or the system said.
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { BorderflowError, errorText, type ErrorCode } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'

export interface ProblemBody {
  type: string
  title: string
  status: number
  code?: string
  expected?: string
  found?: string
  where?: string
  remedy?: string
  /** What was wrong with a request, one entry a fault. */
  errors?: { path: string, message: string }[]
}

const MEDIA_TYPE = 'application/problem+json'

/** Statuses of codes that are the asker's to mend, or that pass; every other code is 500. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  USAGE: 400,
  QUERY_INVALID: 400,
  REQUEST_INVALID: 400,
  SIGN_IN_NEEDED: 401,
  SIGN_IN_FAILED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TABLE_UNKNOWN: 404,
  REFUSED: 409,
  QUARANTINE_PAYLOAD: 409,
  RATE_LIMITED: 429,
  PROVIDER_FAILED: 502,
  AUDIT_FAILED: 503,
  CONTROL_UNREACHABLE: 503,
  DATA_FOLDER_BUSY: 503,
  DISK_FULL: 507
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Sign-in needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not allowed here',
  406: 'No such representation',
  408: 'The request took too long',
  409: 'Refused in this state',
  413: 'The body is too large',
  414: 'The address is too long',
  415: 'Unsupported type',
  422: 'The request is not valid',
  429: 'Too many requests',
  500: 'The request failed',
  502: 'The sign-in provider failed',
  503: 'Not available now',
  504: 'The answer took too long',
  507: 'No room'
}

/** The one handler of errors, and the answer for addresses that do not exist. */
export function handleProblems (app: FastifyInstance, log: Logger): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const body = problemOf(error)
    if (body.status >= 500) {
      log.warn({ route: request.routeOptions.url, code: body.code, error: errorText(error) }, 'request failed')
    }
    return await sendProblem(reply, body)
  })
  app.setNotFoundHandler(async (_request, reply) => await sendProblem(reply, plain(404)))
}

/** Sends a problem with its type and status. */
export async function sendProblem (reply: FastifyReply, body: ProblemBody): Promise<FastifyReply> {
  if (body.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer')
  return await reply.code(body.status).type(MEDIA_TYPE).serializer(JSON.stringify).send(body)
}

/** The problem that any thrown value is to who asked. */
export function problemOf (error: unknown): ProblemBody {
  if (error instanceof BorderflowError) return ours(error)
  const { statusCode, validation } = error as Partial<FastifyError>
  if (validation !== undefined) {
    return {
      ...plain(400),
      type: typeOf('REQUEST_INVALID'),
      code: 'REQUEST_INVALID',
      errors: validation.map(({ instancePath, message }) => ({
        path: `${(error as Partial<FastifyError>).validationContext ?? ''}${instancePath}`.replace(/\/$/, ''),
        message: message ?? 'is not valid'
      }))
    }
  }
  const status = statusCode !== undefined && statusCode >= 400 && statusCode <= 599 ? statusCode : 500
  if (![400, 413, 414, 415].includes(status)) return plain(status)
  return { ...plain(status), type: typeOf('REQUEST_INVALID'), code: 'REQUEST_INVALID' }
}

function ours ({ code, details: { expected, found, where, remedy } }: BorderflowError): ProblemBody {
  const status = STATUSES[code] ?? 500
  const body = { ...plain(status), type: typeOf(code), code }
  // What failed inside is told in the log: it may name files, or what the database said of a value.
  if (status >= 500) return { ...body, ...(status === 500 ? {} : { remedy }) }
  return { ...body, expected, found, where, remedy }
}

function plain (status: number): ProblemBody {
  return { type: 'about:blank', title: TITLES[status] ?? (status < 500 ? 'The request is not valid' : 'The request failed'), status }
}

function typeOf (code: ErrorCode): string {
  return `urn:borderflow:problem:${code.toLowerCase().replaceAll('_', '-')}`
}
