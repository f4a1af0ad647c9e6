// What administrators and auditors do over HTTP: who has access, and who did what. The operations are those of the
// command line, handed in.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { type Principal, ROLES } from './policy.ts'

/** An operation of the command line, run for who asked. */
export type RunForPrincipal = (name: string, parameters: unknown, principal: Principal) => Promise<unknown>

const TAGS = ['access']
const ENTRIES_MAX = 1_000

const instantMs = z.int().describe('Milliseconds since 1970-01-01T00:00:00Z')
const accessSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  createdAtMs: instantMs,
  expiresAtMs: instantMs.nullable(),
  revokedAtMs: instantMs.nullable()
})
const entrySchema = z.looseObject({
  sequence: z.int(),
  at: z.string(),
  person: z.string(),
  role: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  previous: z.string(),
  hash: z.string()
})

/** Routes `/v1/access` and `/v1/audit`. */
export function accessRoutes (run: RunForPrincipal): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/access', {
      config: { policy: ['administrator'] },
      schema: { tags: TAGS, summary: 'Who has access', response: { 200: z.array(accessSchema) } }
    }, async request => await run('access.list', {}, request.principal!) as z.infer<typeof accessSchema>[])

    app.post('/v1/access', {
      config: { policy: ['administrator'] },
      schema: {
        tags: TAGS,
        summary: 'Give somebody access: a link for a person, a token for a producer',
        description: 'The answer is the only one that holds the token.',
        body: z.strictObject({
          name: z.string().min(1).max(64), role: z.enum(ROLES), days: z.int().min(1).max(3660).optional()
        }),
        response: {
          201: z.strictObject({
            id: z.uuid(),
            token: z.string(),
            role: z.enum(ROLES),
            expiresAtMs: instantMs.nullable(),
            link: z.string().nullable().describe('What a person opens to sign in')
          })
        }
      }
    }, async (request, reply) => {
      const created = await run('access.create', request.body, request.principal!)
      return await reply.code(201).send(created as never)
    })

    app.delete('/v1/access/:id', {
      config: { policy: ['administrator'] },
      schema: {
        tags: TAGS,
        summary: 'Revoke an access; who is signed in by it is signed out at once',
        params: z.strictObject({ id: z.string().max(64) }),
        response: { 204: z.null() }
      }
    }, async (request, reply) => {
      await run('access.revoke', { id: request.params.id }, request.principal!)
      return await reply.code(204).send(null)
    })
    addAuditRoutes(plain, run)
  }
}

function addAuditRoutes (plain: FastifyInstance, run: RunForPrincipal): void {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.get('/v1/audit', {
    config: { policy: ['auditor'] },
    schema: {
      tags: TAGS,
      summary: 'Who did what: the newest entries of the audit log, oldest first',
      querystring: z.strictObject({
        person: z.string().max(64).optional(),
        action: z.string().max(64).optional().describe('An action, or the noun of several: `session`'),
        since: z.iso.datetime().optional(),
        limit: z.coerce.number().int().min(1).max(ENTRIES_MAX).default(100)
      }),
      response: { 200: z.array(entrySchema) }
    }
  }, async request => await run('audit.list', request.query, request.principal!) as z.infer<typeof entrySchema>[])

  app.get('/v1/audit/verify', {
    config: { policy: ['auditor'] },
    schema: {
      tags: TAGS,
      summary: 'Whether the audit log is as it was written; the first entry that is not',
      response: {
        200: z.strictObject({
          entries: z.int(),
          bytes: z.int(),
          hash: z.string().nullable().describe('The hash of the last entry'),
          bad: z.strictObject({
            entry: z.int(), fault: z.enum(['changed', 'missing', 'inserted']), found: z.string()
          }).nullable()
        })
      }
    }
  }, async request => await run('audit.verify', {}, request.principal!) as never)
}
