// The figures of the tables. Answers are streamed as fast as they are taken.
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { ApiDeps } from './deps.ts'
import { createPlaces } from './places.ts'
import { TABLE_READERS, openTo } from './readers.ts'
import { formatOf, queryOf, tableQueryString, type TableQueryString } from './table-query.ts'
import { tableId } from './table-schema.ts'
import { unlessStalled } from './unless-stalled.ts'

/** Answers open at a time, of all and of one person. */
const ANSWERS_MAX = 24
const PERSON_ANSWERS_MAX = 8
/** An answer is given up when its first rows take longer than this, or its reader takes nothing for so long. */
const FIRST_PIECE_MS_MAX = 120_000
const STALLED_MS_MAX = 60_000

const schema = {
  tags: ['tables'],
  summary: 'The figures of a table, not protected: every read is written down',
  description: 'Streamed; nothing is cut. A stream that fails midway is broken off, so that it cannot be taken for ' +
    'the whole answer.',
  params: tableId,
  querystring: tableQueryString,
  produces: ['application/json', 'text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet',
    'application/vnd.apache.arrow.file', 'application/vnd.apache.arrow.stream', 'text/plain'],
  response: { 200: z.unknown().describe('In JSON an array of objects, one a row, by the names of the columns') }
}

/** Route `/v1/tables/{id}/data`. */
export function tableDataRoutes ({ audit, readTable }: Pick<ApiDeps, 'audit' | 'readTable'>): FastifyPluginAsync {
  const places = createPlaces(ANSWERS_MAX, PERSON_ANSWERS_MAX)
  const open = new Set<ServerResponse>()
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    // A slow reader is not waited for at shutdown: what is broken off cannot be taken for the whole.
    app.addHook('preClose', async () => { for (const response of open) response.destroy() })

    app.get('/v1/tables/:id/data', { config: openTo(TABLE_READERS), schema }, async (request, reply) => {
      const { params: { id }, query: given, principal } = request
      const { name: person, role } = principal!
      const release = places.take(person)
      open.add(reply.raw)
      const gone = goneSignal(request, reply, () => {
        open.delete(reply.raw)
        release()
      })
      const late = setTimeout(() => { gone.abort(new Error('the answer took too long')) }, FIRST_PIECE_MS_MAX)
      try {
        const format = formatOf(given, request.headers.accept)
        const answer = await readTable({
          query: queryOf(id, given), format, offset: given.offset ?? 0, signal: gone.signal
        }, async () => {
          await audit.append({ person, role, action: 'table.read', target: id, detail: { ...detailOf(given), by: 'http' } })
        })
        reply.type(answer.mediaType)
        if (format !== 'json') {
          reply.header('content-disposition', `attachment; filename="${id}.${answer.fileExtension}"`)
        }
        const pieces = unlessStalled(answer.pieces, STALLED_MS_MAX, () => { reply.raw.destroy() })
        return await reply.send(Readable.from(pieces, { objectMode: false }) as never)
      } finally {
        clearTimeout(late)
      }
    })
  }
}

/** Aborted when whoever asked has gone, or has the whole. */
function goneSignal (request: FastifyRequest, reply: FastifyReply, onGone: () => void): AbortController {
  const gone = new AbortController()
  reply.raw.on('close', () => {
    gone.abort(new Error('whoever asked has gone'))
    onGone()
  })
  // Rows may be long in coming, and a reader slow: both are watched by the route.
  request.raw.socket.setTimeout(0)
  return gone
}

/** What was asked, as the audit log keeps it: in the words of the command line's entries, where `by` is how. */
function detailOf ({ by: dimensions, ...given }: TableQueryString): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries({ dimensions, ...given }).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value as string | number | boolean]))
}
