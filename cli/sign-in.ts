// Signing in, put together for the server: tokens and sessions of the control file, and the provider of the settings.
import type { Clock } from '../core/clock.ts'
import { isRole, type Role } from '../core/roles.ts'
import type { Settings } from '../core/settings/index.ts'
import { createOpenId, type OpenId } from '../serve/auth/openid.ts'
import type { SignIn } from '../serve/auth/sign-in.ts'
import { holderOf } from '../sinks/control/access.ts'
import type { Runtime } from './runtime.ts'

/** What the server knows of tokens and sessions. */
export function signInOf ({ control, sessions, clock }: Pick<Runtime, 'control' | 'sessions' | 'clock'>): SignIn {
  return {
    async holderOf (token) {
      const access = await holderOf(control, token, clock.now())
      if (access === null) return null
      return { access: access.id, person: access.name, role: access.role, expiresAtMs: access.expiresAtMs }
    },
    open: async holder => await sessions.open(holder),
    find: secret => sessions.find(secret),
    end: async id => { await sessions.end(id) },
    onEnd: (of, callback) => sessions.onEnd(of, callback),
    sweep: async () => { await sessions.sweep() }
  }
}

/** The OpenID Connect provider of the settings; null without one. */
export function openIdOf ({ auth }: Settings, clock: Clock): OpenId | null {
  if (auth.openidIssuer === undefined || auth.openidClientId === undefined) return null
  return createOpenId({
    issuer: auth.openidIssuer,
    clientId: auth.openidClientId,
    clientSecret: auth.openidClientSecret,
    scopes: auth.openidScopes,
    nameClaim: auth.openidNameClaim,
    roleClaim: auth.openidRoleClaim,
    roles: auth.openidRoles.flatMap(mapped)
  }, clock)
}

/** `value=role`; the value may hold an equals sign itself. */
function mapped (pair: string): { value: string, role: Role }[] {
  const at = pair.lastIndexOf('=')
  const role = pair.slice(at + 1)
  return isRole(role) ? [{ value: pair.slice(0, at), role }] : []
}
