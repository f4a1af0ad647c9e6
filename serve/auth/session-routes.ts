// Signing in with the token of an access link, signing out, and who one is.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { BorderflowError } from '../../core/errors.ts'
import type { AuditTrail } from './audit-trail.ts'
import { clearCookie, SESSION_COOKIE, setSessionCookie } from './cookies.ts'
import { ROLES } from './policy.ts'
import { SIGN_IN_LIMIT } from './rate.ts'
import type { Holder, SessionView, SignIn } from './sign-in.ts'

const TAGS = ['session']

const sessionSchema = z.strictObject({
  name: z.string().describe('Whose session it is'),
  role: z.enum(ROLES),
  expiresAt: z.iso.datetime().nullable().describe('When it ends at the latest; null for a token without an end')
}).meta({ id: 'Session' })

export interface SessionDeps {
  signIn: SignIn
  audit: AuditTrail
}

/** Routes `/v1/session`. */
export function sessionRoutes (deps: SessionDeps): FastifyPluginAsync {
  const { signIn, audit } = deps
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.post('/v1/session', {
      config: { policy: 'public', rateLimit: SIGN_IN_LIMIT },
      schema: {
        tags: TAGS,
        summary: 'Sign in with the token of an access link',
        description: 'Answers with the cookie of a session. The token stays valid until it expires or is revoked.',
        body: z.strictObject({ token: z.string().min(1).max(512) }),
        response: { 200: sessionSchema }
      }
    }, async (request, reply) => {
      const holder = await signIn.holderOf(request.body.token)
      if (holder === null) {
        await refused(request, audit, 'token', 'unknown')
        throw new BorderflowError('SIGN_IN_FAILED', {
          expected: 'the token of an access that is in force',
          found: 'one that is unknown, expired or revoked',
          remedy: 'Ask an administrator for a new link.'
        })
      }
      if (holder.role === 'producer') {
        await refused(request, audit, 'token', holder.person)
        throw new BorderflowError('FORBIDDEN', {
          expected: 'the token of a person', found: 'producer', remedy: 'Send it as Authorization: Bearer instead.'
        })
      }
      const session = await beginSession(request, reply, holder, 'link', deps)
      return { name: session.person, role: session.role, expiresAt: new Date(session.expiresAtMs).toISOString() }
    })

    app.get('/v1/session', {
      config: { policy: ROLES },
      schema: { tags: TAGS, summary: 'Who I am', response: { 200: sessionSchema } }
    }, async request => {
      const { name, role, session } = request.principal!
      const secret = request.cookies[SESSION_COOKIE]
      const expiresAtMs = session === null
        ? (await signIn.holderOf(request.headers.authorization!.slice('Bearer '.length)))?.expiresAtMs ?? null
        : signIn.find(secret ?? '')?.expiresAtMs ?? null
      return { name, role, expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() }
    })

    app.delete('/v1/session', {
      config: { policy: ROLES },
      schema: { tags: TAGS, summary: 'Sign out', response: { 204: z.null() } }
    }, async (request, reply) => {
      const { name, role, session } = request.principal!
      clearCookie(reply, SESSION_COOKIE)
      if (session !== null) {
        await signIn.end(session)
        await audit.append({ person: name, role, action: 'session.end', target: session })
      }
      return await reply.code(204).send(null)
    })
  }
}

/** Opens a session for who has proved who they are, in place of the one they may have had, and hands out its cookie. */
export async function beginSession (
  request: FastifyRequest, reply: FastifyReply, holder: Holder, by: 'link' | 'openid', { signIn, audit }: SessionDeps
): Promise<SessionView> {
  const { secret, session } = await signIn.open(holder)
  try {
    await audit.append({
      person: holder.person,
      role: holder.role,
      action: 'session.create',
      target: session.id,
      detail: { by, address: request.ip, ...(holder.access === null ? {} : { access: holder.access }) }
    })
  } catch (error) {
    await signIn.end(session.id)
    throw error
  }
  const before = signIn.find(request.cookies[SESSION_COOKIE] ?? '')
  if (before !== null) await signIn.end(before.id)
  setSessionCookie(reply, secret)
  return session
}

/** Writes down a sign-in that failed. */
export async function refused (
  request: FastifyRequest, audit: AuditTrail, by: 'token' | 'openid', person: string, reason?: string
): Promise<void> {
  await audit.append({
    person,
    role: 'none',
    action: 'session.refuse',
    target: 'session',
    detail: { by, address: request.ip, ...(reason === undefined ? {} : { reason }) }
  })
}
