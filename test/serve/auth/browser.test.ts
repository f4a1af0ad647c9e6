// The cookie in real Chromium, on the loopback address without TLS: kept, hidden from scripts, and not sent for others.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyPluginAsync } from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { testServer } from '../support.ts'

const pages: FastifyPluginAsync = async app => {
  app.get('/', { config: { policy: 'public' } }, async (_request, reply) => await reply.type('text/html').send('<!doctype html><title>board</title>'))
  app.post('/change', { config: { policy: ['operator'] } }, async () => ({ done: true }))
}

let browser: Browser

beforeAll(async () => { browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }) })
afterAll(async () => { await browser.close() })

async function newPage (): Promise<Page> {
  const context = await browser.newContext()
  onTestFinished(async () => { await context.close() })
  return await context.newPage()
}

async function status (page: Page, path: string, method = 'GET', body?: object): Promise<number> {
  return await page.evaluate(async ({ path, method, body }) => {
    const answer = await fetch(path, {
      method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    })
    return answer.status
  }, { path, method, body })
}

describe('in a browser', () => {
  it('signing in, changing something and signing out work; scripts do not see the cookie', async () => {
    const test = await testServer({ plugins: [pages] })
    const address = await test.server.listen({ host: '127.0.0.1', port: 0 })
    const page = await newPage()
    await page.goto(address)
    expect(await status(page, '/v1/session')).toBe(401)
    expect(await status(page, '/v1/session', 'POST', { token: await test.token('operator') })).toBe(200)
    expect(await status(page, '/v1/session')).toBe(200)
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.context().cookies()).toMatchObject([{ name: '__Host-borderflow', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' }])
    expect(await status(page, '/change', 'POST', {})).toBe(200)
    expect(await status(page, '/v1/session', 'DELETE')).toBe(204)
    expect(await status(page, '/v1/session')).toBe(401)
    expect(await page.context().cookies()).toEqual([])
  })

  it('another site changes nothing, be it of another name or of another port', async () => {
    const test = await testServer({ plugins: [pages] })
    const address = await test.server.listen({ host: '127.0.0.1', port: 0 })
    const page = await newPage()
    await page.goto(address)
    expect(await status(page, '/v1/session', 'POST', { token: await test.token('operator') })).toBe(200)
    const other = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<form method="post" action="${address}/change"><button>go</button></form>`)
    }).listen(0, '127.0.0.1')
    onTestFinished(() => { other.close() })
    await once(other, 'listening')
    for (const host of ['127.0.0.1', 'localhost']) {
      await page.goto(`http://${host}:${(other.address() as AddressInfo).port}/`)
      const [answer] = await Promise.all([page.waitForResponse(`${address}/change`), page.click('button')])
      expect(answer.status(), host).toBe(403)
    }
    await page.goto(address)
    expect(await status(page, '/change', 'POST', {})).toBe(200)
  })
})
