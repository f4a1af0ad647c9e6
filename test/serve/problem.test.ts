// Errors as those who ask see them: what they can act on, and nothing of the inside.
import type { FastifyPluginAsync } from 'fastify'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { BorderflowError } from '../../core/errors.ts'
import { testServer } from './support.ts'

const INSIDE = 'duplicate key "id: N01234567" in /var/lib/borderflow/warehouse.duckdb'

const failing: FastifyPluginAsync = async app => {
  const config = { policy: 'public' } as const
  app.get('/ours', { config }, async () => {
    throw new BorderflowError('QUERY_INVALID', { expected: 'a date', found: 'x', where: 'from', remedy: 'See the table.' })
  })
  app.get('/busy', { config }, async () => {
    throw new BorderflowError('DISK_FULL', { expected: 'room', found: INSIDE, where: INSIDE, remedy: 'Make room.' })
  })
  app.get('/inside', { config }, async () => {
    throw new BorderflowError('DATABASE_FAILED', { expected: 'an answer', found: INSIDE, where: INSIDE, remedy: INSIDE })
  })
  app.get('/defect', { config }, async () => { throw new Error(INSIDE) })
  app.get('/odd', { config }, async () => { throw Object.assign(new Error(INSIDE), { statusCode: 799 }) })
  app.get('/checked', {
    config, schema: { querystring: z.strictObject({ day: z.iso.date(), limit: z.coerce.number().max(10).optional() }) }
  }, async () => ({}))
}

async function ask (url: string): Promise<{ status: number, body: Record<string, unknown>, type: unknown }> {
  const { server } = await testServer({ plugins: [failing] })
  const answer = await server.inject(url)
  expect(answer.body).not.toContain('N01234567')
  expect(answer.body).not.toMatch(/\.ts|at \w+ \(|duckdb/)
  return { status: answer.statusCode, body: answer.json(), type: answer.headers['content-type'] }
}

describe('an error', () => {
  it('of the asker tells code, what was expected and found, where, and what to do', async () => {
    expect(await ask('/ours')).toEqual({
      status: 400,
      type: 'application/problem+json',
      body: { type: 'urn:borderflow:problem:query-invalid', title: 'The request is not valid', status: 400, code: 'QUERY_INVALID', expected: 'a date', found: 'x', where: 'from', remedy: 'See the table.' }
    })
  })

  it('that passes tells what to do, and nothing of where', async () => {
    expect((await ask('/busy')).body).toEqual({ type: 'urn:borderflow:problem:disk-full', title: 'No room', status: 507, code: 'DISK_FULL', remedy: 'Make room.' })
  })

  it.each(['/inside', '/defect', '/odd'])('of the inside tells nothing of it: %s', async url => {
    const { status, body } = await ask(url)
    expect([status, body.title, 'found' in body, 'remedy' in body]).toEqual([500, 'The request failed', false, false])
  })

  it('in a request tells each fault by its path, and no value', async () => {
    const { status, body } = await ask('/checked?day=N01234567&limit=99')
    expect([status, body.code]).toEqual([400, 'REQUEST_INVALID'])
    expect((body.errors as { path: string }[]).map(({ path }) => path)).toEqual(['querystring/day', 'querystring/limit'])
  })

  it('of an address that does not exist is a problem as well', async () => {
    expect((await ask('/none')).body).toEqual({ type: 'about:blank', title: 'Not found', status: 404 })
  })
})

describe('the headers', () => {
  it('let a page have its own files only, on errors too', async () => {
    const { server } = await testServer({ plugins: [failing] })
    for (const url of ['/health', '/none', '/defect', '/v1/session']) {
      const { headers } = await server.inject(url)
      expect(headers['content-security-policy'], url).toBe("default-src 'none';script-src 'self';style-src 'self';img-src 'self' data: blob:;font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'")
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' })
      expect(headers['strict-transport-security'], url).toBeUndefined()
    }
  })

  it('and metrics are for whom the settings say', async () => {
    const test = await testServer({ env: { BORDERFLOW_HTTP_METRICS_PUBLIC: 'false' } })
    const as = async (token: string): Promise<number> => (await test.server.inject({ url: '/metrics', headers: { authorization: `Bearer ${token}` } })).statusCode
    expect((await test.server.inject('/metrics')).statusCode).toBe(401)
    expect([await as(await test.token('administrator')), await as(await test.token('policy'))]).toEqual([200, 403])
  })
})
