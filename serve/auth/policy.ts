// Who may ask what: every route declares `config: { policy }`. A server with a route that has none does not start, and
// what is not declared is denied.
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, RouteOptions } from 'fastify'
import { BorderflowError } from '../../core/errors.ts'
import type { Role } from '../../core/roles.ts'

export { PEOPLE, ROLES, type Role } from '../../core/roles.ts'

/** Everybody without signing in, or the holders of these roles. */
export type Policy = 'public' | readonly Role[]

/** Who asks. */
export interface Principal {
  /** The person, or for a producer the system. */
  name: string
  role: Role
  /** The id of the session (never its secret); null for a token that was sent as a bearer. */
  session: string | null
  /** The id of the access that the token belongs to; null for a sign-in by OpenID Connect. */
  access: string | null
}

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy
  }
  interface FastifyRequest {
    /** Who asks; null for nobody who is known. */
    principal: Principal | null
  }
  interface FastifyInstance {
    /** Every route with its policy, for tests and documents. */
    policies (): readonly RoutePolicy[]
    /**
     * Calls back when who asks is no longer signed in: for answers that go on, such as event streams. While it is
     * awaited, a session is in use. Returns the undo, to be called when the answer ends by itself.
     */
    onSessionEnd (of: Pick<Principal, 'session' | 'access'>, callback: () => void): () => void
  }
}

export interface RoutePolicy {
  method: string
  url: string
  policy: Policy
}

/**
 * Refuses what the policy of its route does not allow. To be called before any route is added.
 * @param identify who asks; must not throw for a token or cookie that is nobody's
 */
export function enforcePolicies (
  app: FastifyInstance, identify: (request: FastifyRequest) => Promise<Principal | null>
): void {
  const routes: RouteOptions[] = []
  app.decorateRequest('principal', null)
  app.decorate('policies', () => routes.flatMap(({ method, url, config }) =>
    [method].flat().map(each => ({ method: each, url, policy: config?.policy as Policy }))))
  // Looked at when all are there, for a plugin may give its routes their policy by a hook of its own (`withPolicy`).
  app.addHook('onRoute', route => { routes.push(route) })
  app.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => config?.policy === undefined)
    if (open.length === 0) return
    throw new Error(`routes without a policy: ${open.map(({ method, url }) => `${[method].flat().join('|')} ${url}`).join(', ')}`)
  })
  app.addHook('onRequest', async request => {
    if (request.is404) return
    request.principal = await identify(request)
    demand(request.routeOptions.config.policy, request.principal)
  })
}

/** Gives every route of a plugin that declares no policy this one: for plugins that are not ours. */
export function withPolicy (policy: Policy, plugin: FastifyPluginAsync): FastifyPluginAsync {
  return async app => {
    app.addHook('onRoute', route => { route.config = { policy, ...route.config } })
    await app.register(plugin)
  }
}

/** Throws SIGN_IN_NEEDED or FORBIDDEN unless the policy lets them. */
function demand (policy: Policy | undefined, principal: Principal | null): void {
  if (policy === 'public') return
  if (principal === null) {
    throw new BorderflowError('SIGN_IN_NEEDED', {
      expected: 'somebody who is signed in',
      found: 'nobody',
      remedy: 'Open an access link, or send a valid token as Authorization: Bearer.'
    })
  }
  if (policy?.includes(principal.role) === true) return
  throw new BorderflowError('FORBIDDEN', {
    expected: `the role ${policy?.join(' or ') ?? 'of a route that is open to somebody'}`,
    found: principal.role,
    remedy: 'Ask an administrator for an access with that role.'
  })
}
