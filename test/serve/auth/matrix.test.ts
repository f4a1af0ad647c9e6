// Every route of the whole service × every role × every method: each answers exactly as its policy says.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../core/clock.ts'
import { silentLog } from '../../../core/log.ts'
import { type Role, ROLES } from '../../../core/roles.ts'
import { loadSettings } from '../../../core/settings/index.ts'
import { type Service, startService } from '../../../main.ts'
import type { RoutePolicy } from '../../../serve/auth/policy.ts'
import { createAccess } from '../../../sinks/control/access.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** A stream never ends by itself: its status is enough. */
const ANSWER_MS_MAX = 60_000

let folder: string
let service: Service
let app: FastifyInstance
const tokens = new Map<Role, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'borderflow-matrix-'))
  service = await startService(
    loadSettings({}, { data: { folder: join(folder, 'data') }, http: { port: 0 } }),
    { clock: systemClock, log: silentLog() },
    { plugins: () => [async instance => { app = instance }] })
  for (const role of ROLES) {
    const access = { name: role, role, expiresAtMs: null }
    const { token } = await createAccess(service.runtime.control, access, systemClock.now())
    tokens.set(role, token)
  }
})

afterAll(async () => {
  service.stop()
  await service.finished
  await rm(folder, { recursive: true, force: true })
})

async function statusOf (method: string, url: string, token: string | null): Promise<number> {
  const ended = new AbortController()
  const timer = setTimeout(() => { ended.abort() }, ANSWER_MS_MAX)
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method)
  try {
    const answer = await fetch(`${service.address}${url.replaceAll(/:\w+|\*/g, 'x')}`, {
      method,
      redirect: 'manual',
      signal: ended.signal,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(hasBody ? { 'content-type': 'application/json' } : {})
      },
      ...(hasBody ? { body: '{}' } : {})
    })
    // The status is here; a body that goes on is let go.
    await answer.body?.cancel()
    return answer.status
  } finally {
    clearTimeout(timer)
  }
}

/** What the guard says; null where it lets a request through, whatever the route makes of it. */
function refusal (route: RoutePolicy, role: Role | null): number | null {
  if (route.policy === 'public') return null
  if (role === null) return 401
  return route.policy.includes(role) ? null : 403
}

describe('every route', () => {
  it('has a policy, and the ones of old are there', () => {
    const routes = app.policies()
    expect(routes.filter(({ policy }) => policy === undefined)).toEqual([])
    expect(routes.map(({ method, url }) => `${method} ${url}`)).toEqual(expect.arrayContaining([
      'GET /health', 'GET /ready', 'GET /metrics', 'POST /v1/session', 'GET /v1/session', 'DELETE /v1/session', 'POST /v1/events',
      'GET /v1/receipts/:id', 'GET /v1/sign-in', 'GET /v1/access', 'POST /v1/access', 'DELETE /v1/access/:id', 'GET /v1/audit'
    ]))
    for (const { url, policy } of routes.filter(({ policy }) => policy !== 'public')) {
      expect((policy as Role[]).length, url).toBeGreaterThan(0)
    }
  })

  it('answers each role, and nobody, exactly as its policy says', { timeout: 240_000 }, async () => {
    const wrong: string[] = []
    let asked = 0
    for (const route of app.policies()) {
      for (const role of [null, ...ROLES]) {
        const status = await statusOf(route.method, route.url, role === null ? null : tokens.get(role)!)
        const expected = refusal(route, role)
        asked++
        if (expected === null ? [401, 403].includes(status) : status !== expected) {
          wrong.push(`${role ?? 'nobody'}: ${route.method} ${route.url} ${status}, expected ${expected ?? 'to be let through'}`)
        }
      }
    }
    expect(wrong).toEqual([])
    expect(asked).toBe(app.policies().length * (ROLES.length + 1))
  })

  it('is not there by a method that was not declared, whoever asks', { timeout: 240_000 }, async () => {
    const declared = app.policies()
    const wrong: string[] = []
    for (const url of new Set(declared.map(route => route.url))) {
      for (const method of METHODS) {
        // An address may also be one of another route's: `/v1/quarantine/replay` is read as an entry named replay.
        if (declared.some(route => route.method === method && matches(route.url, url))) continue
        for (const token of [null, tokens.get('statistician')!]) {
          const status = await statusOf(method, url, token)
          if (status !== 404) wrong.push(`${method} ${url} ${status}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('that nobody declared is unknown to every role', async () => {
    for (const token of [null, ...tokens.values()]) expect(await statusOf('GET', '/v1/none-such', token)).toBe(404)
  })

  it('takes a token that is nobody\'s for nobody', async () => {
    for (const token of ['x', 'bf_', tokens.get('operator')!.slice(0, -1)]) expect(await statusOf('GET', '/v1/session', token)).toBe(401)
  })
})

/** True if a request for `url` is one for the route `pattern`, of which `:name` is a part and `*` any rest. */
function matches (pattern: string, url: string): boolean {
  return new RegExp(`^${pattern.replace(/\/$/, '').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}/?$`).test(url)
}
