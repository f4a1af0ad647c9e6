// Signing in by OpenID Connect at a real provider, in a process of its own on the loopback address.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { packageFile } from '../../../core/package-root.ts'
import { createOpenId, OPENID_LIFE_SECONDS } from '../../../serve/auth/openid.ts'
import { freePorts } from '../../support/free-port.ts'
import { testServer, type TestServer } from '../support.ts'

const HOST = '127.0.0.1:8080'
const REDIRECT = `http://${HOST}/v1/sign-in/openid/callback`
const CONFIG = {
  clientId: 'borderflow', clientSecret: 'a secret of the test', scopes: 'openid profile', nameClaim: 'preferred_username', roleClaim: 'roles', roles: []
}

let provider: ChildProcess
let issuer = ''

async function startProvider (port = 0): Promise<{ child: ChildProcess, issuer: string }> {
  const child = spawn(process.execPath, [packageFile('test/support/openid-provider.mjs'), REDIRECT, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const [line] = await once(child.stdout!, 'data') as [Buffer]
  return { child, issuer: line.toString().trim() }
}

beforeAll(async () => {
  const started = await startProvider()
  provider = started.child
  issuer = started.issuer
})

afterAll(() => { provider.kill('SIGKILL') })

async function server (config: object = {}): Promise<TestServer> {
  return await testServer({ openId: clock => createOpenId({ ...CONFIG, issuer, ...config }, clock) })
}

/** Begins a sign-in: where the browser is sent, and the cookie it keeps. */
async function begin ({ server }: TestServer): Promise<{ url: string, cookie: string }> {
  const answer = await server.inject({ url: '/v1/sign-in/openid', headers: { host: HOST } })
  expect(answer.statusCode).toBe(303)
  const [cookie] = answer.cookies
  expect(cookie).toMatchObject({ name: '__Host-borderflow-openid', path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: OPENID_LIFE_SECONDS })
  return { url: answer.headers.location as string, cookie: `${cookie!.name}=${cookie!.value}` }
}

/** What a person does at the provider: signs in and agrees. Returns the address they are sent back to. */
async function atProvider (start: string, login: string): Promise<string> {
  const jar = new Map<string, string>()
  let url = start
  let form: string | null = null
  for (let step = 0; step < 20; step++) {
    if (url.startsWith(REDIRECT)) return url
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' })
      },
      ...(form === null ? {} : { method: 'POST', body: form })
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const location = answer.headers.get('location')
    const text = await answer.text()
    const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1]
    form = location !== null || action === undefined
      ? null
      : new URLSearchParams(text.includes('name="login"') ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' }).toString()
    url = new URL(location ?? action ?? 'about:blank', url).href
  }
  throw new Error(`did not come back: ${url}`)
}

async function back ({ server }: TestServer, url: string, cookie: string, accept = 'application/json'): Promise<Awaited<ReturnType<TestServer['server']['inject']>>> {
  const { pathname, search } = new URL(url)
  return await server.inject({ url: `${pathname}${search}`, headers: { host: HOST, cookie, accept } })
}

describe('signing in by OpenID Connect', () => {
  it('opens a session with the name and the role that the provider tells', async () => {
    const test = await server()
    expect((await test.server.inject('/v1/sign-in')).json()).toEqual({ link: true, openid: '/v1/sign-in/openid' })
    const { url, cookie } = await begin(test)
    const asked = new URL(url)
    expect(asked.origin).toBe(issuer)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code', client_id: 'borderflow', redirect_uri: REDIRECT, scope: 'openid profile', code_challenge_method: 'S256', state: expect.stringMatching(/.{20}/), nonce: expect.stringMatching(/.{20}/), code_challenge: expect.stringMatching(/.{43}/)
    })
    const answer = await back(test, await atProvider(url, 'dara.statistician'), cookie, 'text/html')
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/'])
    const session = answer.cookies.find(({ name }) => name === '__Host-borderflow')
    expect(session).toMatchObject({ sameSite: 'Strict', httpOnly: true, secure: true })
    expect(answer.cookies.find(({ name }) => name === '__Host-borderflow-openid')).toMatchObject({ value: '' })
    const who = await test.server.inject({ url: '/v1/session', headers: { cookie: `__Host-borderflow=${session!.value}` } })
    expect(who.json()).toMatchObject({ name: 'dara', role: 'statistician' })
    expect((await test.audited()).at(-1)).toMatchObject({ person: 'dara', role: 'statistician', action: 'session.create', detail: { by: 'openid' } })
  })

  it('maps values of the claim to roles as the settings say, the first that fits', async () => {
    const test = await server({ roles: [{ value: 'border-chief', role: 'administrator' }, { value: 'desk', role: 'operator' }] })
    for (const [login, role] of [['a.desk.border-chief', 'administrator'], ['b.other.desk', 'operator']] as const) {
      const { url, cookie } = await begin(test)
      expect((await back(test, await atProvider(url, login), cookie)).statusCode).toBe(303)
      expect((await test.audited()).at(-1)).toMatchObject({ role })
    }
  })

  it.each(['vanna.janitor', 'vanna', 'vanna.producer'])('refuses who has no role of a person here: %s', async login => {
    const test = await server()
    const { url, cookie } = await begin(test)
    const answer = await back(test, await atProvider(url, login), cookie)
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'FORBIDDEN'])
    expect(answer.cookies.some(({ name }) => name === '__Host-borderflow')).toBe(false)
    expect((await test.audited()).at(-1)).toMatchObject({ person: 'unknown', action: 'session.refuse', detail: { by: 'openid', reason: 'FORBIDDEN' } })
  })

  it('refuses an answer that comes twice, late, to another browser, or with another state or code', async () => {
    const test = await server()
    const { url, cookie } = await begin(test)
    const answered = await atProvider(url, 'dara.operator')
    expect((await back(test, answered, cookie)).statusCode).toBe(303)
    expect((await back(test, answered, cookie)).json()).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' })

    const wrong: [string, (answered: string, cookie: string) => Promise<[string, string]>][] = [
      ['late', async (...given) => { test.clock.set(test.clock.now() + OPENID_LIFE_SECONDS * 1000); return given }],
      ['another browser', async answered => [answered, '__Host-borderflow-openid=x']],
      ['no cookie', async answered => [answered, 'a=b']],
      ['another state', async (answered, cookie) => [answered.replace(/state=[^&]+/, 'state=x'), cookie]],
      ['no state', async (answered, cookie) => [answered.replace(/state=[^&]+/, ''), cookie]],
      ['another issuer', async (answered, cookie) => [answered.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'), cookie]],
      ['another code', async (answered, cookie) => [answered.replace(/code=[^&]+/, 'code=x'), cookie]],
      ['another sign-in of this browser', async answered => [answered, (await begin(test)).cookie]],
      ['a refusal of the provider', async (answered, cookie) => [answered.replace(/code=[^&]+/, 'error=access_denied'), cookie]]
    ]
    for (const [what, change] of wrong) {
      const begun = await begin(test)
      const answer = await back(test, ...await change(await atProvider(begun.url, 'dara.operator'), begun.cookie))
      expect([answer.statusCode, answer.json<{ code: string }>().code], what).toEqual([401, 'SIGN_IN_FAILED'])
      expect(answer.cookies.some(({ name }) => name === '__Host-borderflow'), what).toBe(false)
    }
  }, 120_000)

  it('sends a browser to the page with the reason, and a program the problem', async () => {
    const test = await server()
    const answer = await back(test, `${REDIRECT}?code=x&state=y`, 'a=b', 'text/html,*/*')
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/#sign-in-failed=SIGN_IN_FAILED'])
  })

  it('says so while the provider is down, when links go on working, and works when it is back', async () => {
    const [port = 0] = await freePorts(1)
    const test = await server({ issuer: `http://127.0.0.1:${port}` })
    for (let time = 0; time < 2; time++) {
      const answer = await test.server.inject({ url: '/v1/sign-in/openid', headers: { host: HOST } })
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([502, 'PROVIDER_FAILED'])
      expect(answer.body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
    }
    const browser = await test.server.inject({ url: '/v1/sign-in/openid', headers: { host: HOST, accept: 'text/html' } })
    expect(browser.headers.location).toBe('/#sign-in-failed=PROVIDER_FAILED')
    expect(await test.signIn(await test.token('operator'))).toMatch(/^__Host-borderflow=/)
    const { child } = await startProvider(port)
    onTestFinished(() => { child.kill('SIGKILL') })
    const { url, cookie } = await begin(test)
    expect((await back(test, await atProvider(url, 'dara.operator'), cookie)).statusCode).toBe(303)
  })

  it('refuses a client secret that the provider does not know', async () => {
    const test = await server({ clientSecret: 'another' })
    const { url, cookie } = await begin(test)
    const answer = await back(test, await atProvider(url, 'dara.operator'), cookie)
    expect([answer.statusCode, answer.cookies.some(({ name }) => name === '__Host-borderflow')]).toEqual([401, false])
  })

  it('is not there unless it is set up', async () => {
    const { server } = await testServer()
    expect((await server.inject('/v1/sign-in')).json()).toEqual({ link: true, openid: null })
    expect((await server.inject('/v1/sign-in/openid')).statusCode).toBe(404)
  })
})
