import Fastify from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { VIEWS, webPlugin } from '../../../serve/web/plugin.ts'

async function served (simulated: boolean): Promise<ReturnType<typeof Fastify>> {
  const app = Fastify()
  onTestFinished(async () => { await app.close() })
  await app.register(webPlugin({ simulated }))
  return app
}

describe('the built page', () => {
  it('is at every view, compressed, and not sent again to who has it', async () => {
    const app = await served(false)
    for (const url of VIEWS) {
      const { statusCode, headers } = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } })
      expect([statusCode, headers['content-encoding'], headers['cache-control']]).toEqual([200, 'br', 'no-cache'])
    }
    const { headers, body } = await app.inject('/')
    expect(body).not.toContain('data-simulated')
    expect((await app.inject({ url: '/trust', headers: { 'if-none-match': String(headers.etag) } })).statusCode).toBe(304)
  })

  it('says that it is simulated where it is', async () => {
    expect((await (await served(true)).inject('/')).body).toContain('<html data-simulated lang="en">')
  })

  it('has files that never change under their names, and nothing beside them', async () => {
    const app = await served(false)
    const script = /src="(\/assets\/[^"]+\.js)"/.exec((await app.inject('/')).body)?.[1] ?? ''
    const { statusCode, headers } = await app.inject({ url: script, headers: { 'accept-encoding': 'br' } })
    expect([statusCode, headers['content-encoding']]).toEqual([200, 'br'])
    expect(headers['cache-control']).toContain('immutable')
    for (const url of ['/assets/', '/assets/../index.js', '/assets/%2e%2e/index.html', '/nothing']) {
      expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400)
    }
  })
})
