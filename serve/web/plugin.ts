// Serves the built page: its address for every view, and its files, which never change under their names and lie ready
// compressed. Who may see figures is the API's to say; the page itself holds none.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { packageFile } from '../../core/package-root.ts'
import { withPolicy } from '../auth/policy.ts'

/** The views of the page; each is the same document, which reads the address. */
export const VIEWS = ['/', '/now', '/trust', '/alerts', '/surges', '/ranges', '/report', '/sign-in'] as const

export interface WebConfig {
  /** True says on every view that the figures are simulated. */
  simulated: boolean
}

/** The page as a plugin. Before the page is built its addresses say so. */
export function webPlugin ({ simulated }: WebConfig): FastifyPluginAsync {
  const folder = packageFile('dist/web')
  const file = join(folder, 'index.html')
  return withPolicy('public', async app => {
    if (!existsSync(file)) {
      app.get('/', async (_request, reply) =>
        await reply.code(503).type('text/plain; charset=utf-8').send('The page is not built: npm run build.\n'))
      return
    }
    const page = readFileSync(file, 'utf8')
    const send = document(simulated ? page.replace('<html ', '<html data-simulated ') : page)
    for (const view of VIEWS) app.get(view, send)
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      index: false,
      preCompressed: true,
      cacheControl: true,
      immutable: true,
      maxAge: '1y'
    })
    const icon = readFileSync(join(folder, 'icon.svg'))
    app.get('/icon.svg', async (_request, reply) =>
      await reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon))
  })
}

/** Sends the document, compressed as the browser takes it; not at all if the browser has it. */
function document (text: string): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const plain = Buffer.from(text)
  const packed = { br: brotliCompressSync(plain), gzip: gzipSync(plain) }
  const tag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return async (request, reply) => {
    reply.header('etag', tag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
    if (request.headers['if-none-match']?.includes(tag) === true) return await reply.code(304).send()
    const accepted = String(request.headers['accept-encoding'] ?? '')
    const encoding = (['br', 'gzip'] as const).find(known => new RegExp(`\\b${known}\\b`).test(accepted))
    reply.type('text/html; charset=utf-8')
    if (encoding === undefined) return await reply.send(plain)
    return await reply.header('content-encoding', encoding).send(packed[encoding])
  }
}
