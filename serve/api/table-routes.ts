// The tables: what there is.
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { tableDeclaration } from '../../schemas/tables/index.ts'
import { describeTables } from '../../tables/index.ts'
import type { ApiDeps } from './deps.ts'
import { DECLARATION_READERS, openTo } from './readers.ts'
import { tableId, tableOf, tableSchema, tableWithCodesSchema, withCodes } from './table-schema.ts'

const TAGS = ['tables']

/** Routes `/v1/tables` and `/v1/tables/{id}`. */
export function tableRoutes ({ lists }: Pick<ApiDeps, 'lists'>): FastifyPluginAsync {
  return async plain => {
    const app = plain.withTypeProvider<ZodTypeProvider>()

    app.get('/v1/tables', {
      config: openTo(DECLARATION_READERS),
      schema: {
        tags: TAGS, summary: 'The published tables', response: { 200: z.array(tableSchema.meta({ id: 'Table' })) }
      }
    }, async () => describeTables().map(table => ({ ...table })) as never)

    app.get('/v1/tables/:id', {
      config: openTo(DECLARATION_READERS),
      schema: {
        tags: TAGS,
        summary: 'One table, with the codes of its dimensions',
        params: tableId,
        response: { 200: tableWithCodesSchema.meta({ id: 'TableWithCodes' }) }
      }
    }, async ({ params: { id } }) => {
      tableDeclaration(id)
      return withCodes(tableOf(id)!, lists) as never
    })
  }
}
