// What other sites make a browser send: refused where a cookie would go along.
import type { FastifyPluginAsync } from 'fastify'
import { describe, expect, it } from 'vitest'
import { testServer } from '../support.ts'

const changing: FastifyPluginAsync = async app => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    app.route({ method, url: '/change', config: { policy: ['operator'] }, handler: async () => ({ done: true }) })
  }
  app.get('/change', { config: { policy: ['operator'] } }, async () => ({ read: true }))
}

const CASES: [string, Record<string, string>, number][] = [
  ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8080' }, 200],
  ['our own page of an old browser', { origin: 'http://127.0.0.1:8080' }, 200],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9090' }, 403],
  ['another site of an old browser', { origin: 'https://evil.example' }, 403],
  ['the same host over another protocol', { origin: 'https://127.0.0.1:8080' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['a link that was typed', { 'sec-fetch-site': 'none' }, 403],
  ['something that does not tell', {}, 403],
  ['an origin that looks alike', { origin: 'http://127.0.0.1:8080.evil.example' }, 403]
]

describe('a change with a cookie', () => {
  it.each(CASES)('from %s', async (_from, headers, expected) => {
    const test = await testServer({ plugins: [changing] })
    const cookie = await test.signIn(await test.token('operator'))
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const answer = await test.server.inject({ method, url: '/change', headers: { host: '127.0.0.1:8080', cookie, ...headers } })
      expect(answer.statusCode, method).toBe(expected)
    }
    expect((await test.server.inject({ url: '/change', headers: { host: '127.0.0.1:8080', cookie, ...headers } })).statusCode).toBe(200)
  })

  it('needs no proof with a token, which no other site has', async () => {
    const { server, token } = await testServer({ plugins: [changing] })
    const answer = await server.inject({ method: 'POST', url: '/change', headers: { authorization: `Bearer ${await token('operator')}` } })
    expect(answer.statusCode).toBe(200)
  })

  it('is not let through by a wrong token beside a good cookie', async () => {
    const test = await testServer({ plugins: [changing] })
    const cookie = await test.signIn(await test.token('operator'))
    for (const authorization of ['Bearer x', 'Basic eDp5', '']) {
      const answer = await test.server.inject({ method: 'POST', url: '/change', headers: { authorization, cookie, 'sec-fetch-site': 'same-origin' } })
      expect(answer.statusCode, authorization).toBe(401)
    }
  })

  it('is told apart by the address that a trusted proxy names, and by no other\'s', async () => {
    const headers = { host: '127.0.0.1:8080', 'x-forwarded-host': 'border.example', 'x-forwarded-proto': 'https', origin: 'https://border.example' }
    for (const [remoteAddress, expected] of [['10.0.0.1', 200], ['10.0.0.2', 403]] as const) {
      const test = await testServer({ plugins: [changing], env: { BORDERFLOW_HTTP_TRUSTED_PROXIES: '10.0.0.1' } })
      const cookie = await test.signIn(await test.token('operator'))
      const answer = await test.server.inject({ method: 'POST', url: '/change', remoteAddress, headers: { ...headers, cookie } })
      expect(answer.statusCode, remoteAddress).toBe(expected)
    }
  })
})

describe('signing in', () => {
  it('cannot be done to somebody by another site', async () => {
    const { server, token } = await testServer()
    const payload = { token: await token('operator') }
    const answer = await server.inject({ method: 'POST', url: '/v1/session', payload, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } })
    expect([answer.statusCode, answer.cookies]).toEqual([403, []])
  })
})
