// Sessions over HTTP: signing in by a link's token, being somebody, signing out, and all the ways it ends.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ROLES } from '../../../core/roles.ts'
import { listAccess, revokeAccess } from '../../../sinks/control/access.ts'
import { controlFile } from '../../../sinks/control/control.ts'
import { ABSOLUTE_MS, IDLE_MS, START_MS, testServer, type TestServer } from '../support.ts'

async function me ({ server }: TestServer, cookie: string): Promise<number> {
  return (await server.inject({ url: '/v1/session', headers: { cookie } })).statusCode
}

describe('signing in with a link', () => {
  it('gives a cookie that no script, no other site and no other host can have, and tells who one is', async () => {
    const test = await testServer()
    const token = await test.token('operator')
    const answer = await test.server.inject({ method: 'POST', url: '/v1/session', payload: { token } })
    expect([answer.statusCode, answer.json()]).toEqual([200, { name: 'a operator', role: 'operator', expiresAt: new Date(START_MS + ABSOLUTE_MS).toISOString() }])
    const [cookie] = answer.cookies
    expect(cookie).toEqual({ name: '__Host-borderflow', value: expect.stringMatching(/^[\w-]{43}$/), path: '/', secure: true, httpOnly: true, sameSite: 'Strict' })
    expect(answer.headers['cache-control']).toBe('no-store')
    const who = await test.server.inject({ url: '/v1/session', headers: { cookie: `${cookie!.name}=${cookie!.value}` } })
    expect(who.json()).toEqual(answer.json())
  })

  it.each(ROLES)('is for people: %s', async role => {
    const { server, token } = await testServer()
    const answer = await server.inject({ method: 'POST', url: '/v1/session', payload: { token: await token(role) } })
    expect(answer.statusCode).toBe(role === 'producer' ? 403 : 200)
    expect(answer.cookies).toHaveLength(role === 'producer' ? 0 : 1)
  })

  it('refuses tokens that are unknown, expired, revoked or none', async () => {
    const test = await testServer()
    const expired = await test.token('operator', START_MS + 1000)
    const revoked = await test.token('operator')
    const ids = await listAccess(test.control)
    await revokeAccess(test.control, ids.find(access => access.expiresAtMs === null)!.id, START_MS)
    test.clock.set(START_MS + 1000)
    for (const token of [expired, revoked, 'bf_x', 'x'.repeat(512)]) {
      const answer = await test.server.inject({ method: 'POST', url: '/v1/session', payload: { token } })
      expect([answer.statusCode, answer.json<{ code: string }>().code, answer.cookies]).toEqual([401, 'SIGN_IN_FAILED', []])
      expect(answer.body).not.toContain(token)
    }
    const wrong = [{}, { token: 1 }, { token: '' }, { token: 'x'.repeat(513) }, { token: 'x', more: 1 }, [], 'x']
    for (const payload of wrong) {
      const answer = await test.server.inject({ method: 'POST', url: '/v1/session', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'REQUEST_INVALID'])
      expect(answer.json<{ errors: { path: string }[] }>().errors[0]!.path).toMatch(/^body/)
    }
  })

  it('is limited by address, and says for how long', async () => {
    const { server } = await testServer()
    const statuses: number[] = []
    for (let attempt = 0; attempt < 21; attempt++) {
      statuses.push((await server.inject({ method: 'POST', url: '/v1/session', payload: { token: 'guess' } })).statusCode)
    }
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429])
    const answer = await server.inject({ method: 'POST', url: '/v1/session', payload: { token: 'guess' } })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
    const elsewhere = await server.inject({ method: 'POST', url: '/v1/session', payload: { token: 'guess' }, remoteAddress: '127.0.0.2' })
    expect(elsewhere.statusCode).toBe(401)
  })

  it('anew takes the place of the session before', async () => {
    const test = await testServer()
    const token = await test.token('operator')
    const first = await test.signIn(token)
    await test.server.inject({ method: 'POST', url: '/v1/session', headers: { cookie: first, 'sec-fetch-site': 'same-origin' }, payload: { token } })
    expect(await me(test, first)).toBe(401)
  })

  it('stores neither token nor cookie', async () => {
    const test = await testServer()
    const token = await test.token('operator')
    const cookie = await test.signIn(token)
    await test.control.close()
    const file = readFileSync(controlFile(test.folder), 'latin1')
    for (const secret of [token.slice(3), cookie.split('=')[1]!]) expect(file.includes(secret)).toBe(false)
    expect(readFileSync(test.audit.file, 'utf8')).not.toContain(token.slice(3))
  })
})

