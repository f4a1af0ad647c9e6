// The quarantine over HTTP: what waits, replaying, discarding, and, with a reason, seeing one message as it came.
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { REASONS } from '../../schemas/reasons.ts'
import { PAYLOAD_READERS, QUARANTINE_KEEPERS, STATE_READERS, openTo } from './readers.ts'
import type { ApiDeps } from './deps.ts'

const TAGS = ['quarantine']
const reasonName = z.enum(REASONS).exclude(['none'])
const state = z.enum(['open', 'replayed', 'discarded'])
const instantMs = z.int().describe('Milliseconds since 1970-01-01T00:00:00Z')

const entrySchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  partition: z.string(),
  offset: z.int(),
  contract: z.string(),
  reason: z.string(),
  paths: z.array(z.string()).describe('The fields that failed, never their values'),
  receivedAtMs: instantMs,
  quarantinedAtMs: instantMs,
  payloadBytes: z.int(),
  state
}).meta({ id: 'QuarantineEntry' })

const listSchema = z.strictObject({
  counts: z.array(z.strictObject({ reason: z.string(), state, messages: z.int() })),
  entries: z.array(entrySchema).describe('Oldest first')
}).meta({ id: 'Quarantine' })

const shownSchema = z.strictObject({
  entry: entrySchema,
  shape: z.string().nullable().describe('The message with kinds and lengths in place of its values; null if it is gone')
}).meta({ id: 'QuarantineShown' })

const listQuery = z.strictObject({
  reason: reasonName.optional(),
  state: state.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100)
})
const entryId = z.strictObject({ id: z.uuid() })
const chosen = z.strictObject({
  id: z.uuid().optional().describe('One entry'),
  reason: reasonName.optional().describe('All open entries with this reason')
}).refine(({ id, reason }) => (id === undefined) !== (reason === undefined), 'expected an id or a reason, one of them')
const replayedSchema = z.strictObject({
  replayed: z.int(),
  loaded: z.int(),
  duplicate: z.int(),
  superseded: z.int(),
  quarantined: z.int().describe('Quarantined again')
}).meta({ id: 'QuarantineReplayed' })
const discardedSchema = z.strictObject({ discarded: z.int() }).meta({ id: 'QuarantineDiscarded' })
const revealSchema = z.strictObject({
  payload: z.string().describe('The message as it came'),
  encoding: z.enum(['utf8', 'base64']).describe('base64 where it is no text')
}).meta({ id: 'QuarantineRevealed' })

/** Routes `/v1/quarantine`. */
export function quarantineRoutes ({ run }: Pick<ApiDeps, 'run'>): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/quarantine', {
      config: openTo(STATE_READERS),
      schema: {
        tags: TAGS, summary: 'What is in quarantine, by reason and one by one', querystring: listQuery,
        response: { 200: listSchema }
      }
    }, async ({ query, principal }) => await run('quarantine.list', query, principal!) as z.infer<typeof listSchema>)

    app.get('/v1/quarantine/:id', {
      config: openTo(STATE_READERS),
      schema: {
        tags: TAGS, summary: 'One entry, its values masked', params: entryId, response: { 200: shownSchema }
      }
    }, async ({ params, principal }) => await run('quarantine.show', params, principal!) as z.infer<typeof shownSchema>)

    app.post('/v1/quarantine/replay', {
      config: openTo(QUARANTINE_KEEPERS),
      schema: {
        tags: TAGS, summary: 'Judge entries once more', body: chosen, response: { 200: replayedSchema }
      }
    }, async ({ body, principal }) => await run('quarantine.replay', body, principal!) as z.infer<typeof replayedSchema>)

    app.post('/v1/quarantine/discard', {
      config: openTo(QUARANTINE_KEEPERS),
      schema: {
        tags: TAGS, summary: 'Throw payloads away; the entries stay counted', body: chosen,
        response: { 200: discardedSchema }
      }
    }, async ({ body, principal }) =>
      await run('quarantine.discard', body, principal!) as z.infer<typeof discardedSchema>)

    app.post('/v1/quarantine/:id/reveal', {
      config: openTo(PAYLOAD_READERS),
      schema: {
        tags: TAGS,
        summary: 'One message as it came: personal data, needs a reason and is written down',
        params: entryId,
        body: z.strictObject({ reason: z.string().trim().min(10).max(500).describe('Why it has to be seen: a case') }),
        response: { 200: revealSchema }
      }
    }, async ({ params: { id }, body: { reason }, principal }) =>
      await run('quarantine.reveal', { id, why: reason }, principal!) as z.infer<typeof revealSchema>)
  }
}
