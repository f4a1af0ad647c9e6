// The demo over HTTP: today's figures as JSON, and a page that shows them. Both say SIMULATED.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type FastifyPluginAsync } from 'fastify'
import { packageFile } from '../../core/package-root.ts'
import { type NowFigures } from './now.ts'

export interface DemoState extends NowFigures {
  simulatedNow: string
  historyDays: number
  historyDaysLoaded: number
  messages: number
}

const page = readFileSync(packageFile('cli/demo/page.html'), 'utf8')

/** Routes `/` and `/v1/now`. */
export function demoPlugin (state: () => Promise<DemoState>): FastifyPluginAsync {
  // The page's own style and script are allowed by their digests, and nothing else.
  const digests = [...page.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map(([, kind, text]) =>
    ({ kind, digest: `'sha256-${createHash('sha256').update(text as string).digest('base64')}'` }))
  const allowed = (kind: string): string => digests.filter(item => item.kind === kind).map(item => item.digest).join(' ')
  const policy = `default-src 'none'; connect-src 'self'; style-src ${allowed('style')}; ` +
    `script-src ${allowed('script')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return async app => {
    app.get('/', async (_request, reply) =>
      await reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page))
    app.get('/v1/now', async () => await state())
  }
}