describe('a session', () => {
  it('ends when it is not used, and not while it is', async () => {
    const test = await testServer()
    const cookie = await test.signIn(await test.token('operator'))
    for (let step = 1; step <= 3; step++) {
      test.clock.set(START_MS + step * (IDLE_MS - 1))
      expect(await me(test, cookie)).toBe(200)
    }
    test.clock.set(test.clock.now() + IDLE_MS)
    expect(await me(test, cookie)).toBe(401)
  })

  it('ends at its time however much it is used, and with its access before that', async () => {
    const test = await testServer()
    const long = await test.signIn(await test.token('operator'))
    const short = await test.signIn(await test.token('operator', START_MS + 2 * IDLE_MS))
    let shortEnded = 0
    for (let at = START_MS; at < START_MS + ABSOLUTE_MS; at += IDLE_MS - 1) {
      test.clock.set(at)
      expect(await me(test, long)).toBe(200)
      if (shortEnded === 0 && await me(test, short) === 401) shortEnded = at
    }
    expect(shortEnded - START_MS).toBeGreaterThanOrEqual(2 * IDLE_MS)
    expect(shortEnded - START_MS).toBeLessThan(4 * IDLE_MS)
    test.clock.set(START_MS + ABSOLUTE_MS)
    expect(await me(test, long)).toBe(401)
  })

  it('ends at once with its access, and with it whatever goes on', async () => {
    const test = await testServer()
    const cookie = await test.signIn(await test.token('operator'))
    const [access] = await listAccess(test.control)
    const session = test.sessions.find(cookie.split('=')[1]!)!
    const ended: string[] = []
    test.server.onSessionEnd({ session: session.id, access: access!.id }, () => { ended.push('stream') })
    test.server.onSessionEnd({ session: null, access: access!.id }, () => { ended.push('stream of a bearer') })
    test.server.onSessionEnd({ session: session.id, access: null }, () => { ended.push('undone') })()
    await revokeAccess(test.control, access!.id, START_MS)
    await test.sessions.endOfAccess(access!.id)
    expect(ended).toEqual(['stream', 'stream of a bearer'])
    expect(await me(test, cookie)).toBe(401)
  })

  it('is ended by signing out, which takes the cookie back', async () => {
    const test = await testServer()
    const cookie = await test.signIn(await test.token('auditor'))
    const answer = await test.server.inject({ method: 'DELETE', url: '/v1/session', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(answer.headers['set-cookie']).toMatch(/^__Host-borderflow=; .*Path=\/; Expires=Thu, 01 Jan 1970/)
    expect(await me(test, cookie)).toBe(401)
    expect((await test.audited()).map(({ action }) => action)).toEqual(['audit.begin', 'session.create', 'session.end'])
  })

  it('is in use while a stream is open on it, until its time', async () => {
    const test = await testServer()
    const cookie = await test.signIn(await test.token('operator'))
    let ended = 0
    const { id } = test.sessions.find(cookie.split('=')[1]!)!
    test.server.onSessionEnd({ session: id, access: null }, () => { ended = test.clock.now() })
    for (let at = START_MS; at <= START_MS + ABSOLUTE_MS; at += IDLE_MS / 2) {
      test.clock.set(at)
      await test.sessions.sweep()
    }
    expect(ended).toBe(START_MS + ABSOLUTE_MS)
  })
})

describe('who did it', () => {
  it('is written down: signing in, failing to, and where from', async () => {
    const test = await testServer()
    await test.signIn(await test.token('tracing'))
    await test.server.inject({ method: 'POST', url: '/v1/session', payload: { token: 'guess' } })
    await test.server.inject({ method: 'POST', url: '/v1/session', payload: { token: await test.token('producer') } })
    const entries = await test.audited()
    const told = entries.slice(1).map(({ person, role, action, detail }) =>
      [person, role, action, detail?.by, detail?.address])
    expect(told).toEqual([
      ['a tracing', 'tracing', 'session.create', 'link', '127.0.0.1'],
      ['unknown', 'none', 'session.refuse', 'token', '127.0.0.1'],
      ['a producer', 'none', 'session.refuse', 'token', '127.0.0.1']
    ])
  })

  it('must be written down: nobody is signed in while the log cannot be written', async () => {
    const test = await testServer()
    const token = await test.token('operator')
    await test.audit.close()
    const answer = await test.server.inject({ method: 'POST', url: '/v1/session', payload: { token } })
    expect([answer.statusCode, answer.json<{ code: string }>().code, answer.cookies]).toEqual([503, 'AUDIT_FAILED', []])
  })
})
