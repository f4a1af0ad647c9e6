// The event stream of the board.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { BOARD_READERS, openTo } from '../api/readers.ts'
import type { Hub } from './hub.ts'

/** Route `/v1/stream`. */
export function streamRoutes ({ hub }: { hub: Hub }): FastifyPluginAsync {
  return async (plain: FastifyInstance) => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    // Streams do not end by themselves: without this a server would wait for its readers to stop.
    app.addHook('preClose', async () => { hub.close() })

    app.get('/v1/stream', {
      config: openTo(BOARD_READERS),
      schema: {
        tags: ['board'],
        summary: 'The board as server-sent events',
        description: '`board`: the whole board. `patch`: a JSON merge patch on the board of the event before, in which ' +
          'null is a value. `alerts`: the open alerts. A comment every ten seconds. Goes on behind `Last-Event-ID`, or ' +
          '`after`, if that is still known; begins with the whole board otherwise. Ends with the session.',
        querystring: z.strictObject({
          after: z.string().max(64).optional().describe('The id of the board that is already there (its ETag)')
        }),
        produces: ['text/event-stream'],
        response: { 200: z.string().describe('text/event-stream') }
      }
    }, async (request, reply) => {
      const { name, session, access } = request.principal!
      const header = request.headers['last-event-id']
      const lastEventId = typeof header === 'string' ? header : request.query.after ?? null
      const stream = await hub.open(name, lastEventId)
      const unfollow = app.onSessionEnd({ session, access }, () => { stream.destroy() })
      reply.raw.on('close', () => {
        unfollow()
        stream.destroy()
      })
      // A stream is quiet by nature: comments tell whether anybody is there.
      request.raw.socket.setTimeout(0)
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      return await reply.type('text/event-stream; charset=utf-8').send(stream as never)
    })
  }
}
