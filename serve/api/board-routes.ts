// The operators' board and the series behind its charts.
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { parseDay } from '../../core/civil-date.ts'
import { ENUMS } from '../../schemas/enums.ts'
import { boardSchema, boardSeriesSchema } from '../board/board-schema.ts'
import { chooseEncoding } from '../board/version.ts'
import { BOARD_READERS, openTo } from './readers.ts'
import type { ApiDeps } from './deps.ts'

const TAGS = ['board']
const seriesQuery = z.strictObject({
  from: z.iso.date().describe('First date at UTC+7'),
  to: z.iso.date().describe('Last date, inclusive'),
  grain: z.enum(['hour', 'day']).default('hour').describe('By hour: crossings only, at most 62 days. By day: with tallies'),
  checkpoint: z.string().max(32).optional().describe('Code of a checkpoint; the country unless given'),
  mode: z.enum(ENUMS.travel_mode).optional().describe('One mode of travel; all unless given')
})

/** Routes `/v1/board` and `/v1/board/series`. */
export function boardRoutes ({ board, series }: Pick<ApiDeps, 'board' | 'series'>): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/board', {
      config: openTo(BOARD_READERS),
      schema: {
        tags: TAGS,
        summary: 'The board: the flows of now, and whether they can be trusted',
        description: 'Computed about once a second. The ETag without its `W/` and quotes is the id from which ' +
          '`/v1/stream?after=` goes on.',
        response: { 200: boardSchema.meta({ id: 'Board' }), 304: z.null().describe('Not changed since the ETag given') }
      }
    }, async (request, reply) => {
      const version = await board.current()
      reply.headers({ etag: version.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
      if (isKnown(request.headers['if-none-match'], version.etag)) return await reply.code(304).send(null)
      const encoding = chooseEncoding(request.headers['accept-encoding'])
      if (encoding !== 'identity') reply.header('content-encoding', encoding)
      // Bytes pass every serialiser as they are.
      return await reply.type('application/json; charset=utf-8').send(await version.encoded(encoding) as never)
    })

    app.get('/v1/board/series', {
      config: openTo(BOARD_READERS),
      schema: {
        tags: TAGS,
        summary: 'Arrivals and exits over time, beside what is expected',
        querystring: seriesQuery,
        response: { 200: boardSeriesSchema.meta({ id: 'BoardSeries' }) }
      }
    }, async ({ query: { from, to, grain, checkpoint = null, mode = null } }) =>
      await series({ from: parseDay(from)!, to: parseDay(to)!, grain, checkpoint, mode }))
  }
}

/** True if an If-None-Match names the tag. */
function isKnown (header: string | undefined, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '')
  return header !== undefined && (header.trim() === '*' || header.split(',').some(tag => bare(tag) === bare(etag)))
}
