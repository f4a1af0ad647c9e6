// Signing in by OpenID Connect: authorization code with PKCE, state and nonce. What a sign-in needs to be finished
// stays here, under the secret of a short cookie, and is used once.
import { createHash, randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import type { Clock } from '../../core/clock.ts'
import { BorderflowError } from '../../core/errors.ts'
import { isRole, type Role } from '../../core/roles.ts'
import type { Holder } from './sign-in.ts'

export interface OpenIdConfig {
  issuer: string
  clientId: string
  clientSecret?: string
  scopes: string
  /** The claim that names the person; the subject where it is absent. */
  nameClaim: string
  /** The claim, a text or a list of texts, that names the role. */
  roleClaim: string
  /** Values of that claim with their role, the first that is there counts; without any, values are names of roles. */
  roles: readonly { value: string, role: Role }[]
}

export interface OpenId {
  /** Begins a sign-in. Throws PROVIDER_FAILED. */
  begin (redirectUri: string): Promise<{ url: URL, secret: string }>
  /**
   * Ends a sign-in with what the provider sent the browser back with.
   * Throws SIGN_IN_FAILED, FORBIDDEN for a person without a role of ours, PROVIDER_FAILED.
   */
  finish (secret: string, query: string): Promise<Holder>
}

/** How long a sign-in may take at the provider. */
export const OPENID_LIFE_SECONDS = 600
const PENDING_MAX = 1_000
const PROVIDER_TIMEOUT_SECONDS = 10
const NAME_MAX = 64

interface Pending { redirectUri: string, state: string, nonce: string, verifier: string, endsAtMs: number }

/** Signs in at one provider. It is asked at the first sign-in, so that it may be down when the service starts. */
export function createOpenId (config: OpenIdConfig, clock: Clock): OpenId {
  const pending = new Map<string, Pending>()
  let discovered: Promise<client.Configuration> | undefined

  async function provider (): Promise<client.Configuration> {
    discovered ??= discover(config)
    try {
      return await discovered
    } catch (error) {
      discovered = undefined
      throw providerFailed(error)
    }
  }

  return {
    async begin (redirectUri) {
      const found = await provider()
      const verifier = client.randomPKCECodeVerifier()
      const state = client.randomState()
      const nonce = client.randomNonce()
      const secret = randomBytes(32).toString('base64url')
      // The oldest goes, so that beginning over and over fills no memory.
      for (const key of [...pending.keys()].slice(0, Math.max(0, pending.size + 1 - PENDING_MAX))) pending.delete(key)
      const endsAtMs = clock.now() + OPENID_LIFE_SECONDS * 1000
      pending.set(digest(secret), { redirectUri, state, nonce, verifier, endsAtMs })
      const url = client.buildAuthorizationUrl(found, {
        redirect_uri: redirectUri,
        scope: config.scopes,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256'
      })
      return { url, secret }
    },
    async finish (secret, query) {
      const begun = pending.get(digest(secret))
      pending.delete(digest(secret))
      if (begun === undefined) throw failed('a sign-in that was begun in this browser', 'none, or one that was used before')
      if (begun.endsAtMs <= clock.now()) throw failed(`an answer within ${OPENID_LIFE_SECONDS / 60} minutes`, 'a later one')
      const url = new URL(begun.redirectUri)
      url.search = query
      return holderOf(config, await claimsOf(await provider(), url, begun, config))
    }
  }
}

async function discover ({ issuer, clientId, clientSecret }: OpenIdConfig): Promise<client.Configuration> {
  const server = new URL(issuer)
  // The settings allow http for a provider on this machine only.
  return await client.discovery(server, clientId, clientSecret, undefined, {
    timeout: PROVIDER_TIMEOUT_SECONDS,
    ...(server.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {})
  })
}

/** What the provider says of the person: the id token, and what only its user-info tells. */
async function claimsOf (
  provider: client.Configuration, url: URL, { state, nonce, verifier }: Pending, { nameClaim, roleClaim }: OpenIdConfig
): Promise<Record<string, unknown>> {
  try {
    const tokens = await client.authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true
    })
    const claims: Record<string, unknown> = { ...tokens.claims() }
    const isWhole = [nameClaim, roleClaim].every(name => name in claims)
    if (isWhole || provider.serverMetadata().userinfo_endpoint === undefined) return claims
    return { ...await client.fetchUserInfo(provider, tokens.access_token, String(claims.sub)), ...claims }
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
      throw failed('a sign-in that the provider confirms', /^[a-z_]{1,64}$/.test(error.error) ? error.error : 'a refusal', error)
    }
    const { code } = error as { code?: string }
    if (code === 'OAUTH_INVALID_RESPONSE' || code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED') {
      throw failed('an answer to the sign-in that was begun here', 'another one', error)
    }
    throw providerFailed(error)
  }
}

function holderOf ({ nameClaim, roleClaim, roles }: OpenIdConfig, claims: Record<string, unknown>): Holder {
  const named = claims[nameClaim]
  const person = (typeof named === 'string' && named !== '' ? named : String(claims.sub)).slice(0, NAME_MAX)
  // A name of the command line's own people is not to be had from outside.
  if (person.startsWith('local:')) throw failed('the name of a person', 'one that stands for a user of this machine')
  const values = [claims[roleClaim]].flat().filter(value => typeof value === 'string')
  const role = roles.length > 0
    ? roles.find(({ value }) => values.includes(value))?.role
    : values.find((value): value is Role => isRole(value))
  if (role !== undefined && role !== 'producer') return { access: null, person, role, expiresAtMs: null }
  throw new BorderflowError('FORBIDDEN', {
    expected: 'a role here', found: 'none at the provider', remedy: 'Ask an administrator for a role.'
  })
}

function failed (expected: string, found: string, cause?: unknown): BorderflowError {
  return new BorderflowError('SIGN_IN_FAILED', { expected, found, remedy: 'Begin again.', cause })
}

function providerFailed (cause: unknown): BorderflowError {
  return new BorderflowError('PROVIDER_FAILED', {
    expected: 'an OpenID Connect provider that answers',
    found: 'none, or one that answers otherwise',
    remedy: 'Try again later, or use an access link.',
    cause
  })
}

function digest (secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
