// The real thing: start-up and shutdown in order. Folder → loader → HTTP → control socket → sources → signals.
import { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { type Clock } from './core/clock.ts'
import { errorText } from './core/errors.ts'
import { type Logger } from './core/log.ts'
import { type Settings } from './core/settings/index.ts'
import { type Source } from './core/stage.ts'
import { runOperation } from './cli/operations/index.ts'
import { openRuntime, type Runtime } from './cli/runtime.ts'
import { createSources } from './cli/sources.ts'
import { normaliseContext } from './dags/loading/context.ts'
import { decodeBatch } from './dags/loading/decode-batch.ts'
import { createLoader, type Loader } from './dags/loading/loader.ts'
import { RECOMMENDED_SERVER_OPTIONS } from './ingest/http/intake.ts'
import { countEntries } from './sinks/quarantine/entries.ts'
import { readGaps } from './sinks/warehouse/positions.ts'
import { buildApp, listen } from './serve/app.ts'
import { startControlServer } from './serve/control-server.ts'
import { createMetrics, type MetricsState } from './serve/metrics.ts'

/** What waits for sources to become durable at shutdown; a kill after that is as good, only slower to start again. */
const DRAIN_MS_MAX = 8_000

export interface Service {
  /** Where HTTP listens; null where it is off. */
  address: string | null
  runtime: Runtime
  loader: Loader
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
}

/** Starts the service. Rejects if it cannot start; nothing is left open then. */
export async function startService (
  settings: Settings, deps: { clock: Clock, log: Logger }, extras: ServiceExtras = {}
): Promise<Service> {
  const { clock, log } = deps
  let newestReceivedAtMs: number | null = null
  const metrics = createMetrics(async () => await metricsState())
  const runtime = await openRuntime(settings, {
    ...deps,
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
    onGroup: ({ batches, seconds }) => {
      metrics.observeGroup(seconds, batches.reduce((sum, batch) => sum + batch.messageCount, 0))
      for (const batch of batches) {
        const newest = batch.receivedAtMs[batch.messageCount - 1]
        if (newest !== undefined) newestReceivedAtMs = Math.max(newestReceivedAtMs ?? 0, newest)
      }
    }
  })
  const { sources: configured, intake } = createSources(runtime)
  const sources = [...configured, ...extras.sources?.(runtime) ?? []]
  const stopping = new AbortController()
  const startedAtMs = clock.now()
  const servers: FastifyInstance[] = []
  const status = (): object[] => sources.map(source => source.status())
  runtime.live = () => ({
    startedAt: new Date(startedAtMs).toISOString(), pendingMessages: loader.pendingMessages(), sources: status(), address
  })

  async function metricsState (): Promise<MetricsState> {
    const { quarantineOpen, gapsOpen } = await runtime.warehouse.read(async connection => ({
      quarantineOpen: (await countEntries(connection)).reduce((sum, { state, messages }) => sum + (state === 'open' ? messages : 0), 0),
      gapsOpen: (await readGaps(connection)).filter(gap => gap.acceptedAtMs === null).length
    }))
    const { ids, bytes } = runtime.warehouse.indexSize()
    return {
      pendingMessages: loader.pendingMessages(),
      walBytes: runtime.warehouse.walBytes(),
      quarantineOpen,
      gapsOpen,
      indexIds: ids,
      indexBytes: bytes,
      newestReceivedAtMs,
      nowMs: clock.now(),
      sources: sources.map(source => source.status()).map(({ name, lag, state }) =>
        ({ name, up: state === 'running', ...(lag === undefined ? {} : { lag }) }))
    }
  }

  let address: string | null = null
  try {
    if (settings.http.enabled) {
      const app = await buildApp(settings.http, {
        metrics,
        readiness: () => readiness(sources, stopping.signal),
        plugins: [...intake === null ? [] : [intake.plugin], ...extras.plugins?.(runtime) ?? []],
        serverOptions: RECOMMENDED_SERVER_OPTIONS
      })
      servers.push(app)
      address = await listen(app, settings.http)
    }
    servers.push(await startControlServer(settings.data.folder,
      async (name, parameters) => await runOperation(runtime, name, parameters), log))
  } catch (error) {
    await Promise.all(servers.map(async server => { await server.close() }))
    await runtime.close()
    throw error
  }
  log.info({ address, sources: sources.map(source => source.name), warehouse: runtime.warehouse.id }, 'started')

  async function run (): Promise<void> {
    try {
      await Promise.race([
        Promise.all(sources.map(async source => {
          await source.run(loader, stopping.signal)
          log.info({ source: source.name }, 'source ended')
        })),
        loader.failed
      ])
      if (!stopping.signal.aborted) await new Promise(resolve => stopping.signal.addEventListener('abort', resolve))
      await loader.drain()
    } catch (error) {
      log.error({ error: errorText(error) }, 'cannot go on')
      throw error
    } finally {
      stopping.abort()
      await intake?.close().catch(() => {})
      await Promise.all(servers.map(async server => { await server.close() }))
      await runtime.close()
      log.info('stopped')
    }
  }

  return {
    address,
    runtime,
    loader,
    finished: run(),
    stop () {
      if (stopping.signal.aborted) return
      log.info('stopping')
      stopping.abort()
      // A source that does not end in time must not keep the process: what it had is read again at the next start.
      setTimeout(() => {
        log.warn({ seconds: DRAIN_MS_MAX / 1000 }, 'draining took too long; the rest is read again at the next start')
        process.exit(0)
      }, DRAIN_MS_MAX).unref()
    }
  }
}

function readiness (sources: readonly Source[], stopping: AbortSignal): { ready: boolean, reasons: string[] } {
  const reasons = stopping.aborted ? ['stopping'] : []
  for (const { name, state } of sources.map(source => source.status())) {
    if (state !== 'running') reasons.push(`source ${name} is ${state}`)
  }
  return { ready: reasons.length === 0, reasons }
}
