// Alerts over HTTP: what needs a person, and noting who looks after it.
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { ALERT_KINDS, ALERT_STATES, ALERT_UNITS, SEVERITIES } from '../../schemas/alerts.ts'
import { ALERT_KEEPERS, STATE_READERS, openTo } from './readers.ts'
import type { ApiDeps } from './deps.ts'

const TAGS = ['alerts']
const NOTE_LENGTH_MAX = 500
const instant = z.iso.datetime()

export const alertSchema = z.strictObject({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  subject: z.string().describe('A checkpoint, a source, a check; empty for the whole'),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES).describe(
    'pending: its condition has not held long enough yet. firing. no_data: it cannot be known. resolved: over'),
  since: instant.describe('When the condition was first seen'),
  firedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
  value: z.number().nullable().describe('As last seen while the condition held'),
  threshold: z.number().nullable(),
  unit: z.enum(ALERT_UNITS).nullable().describe('What value and threshold are in'),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: instant.nullable(),
  note: z.string().nullable()
}).meta({ id: 'Alert' })

export type AlertView = z.infer<typeof alertSchema>

const listSchema = z.strictObject({
  alerts: z.array(alertSchema).describe('Open ones, and those resolved in the last 24 hours, the newest first')
}).meta({ id: 'Alerts' })

/** Routes `/v1/alerts`. */
export function alertRoutes ({ run }: Pick<ApiDeps, 'run'>): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/alerts', {
      config: openTo(STATE_READERS),
      schema: { tags: TAGS, summary: 'What needs a person', response: { 200: listSchema } }
    }, async ({ principal }) => await run('alerts.list', {}, principal!) as z.infer<typeof listSchema>)

    app.post('/v1/alerts/:id/acknowledge', {
      config: openTo(ALERT_KEEPERS),
      schema: {
        tags: TAGS,
        summary: 'Note that somebody looks after an open alert; a later note replaces the one before',
        params: z.strictObject({ id: z.uuid() }),
        body: z.strictObject({ note: z.string().trim().max(NOTE_LENGTH_MAX).default('').describe('What is being done') }),
        response: { 200: alertSchema }
      }
    }, async ({ params, body, principal }) =>
      await run('alerts.acknowledge', { ...params, ...body }, principal!) as AlertView)
  }
}
