// The HTTP server of the process: health, readiness, metrics, signing in, and the plugins it is given. Deny by default:
// every route has a policy, and what is not routed is 404.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { BorderflowError, errorText } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Settings } from '../core/settings/index.ts'
import { documentRoutes } from './api/open-api.ts'
import type { AuditTrail } from './auth/audit-trail.ts'
import { identify } from './auth/identify.ts'
import { openIdRoutes } from './auth/openid-routes.ts'
import type { OpenId } from './auth/openid.ts'
import { enforcePolicies } from './auth/policy.ts'
import { limitRates } from './auth/rate.ts'
import { sessionRoutes } from './auth/session-routes.ts'
import type { SignIn } from './auth/sign-in.ts'
import type { Metrics } from './metrics.ts'
import { handleProblems } from './problem.ts'
import { secureHeaders } from './security.ts'

export interface Readiness { ready: boolean, reasons: string[] }

export interface AppDeps {
  metrics: Metrics
  /** Whether the process does what it is for; reasons where it does not. */
  readiness: () => Readiness
  /** Each declares the policy of its routes. */
  plugins: readonly FastifyPluginAsync[]
  signIn: SignIn
  audit: AuditTrail
  /** Null where no provider is set up. */
  openId: OpenId | null
  log: Logger
  /** Limits for slow senders, of whoever takes bodies. */
  serverOptions: { connectionTimeout: number, requestTimeout: number, keepAliveTimeout: number, http: object }
}

type HttpSettings = Settings['http']

/** Bodies of the API are small; a route that takes more says so. */
const BODY_BYTES_MAX = 64 * 1024
const SWEEP_EVERY_MS = 5_000

/** Builds the server without listening. */
export async function buildApp (settings: HttpSettings, deps: AppDeps): Promise<FastifyInstance> {
  const tls = tlsOf(settings)
  const app = Fastify({
    ...deps.serverOptions,
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    ...(tls === null ? {} : { https: { ...deps.serverOptions.http, ...tls } })
  }) as unknown as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  handleProblems(app, deps.log)
  await app.register(cookie)
  await secureHeaders(app, tls !== null)
  await limitRates(app)
  enforcePolicies(app, async request => await identify(request, deps.signIn))
  followSessions(app, deps)
  await documentRoutes(app)
  addOwnRoutes(app, settings, deps)
  await app.register(sessionRoutes(deps))
  await app.register(openIdRoutes({ ...deps, publicUrl: settings.publicUrl }))
  for (const plugin of deps.plugins) await app.register(plugin)
  return app
}

function tlsOf ({ tlsCertFile, tlsKeyFile }: HttpSettings): { cert: Buffer, key: Buffer } | null {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return null
  try {
    const pair = { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) }
    // Here it is known which files they are from.
    createSecureContext(pair)
    return pair
  } catch (error) {
    throw new BorderflowError('SETTINGS_INVALID', {
      expected: 'a certificate in PEM and the key that belongs to it',
      found: errorText(error),
      where: 'BORDERFLOW_HTTP_TLS_CERT_FILE, BORDERFLOW_HTTP_TLS_KEY_FILE',
      cause: error
    })
  }
}

/** Ends sessions at their time, and what rests on them. */
function followSessions (app: FastifyInstance, { signIn, log }: AppDeps): void {
  app.decorate('onSessionEnd', (of, callback) => signIn.onEnd(of, callback))
  const timer = setInterval(() => {
    signIn.sweep().catch((error: unknown) => { log.error({ error: errorText(error) }, 'sessions could not be swept') })
  }, SWEEP_EVERY_MS)
  timer.unref()
  app.addHook('onClose', async () => { clearInterval(timer) })
}

function addOwnRoutes (app: FastifyInstance, settings: HttpSettings, deps: AppDeps): void {
  app.get('/health', { config: { policy: 'public' } }, async () => ({ status: 'ok' }))
  app.get('/ready', { config: { policy: 'public' } }, async (_request, reply) => {
    const readiness = deps.readiness()
    return await reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
  app.get('/metrics', {
    config: { policy: settings.metricsPublic ? 'public' : ['operator', 'administrator', 'auditor'] }
  }, async (_request, reply) => await reply.type(deps.metrics.contentType).send(await deps.metrics.text()))
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
