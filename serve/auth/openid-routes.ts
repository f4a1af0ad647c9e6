// The ways to sign in, and the way by OpenID Connect: off to the provider, and back. People see a page of ours at the
// end in any case: a browser is sent there with the reason in the fragment, a program gets the problem.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { BorderflowError } from '../../core/errors.ts'
import { clearCookie, OPENID_COOKIE, setOpenIdCookie } from './cookies.ts'
import { OPENID_LIFE_SECONDS, type OpenId } from './openid.ts'
import { SIGN_IN_LIMIT } from './rate.ts'
import { beginSession, refused, type SessionDeps } from './session-routes.ts'

const TAGS = ['session']
const BEGIN = '/v1/sign-in/openid'
const CALLBACK = '/v1/sign-in/openid/callback'

export interface OpenIdRoutesDeps extends SessionDeps {
  openId: OpenId | null
  /** The address that people use, if it is another than the one asked for. */
  publicUrl?: string
}

/** Routes `/v1/sign-in…`; those of OpenID Connect only where it is set up. */
export function openIdRoutes (deps: OpenIdRoutesDeps): FastifyPluginAsync {
  const { openId } = deps
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    app.get('/v1/sign-in', {
      config: { policy: 'public' },
      schema: {
        tags: TAGS,
        summary: 'The ways to sign in',
        response: {
          200: z.strictObject({
            link: z.literal(true).describe('Access links always work'),
            openid: z.string().nullable().describe('Where a sign-in by OpenID Connect begins; null where it is not set up')
          })
        }
      }
    }, async () => ({ link: true as const, openid: openId === null ? null : BEGIN }))
    if (openId === null) return

    app.get(BEGIN, {
      config: { policy: 'public', rateLimit: SIGN_IN_LIMIT },
      schema: { tags: TAGS, summary: 'Sign in by OpenID Connect: goes on at the provider' }
    }, async (request, reply) => await orTold(request, reply, async () => {
      const { url, secret } = await openId.begin(`${deps.publicUrl ?? `${request.protocol}://${request.host}`}${CALLBACK}`)
      setOpenIdCookie(reply, secret, OPENID_LIFE_SECONDS)
      return await reply.redirect(url.href, 303)
    }))

    app.get(CALLBACK, {
      config: { policy: 'public', rateLimit: SIGN_IN_LIMIT },
      schema: { tags: TAGS, summary: 'Where the provider sends the browser back to' }
    }, async (request, reply) => await orTold(request, reply, async () => {
      clearCookie(reply, OPENID_COOKIE)
      try {
        const query = request.raw.url?.split('?')[1] ?? ''
        const holder = await openId.finish(request.cookies[OPENID_COOKIE] ?? '', query)
        await beginSession(request, reply, holder, 'openid', deps)
      } catch (error) {
        if (error instanceof BorderflowError && error.code !== 'AUDIT_FAILED') {
          await refused(request, deps.audit, 'openid', 'unknown', error.code)
        }
        throw error
      }
      return await reply.redirect('/', 303)
    }))
  }
}

/** Runs a step of a sign-in. What goes wrong is told to a browser by the page, under `#sign-in-failed=<CODE>`. */
async function orTold (
  request: FastifyRequest, reply: FastifyReply, step: () => Promise<FastifyReply>
): Promise<FastifyReply> {
  try {
    return await step()
  } catch (error) {
    const isBrowser = request.headers.accept?.includes('text/html') === true
    if (!isBrowser || !(error instanceof BorderflowError)) throw error
    return await reply.redirect(`/#sign-in-failed=${error.code}`, 303)
  }
}
