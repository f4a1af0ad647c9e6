// The guard itself: a server with an open route does not start, and what is denied says how.
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { enforcePolicies, type Policy, type Principal, withPolicy } from '../../../serve/auth/policy.ts'
import { testServer } from '../support.ts'

const OPERATOR: Principal = { name: 'a', role: 'operator', session: null, access: null }

function guarded (principal: Principal | null): FastifyInstance {
  const app = Fastify()
  onTestFinished(async () => { await app.close() })
  enforcePolicies(app, async () => principal)
  return app
}

const route = (policy?: Policy): FastifyPluginAsync => async app => {
  app.get('/x', policy === undefined ? {} : { config: { policy } }, async request => request.principal?.name ?? 'nobody')
}

describe('a server', () => {
  it('does not start with a route that has no policy, and names it', async () => {
    const app = guarded(OPERATOR)
    await app.register(route())
    await expect(app.ready()).rejects.toThrow(/without a policy: GET \/x/)
  })

  it('of the service does not start with one either', async () => {
    const { server } = await testServer({ plugins: [route()] })
    await expect(server.ready()).rejects.toThrow(/without a policy/)
  })

  it('gives a plugin of others the policy it is registered with, and no stricter one away', async () => {
    const app = guarded(OPERATOR)
    await app.register(withPolicy('public', async scope => { await scope.register(route(['auditor']), { prefix: '/a' }) }))
    await app.register(withPolicy(['operator'], route()))
    await app.ready()
    expect(app.policies().filter(({ method }) => method === 'GET')).toEqual([
      { method: 'GET', url: '/a/x', policy: ['auditor'] }, { method: 'GET', url: '/x', policy: ['operator'] }
    ])
  })

  it('lets through whom the policy names, nobody else, and everybody where it is public', async () => {
    const ask = async (policy: Policy, principal: Principal | null): Promise<number> => {
      const app = guarded(principal)
      app.setErrorHandler(async (error: { code: string }, _request, reply) =>
        await reply.code(error.code === 'SIGN_IN_NEEDED' ? 401 : 403).send())
      await app.register(route(policy))
      return (await app.inject('/x')).statusCode
    }
    expect(await ask('public', null)).toBe(200)
    expect(await ask(['operator'], null)).toBe(401)
    expect(await ask(['auditor'], OPERATOR)).toBe(403)
    expect(await ask(['auditor', 'operator'], OPERATOR)).toBe(200)
    expect(await ask([], OPERATOR)).toBe(403)
  })

  it('says what is missing as a problem', async () => {
    const { server, token } = await testServer({ plugins: [route(['statistician', 'tracing'])] })
    const nobody = await server.inject('/x')
    expect([nobody.statusCode, nobody.headers['content-type'], nobody.headers['www-authenticate']])
      .toEqual([401, 'application/problem+json', 'Bearer'])
    expect(nobody.json()).toMatchObject({ type: 'urn:borderflow:problem:sign-in-needed', status: 401, code: 'SIGN_IN_NEEDED' })
    const wrong = await server.inject({ url: '/x', headers: { authorization: `Bearer ${await token('policy')}` } })
    expect(wrong.json()).toMatchObject({ status: 403, code: 'FORBIDDEN', expected: 'the role statistician or tracing', found: 'policy' })
  })
})
