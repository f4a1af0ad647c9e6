// The HTTP server of the process: health, readiness, metrics, and the plugins it is given. Deny by default: what is not
// routed here or by a plugin is 404.
import { readFileSync } from 'node:fs'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { BorderflowError } from '../core/errors.ts'
import { type Settings } from '../core/settings/index.ts'
import { type Metrics } from './metrics.ts'

export interface Readiness { ready: boolean, reasons: string[] }

export interface AppDeps {
  metrics: Metrics
  /** Whether the process does what it is for; reasons where it does not. */
  readiness: () => Readiness
  plugins: readonly FastifyPluginAsync[]
  /** Limits for slow senders, of whoever takes bodies. */
  serverOptions: { connectionTimeout: number, requestTimeout: number, keepAliveTimeout: number, http: object }
}

type HttpSettings = Settings['http']

/** Builds the server without listening. */
export async function buildApp (settings: HttpSettings, deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    ...deps.serverOptions,
    logger: false,
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    ...(settings.tlsCertFile !== undefined && settings.tlsKeyFile !== undefined
      ? {
          https: {
            ...deps.serverOptions.http, cert: readFileSync(settings.tlsCertFile), key: readFileSync(settings.tlsKeyFile)
          }
        }
      : {})
  }) as unknown as FastifyInstance
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.setNotFoundHandler(async (_request, reply) =>
    await reply.code(404).type('application/problem+json').send({ type: 'about:blank', title: 'Not found', status: 404 }))
  app.get('/health', async () => ({ status: 'ok' }))
  app.get('/ready', async (_request, reply) => {
    const readiness = deps.readiness()
    return await reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
  app.get('/metrics', async (_request, reply) => await reply.type(deps.metrics.contentType).send(await deps.metrics.text()))
  for (const plugin of deps.plugins) await app.register(plugin)
  return app
}

/** Listens; returns the address. Throws SETTINGS_INVALID if the port is taken. */
export async function listen (app: FastifyInstance, { host, port }: HttpSettings): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new BorderflowError('SETTINGS_INVALID', {
      expected: 'a free port',
      found: 'one that another process listens on',
      where: `${host}:${port}`,
      remedy: 'Set BORDERFLOW_HTTP_PORT to another, or stop that process.',
      cause: error
    })
  }
}
