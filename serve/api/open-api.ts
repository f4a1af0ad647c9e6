// The OpenAPI document of the routes, from the same zod schemas that check them, and the page that shows it offline.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { packageVersion } from '../../core/package-root.ts'
import { withPolicy } from '../auth/policy.ts'

/** Collects the routes that are added afterwards. To be called before any. */
export async function documentRoutes (app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'borderflow',
        version: packageVersion,
        description: 'Border-crossing statistics: the operators\' board, tables, quarantine, events. Errors are ' +
          'problem+json (RFC 9457) with a code, what was expected, and what to do.'
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The token of an access' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-borderflow', description: 'The cookie of a session' }
        }
      },
      security: [{ bearer: [] }, { session: [] }]
    },
    transform: document => {
      const transformed = jsonSchemaTransform(document)
      // Only what is declared for readers is shown: pages and files are no part of the API.
      return document.schema?.tags === undefined
        ? { ...transformed, schema: { ...transformed.schema, hide: true } }
        : transformed
    },
    transformObject: jsonSchemaTransformObject
  })
}

/** `/docs`: the page, its files and `/docs/json`, `/docs/yaml`; and the document as `/docs/openapi.json`. */
export const documentPages: FastifyPluginAsync = async app => {
  app.get('/docs/openapi.json', { config: { policy: 'public' } }, async () => app.swagger())
  await app.register(withPolicy('public', async pages => {
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      // Without the bar at the top: its logo is styled within itself, which the policy of contents refuses.
      uiConfig: {
        layout: 'BaseLayout', docExpansion: 'list', deepLinking: true, tryItOutEnabled: false, validatorUrl: null
      }
    })
  }))
}
