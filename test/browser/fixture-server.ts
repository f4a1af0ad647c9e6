// Serves the built page over boards that a test sets: for states that a real country is rarely in. The real service is
// tested beside it (live.browser.test.ts).
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Board } from '../../serve/board/board-schema.ts'
import { secureHeaders } from '../../serve/security.ts'
import { webPlugin } from '../../serve/web/plugin.ts'
import type { Alert } from '../../serve/web/src/types.ts'
import { AT, fixtureBoard, fixtureSeries } from './fixture-board.ts'

export interface FixtureServer {
  address: string
  setBoard (board: Board): void
  setAlerts (alerts: Alert[]): void
  /** Who is signed in; null for nobody. */
  setRole (role: string | null): void
  /** Ends the open streams and refuses everything, or serves again. */
  setReachable (reachable: boolean): void
  close (): Promise<void>
}

/** The tokens that it takes. */
export const TOKEN = 'bf_fixture-token'

export async function startFixtureServer ({ simulated = false } = {}): Promise<FixtureServer> {
  const app = Fastify({ forceCloseConnections: true }) as unknown as FastifyInstance
  const streams = new Set<FastifyReply['raw']>()
  let board = fixtureBoard()
  let alerts: Alert[] = []
  let role: string | null = 'operator'
  let reachable = true
  const send = (event: string, data: unknown): void => {
    for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  await secureHeaders(app, false)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return
    if (!reachable) return await reply.code(503).send()
    const open = ['/v1/sign-in', '/v1/session'].includes(request.url) && request.method !== 'DELETE'
    if (role === null && !(open && (request.method === 'POST' || request.url === '/v1/sign-in'))) return await reply.code(401).send()
    if (role !== null && !['operator', 'statistician'].includes(role) && request.url.startsWith('/v1/board')) return await reply.code(403).send()
  })
  app.get('/v1/sign-in', async () => ({ link: true, openid: null }))
  app.get('/v1/session', async () => ({ name: 'Sok Dara', role, expiresAt: null }))
  app.post<{ Body: { token: string } }>('/v1/session', async (request, reply) => {
    if (request.body.token !== TOKEN) return await reply.code(401).send()
    role ??= 'operator'
    return { name: 'Sok Dara', role, expiresAt: null }
  })
  app.delete('/v1/session', async (_request, reply) => {
    role = null
    return await reply.code(204).send()
  })
  app.get('/v1/board', async () => board)
  app.get<{ Querystring: { grain: string, from: string, to: string, checkpoint?: string } }>('/v1/board/series',
    async request => fixtureSeries(request.query))
  app.get('/v1/alerts', async () => ({ alerts }))
  app.post<{ Params: { id: string }, Body: { note: string } }>('/v1/alerts/:id/acknowledge', async request => {
    alerts = alerts.map(alert => alert.id === request.params.id
      ? { ...alert, acknowledgedBy: 'Sok Dara', acknowledgedAt: AT, note: request.body.note }
      : alert)
    send('alerts', { alerts })
    return alerts.find(({ id }) => id === request.params.id)
  })
  app.get('/v1/stream', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write(`retry: 200\n\nevent: board\ndata: ${JSON.stringify(board)}\n\n`)
    reply.raw.write(`event: alerts\ndata: ${JSON.stringify({ alerts })}\n\n`)
    streams.add(reply.raw)
    reply.raw.on('close', () => { streams.delete(reply.raw) })
  })
  await app.register(webPlugin({ simulated }))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    address,
    setBoard (next) {
      board = next
      send('board', board)
    },
    setAlerts (next) {
      alerts = next
      send('alerts', { alerts })
    },
    setRole: next => { role = next },
    setReachable (next) {
      reachable = next
      if (!next) for (const stream of streams) stream.destroy()
    },
    close: async () => {
      for (const stream of streams) stream.destroy()
      await app.close()
    }
  }
}

/** An alert of a gate that sends nothing. */
export function fixtureAlert (change: Partial<Alert> = {}): Alert {
  return {
    id: 'alert-1', kind: 'silence', subject: 'KHC-POI', severity: 'critical', state: 'firing', since: '2026-11-22T06:05:00.000Z',
    firedAt: '2026-11-22T06:20:00.000Z', resolvedAt: null, value: 5_400, threshold: 900, unit: 'seconds',
    acknowledgedBy: null, acknowledgedAt: null,
    note: null, ...change
  }
}
