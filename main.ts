// The real thing: start-up and shutdown in order. Folder → loader → HTTP → control socket → sources → signals.
import { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { type Clock } from './core/clock.ts'
import { errorText } from './core/errors.ts'
import { type Logger } from './core/log.ts'
import { type Settings } from './core/settings/index.ts'
import { type Source } from './core/stage.ts'
import { createDeadLetters } from './cli/dead-letters.ts'
import { runOperation } from './cli/operations/index.ts'
import { openRuntime, type Runtime } from './cli/runtime.ts'
import { metricsState, readiness } from './cli/service-state.ts'
import { createSources } from './cli/sources.ts'
import { startUpkeep } from './cli/upkeep.ts'
import { normaliseContext } from './dags/loading/context.ts'
import { decodeBatch } from './dags/loading/decode-batch.ts'
import { createLoader, type LoadedGroup, type Loader } from './dags/loading/loader.ts'
import { RECOMMENDED_SERVER_OPTIONS, type HttpIntake } from './ingest/http/intake.ts'
import { buildApp, listen } from './serve/app.ts'
import { startControlServer } from './serve/control-server.ts'
import { createMetrics, type Metrics } from './serve/metrics.ts'

/** What waits for sources to become durable at shutdown; a kill after that is as good, only slower to start again. */
const DRAIN_MS_MAX = 8_000

export interface Service {
  /** Where HTTP listens; null where it is off. */
  address: string | null
  runtime: Runtime
  /** Resolves when the service has stopped; rejects with the reason if it could not go on. */
  finished: Promise<void>
  /** Drains and stops. */
  stop (): void
}

export interface ServiceExtras {
  /** Sources beside those of the settings. */
  sources?: (runtime: Runtime) => Source[]
  /** Routes beside those of the service. */
  plugins?: (runtime: Runtime) => FastifyPluginAsync[]
  /** The date through which tables are derived, in days since 1970-01-01; today at UTC+7 unless given. */
  asOf?: () => number
}

interface Parts {
  runtime: Runtime
  loader: Loader
  metrics: Metrics
  sources: Source[]
  intake: HttpIntake | null
  stopping: AbortController
  newest: { receivedAtMs: number | null }
}

/** Starts the service. Rejects if it cannot start; nothing is left open then. */
export async function startService (
  settings: Settings, deps: { clock: Clock, log: Logger }, extras: ServiceExtras = {}
): Promise<Service> {
  const { log } = deps
  const stopping = new AbortController()
  const letters = await createDeadLetters(settings, log)
  const parts = await openParts(settings, deps, extras, stopping, letters?.forward)
  const { runtime, loader, sources } = parts
  const servers: FastifyInstance[] = []
  const closeServers = async (): Promise<void> => {
    await Promise.all(servers.map(async server => { await server.close() }))
  }
  let address: string | null = null
  try {
    if (settings.http.enabled) {
      const app = await buildHttp(settings, parts, extras)
      servers.push(app)
      address = await listen(app, settings.http)
    }
    runtime.live = liveStatus(parts, address, deps.clock.now())
    servers.push(await startControlServer(settings.data.folder,
      async (name, parameters) => await runOperation(runtime, name, parameters), log))
    await runtime.derivation.start()
  } catch (error) {
    await closeServers()
    await runtime.close()
    await letters?.close()
    throw error
  }
  const upkeep = startUpkeep(runtime, parts.intake)
  log.info({ address, sources: sources.map(source => source.name), warehouse: runtime.warehouse.id }, 'started')

  async function run (): Promise<void> {
    try {
      await Promise.race([runSources(parts, log), loader.failed, rejectedBy(stopping.signal)])
      if (!stopping.signal.aborted) await new Promise(resolve => { stopping.signal.addEventListener('abort', resolve) })
      await loader.drain()
    } catch (error) {
      log.error({ error: errorText(error) }, 'cannot go on')
      throw error
    } finally {
      stopping.abort()
      upkeep.stop()
      await parts.intake?.close().catch(() => {})
      await closeServers()
      await runtime.close()
      await letters?.close().catch(() => {})
      log.info('stopped')
    }
  }

  return { address, runtime, finished: run(), stop: () => { stopService(stopping, log) } }
}

async function openParts (
  settings: Settings, deps: { clock: Clock, log: Logger }, extras: ServiceExtras, stopping: AbortController,
  onQuarantined: Parameters<typeof openRuntime>[1]['onQuarantined']
): Promise<Parts> {
  const newest: Parts['newest'] = { receivedAtMs: null }
  const metrics = createMetrics(async () =>
    await metricsState({ runtime, loader, sources, newestReceivedAtMs: newest.receivedAtMs }))
  const runtime: Runtime = await openRuntime(settings, {
    ...deps,
    asOf: extras.asOf,
    onQuarantined,
    loaderBusy: () => loader.pendingMessages() > 0,
    onDerivationFatal: error => { stopping.abort(error) },
    onLoaded: rows => {
      for (const { source, contract, kind, reason, messages } of rows) {
        metrics.countMessages({ source, contract, outcome: kind, reason }, messages)
      }
    }
  })
  const context = normaliseContext(runtime.warehouse)
  const loader = createLoader(settings.loading, {
    decode: async batch => await decodeBatch(context, batch),
    write: async batches => await runtime.warehouse.load(batches),
    onGroup: group => {
      observe(group, metrics, newest)
      runtime.derivation.wake()
    }
  })
  const { sources: configured, intake } = createSources(runtime)
  const sources = [...configured, ...extras.sources?.(runtime) ?? []]
  return { runtime, loader, metrics, sources, intake, stopping, newest }
}

function observe ({ batches, seconds }: LoadedGroup, metrics: Metrics, newest: Parts['newest']): void {
  metrics.observeGroup(seconds, batches.reduce((sum, batch) => sum + batch.messageCount, 0))
  for (const batch of batches) {
    const receivedAtMs = batch.receivedAtMs[batch.messageCount - 1]
    if (receivedAtMs !== undefined) newest.receivedAtMs = Math.max(newest.receivedAtMs ?? 0, receivedAtMs)
  }
}

async function buildHttp (settings: Settings, parts: Parts, extras: ServiceExtras): Promise<FastifyInstance> {
  const { runtime, metrics, sources, intake, stopping } = parts
  return await buildApp(settings.http, {
    metrics,
    readiness: () => readiness(sources, stopping.signal),
    plugins: [...intake === null ? [] : [intake.plugin], ...extras.plugins?.(runtime) ?? []],
    serverOptions: RECOMMENDED_SERVER_OPTIONS
  })
}

function liveStatus (
  { loader, sources }: Parts, address: string | null, startedAtMs: number
): () => Record<string, unknown> {
  return () => ({
    startedAt: new Date(startedAtMs).toISOString(),
    address,
    pendingMessages: loader.pendingMessages(),
    sources: sources.map(source => source.status())
  })
}

async function runSources ({ sources, loader, stopping }: Parts, log: Logger): Promise<void> {
  await Promise.all(sources.map(async source => {
    await source.run(loader, stopping.signal)
    log.info({ source: source.name }, 'source ended')
  }))
}

/** Rejects when it is aborted with an error, which is how derivation ends the service. */
async function rejectedBy (signal: AbortSignal): Promise<never> {
  return await new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      const reason: unknown = signal.reason
      if (reason instanceof Error && reason.name !== 'AbortError') reject(reason)
    })
  })
}

function stopService (stopping: AbortController, log: Logger): void {
  if (stopping.signal.aborted) return
  log.info('stopping')
  stopping.abort()
  // A source that does not end in time must not keep the process: what it had is read again at the next start.
  setTimeout(() => {
    log.warn({ seconds: DRAIN_MS_MAX / 1000 }, 'draining took too long; the rest is read again at the next start')
    process.exit(0)
  }, DRAIN_MS_MAX).unref()
}
