// Who asks: by bearer token or by session cookie. A cookie is sent by the browser unasked, so a request that changes
// something must come from our own page.
import type { FastifyRequest } from 'fastify'
import { BorderflowError } from '../../core/errors.ts'
import { SESSION_COOKIE } from './cookies.ts'
import type { Principal } from './policy.ts'
import type { SignIn } from './sign-in.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who asks; null for nobody. Throws FORBIDDEN for a request that another site made. */
export async function identify (request: FastifyRequest, signIn: SignIn): Promise<Principal | null> {
  const { authorization } = request.headers
  // Given on purpose: it alone counts, and no other site can send it.
  if (authorization !== undefined) {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1]
    const holder = token === undefined ? null : await signIn.holderOf(token)
    return holder === null ? null : { name: holder.person, role: holder.role, session: null, access: holder.access }
  }
  const secret = request.cookies[SESSION_COOKIE]
  if (!SAFE_METHODS.has(request.method)) refuseOtherSites(request, secret !== undefined)
  const session = secret === undefined ? null : signIn.find(secret)
  if (session === null) return null
  return { name: session.person, role: session.role, session: session.id, access: session.access }
}

/** With a cookie the request must prove where it is from; without one it must not be from elsewhere. */
function refuseOtherSites (request: FastifyRequest, withCookie: boolean): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const told = origin === undefined ? !withCookie : isOwn(origin, request)
  if (site === undefined ? told : site === 'same-origin') return
  throw new BorderflowError('FORBIDDEN', {
    expected: 'a request of the page of this address',
    found: site === undefined && origin === undefined ? 'one that does not tell its origin' : 'one of another site',
    remedy: 'Programs send a token as Authorization: Bearer instead of a cookie.'
  })
}

function isOwn (origin: string, { protocol, host }: FastifyRequest): boolean {
  return origin.toLowerCase() === `${protocol}://${host}`.toLowerCase()
}
