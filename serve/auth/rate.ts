// How often one address may try to sign in. Tokens cannot be guessed; this keeps the log of failures readable.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { BorderflowError } from '../../core/errors.ts'

/** For `config.rateLimit` of a route that signs in. */
export const SIGN_IN_LIMIT = { max: 20, timeWindow: 60_000 }

/** Makes `config.rateLimit` of routes count; a route without one has no limit of its own. */
export async function limitRates (app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    cache: 10_000,
    errorResponseBuilder: (_request, { max, after }) => new BorderflowError('RATE_LIMITED', {
      expected: `at most ${max} requests a minute from one address`, found: 'more', remedy: `Try again in ${after}.`
    })
  })
}
