// The state of the machine, as `borderflow status` has it, and of every feed.
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { feedSchema } from '../board/board-schema.ts'
import type { JudgedFeed } from '../board/judgements.ts'
import { STATE_READERS, openTo } from './readers.ts'
import type { ApiDeps } from './deps.ts'

const TAGS = ['operations']

const statusSchema = z.looseObject({
  version: z.string(),
  warehouse: z.string().describe('Id of the warehouse'),
  running: z.boolean(),
  messages: z.record(z.string(), z.int()).describe('Messages by what became of them'),
  quarantineOpen: z.int(),
  gapsOpen: z.int(),
  walBytes: z.int(),
  positions: z.array(z.looseObject({
    source: z.string(), partition: z.string(), startOffset: z.int(), nextOffset: z.int()
  })),
  derived: z.looseObject({ state: z.string(), lagSeconds: z.number(), asOf: z.string().nullable() })
})

const feedsSchema = z.array(z.strictObject({
  source: z.string().describe('The contract'),
  checkpoint: z.string().nullable().describe('Code of the checkpoint; null for a feed that has none'),
  ...feedSchema.shape
}))

/** Routes `/v1/status` and `/v1/feeds`. */
export function statusRoutes (
  { run, feeds }: Pick<ApiDeps, 'run'> & { feeds: () => Promise<readonly JudgedFeed[]> }
): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/status', {
      config: openTo(STATE_READERS),
      schema: {
        tags: TAGS, summary: 'The state of the whole', response: { 200: statusSchema.meta({ id: 'Status' }) }
      }
    }, async request => await run('status', {}, request.principal!) as z.infer<typeof statusSchema>)

    app.get('/v1/feeds', {
      config: openTo(STATE_READERS),
      schema: {
        tags: TAGS,
        summary: 'Every feed: live, late, silent or closed by schedule',
        response: { 200: feedsSchema.meta({ id: 'Feeds' }) }
      }
    }, async () => [...await feeds()])
  }
}
