// The real thing: start-up and shutdown in order. Folder → loader → HTTP → control socket → sources → signals.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Clock } from './core/clock.ts'
import { servingThreads } from './core/database.ts'
import { errorText } from './core/errors.ts'
import { growHeapFreely } from './core/heap.ts'
import type { Logger } from './core/log.ts'
import type { Settings } from './core/settings/index.ts'
import type { Source } from './core/stage.ts'
import { openAlerts } from './cli/alerts.ts'
import { openApi, runner } from './cli/api.ts'
import { openBoard } from './cli/board.ts'
import { createDeadLetters } from './cli/dead-letters.ts'
import { runOperation } from './cli/operations/index.ts'
import { openRuntime, type Runtime } from './cli/runtime.ts'
import { liveStatus, metricsState, readiness } from './cli/service-state.ts'
import { openIdOf, signInOf } from './cli/sign-in.ts'
import { createSources } from './cli/sources.ts'
import { createLoader, type LoadedGroup, type Loader } from './dags/loading/loader.ts'
import { createReceivedWindow } from './dags/alerts/index.ts'
import { createDecodePool, defaultWorkers, type DecodePool } from './dags/loading/workers/decode-pool.ts'
import { RECOMMENDED_SERVER_OPTIONS, type HttpIntake } from './ingest/http/intake.ts'
import { buildApp, listen } from './serve/app.ts'
import type { AlertView } from './serve/api/alert-routes.ts'
import type { BoardService } from './serve/board/board.ts'
import { accessRoutes } from './serve/auth/access-routes.ts'
import { startControlServer } from './serve/control-server.ts'
import { createMetrics, type Metrics } from './serve/metrics.ts'
import { webPlugin } from './serve/web/plugin.ts'

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
  /** True says on every page that nothing is real. */
  simulated?: boolean
  /** The instant that the board is of, in milliseconds since 1970; now unless given. */
  now?: () => number
}

interface Parts {
  runtime: Runtime
  loader: Loader
  pool: DecodePool
  metrics: Metrics
  sources: Source[]
  intake: HttpIntake | null
  stopping: AbortController
  newest: { receivedAtMs: number | null }
  /** Null where HTTP is off. */
  board: BoardService | null
  /** Where changed alerts are told. */
  tellAlerts: { publish: (alerts: AlertView[]) => void }
}

/** Starts the service. Rejects if it cannot start; nothing is left open then. */
export async function startService (
  settings: Settings, deps: { clock: Clock, log: Logger }, extras: ServiceExtras = {}
): Promise<Service> {
  const { log } = deps
  growHeapFreely()
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
      parts.board?.start()
    }
    runtime.live = liveStatus(parts, address, deps.clock.now())
    servers.push(await startControlServer(settings.data.folder,
      async (name, parameters, claim) => await runOperation(runtime, name, parameters, claim), log))
    await runtime.derivation.start()
  } catch (error) {
    await closeServers()
    await parts.board?.stop()
    await parts.pool.close()
    await runtime.close()
    await letters?.close()
    throw error
  }
  runtime.dags.start()
  runtime.alerts?.start()
  let deadline: NodeJS.Timeout | undefined
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
      await runtime.alerts?.stop()
      await runtime.dags.stop()
      await parts.intake?.close().catch(() => {})
      await closeServers()
      await parts.board?.stop()
      await parts.pool.close()
      await runtime.close()
      await letters?.close().catch(() => {})
      clearTimeout(deadline)
      log.info('stopped')
    }
  }

  return { address, runtime, finished: run(), stop: () => { deadline ??= stopService(stopping, log) } }
}

async function openParts (
  settings: Settings, deps: { clock: Clock, log: Logger }, extras: ServiceExtras, stopping: AbortController,
  onQuarantined: Parameters<typeof openRuntime>[1]['onQuarantined']
): Promise<Parts> {
  const newest: Parts['newest'] = { receivedAtMs: null }
  const received = createReceivedWindow(deps.clock)
  let board: BoardService | null = null
  const metrics = createMetrics(async () =>
    await metricsState({ runtime, loader, sources, newestReceivedAtMs: newest.receivedAtMs }))
  const runtime: Runtime = await openRuntime(settings, {
    ...deps,
    threads: servingThreads(),
    asOf: extras.asOf,
    onQuarantined,
    loaderBusy: () => loader.pendingMessages() > 0,
    loaderBehind: () => loader.pendingMessages() > settings.loading.groupMessagesMax / 2,
    onDerived: () => { board?.wake() },
    onDerivationFatal: error => { stopping.abort(error) },
    onDagEnded: (dag, status) => { metrics.countDagRun(dag, status) },
    onLoaded: rows => {
      received.note(rows)
      for (const { source, contract, kind, reason, messages } of rows) {
        metrics.countMessages({ source, contract, outcome: kind, reason }, messages)
      }
    }
  })
  const pool = createDecodePool(settings.ingest.workers ?? defaultWorkers(), runtime.warehouse)
  const loader = createLoader({ ...settings.loading, decodingMax: pool.width }, {
    decode: pool.decode,
    write: async batches => await runtime.warehouse.load(batches),
    onGroup: group => {
      observe(group, metrics, newest)
      runtime.derivation.wake()
      board?.wake()
    }
  })
  const { sources: configured, intake } = createSources(runtime)
  if (intake !== null) runtime.purgeIntake = async rawDays => await intake.purge(rawDays)
  const sources = [...configured, ...extras.sources?.(runtime) ?? []]
  const now = extras.now ?? (() => deps.clock.now())
  board = settings.http.enabled
    ? await openBoard(runtime, {
      sources,
      now,
      startedAtMs: deps.clock.now(),
      newestReceivedAtMs: () => newest.receivedAtMs,
      onComputed: seconds => { metrics.observeBoard(seconds) }
    })
    : null
  const tellAlerts: Parts['tellAlerts'] = { publish: () => {} }
  runtime.alerts = await openAlerts(runtime, {
    sources, now, received, metrics, onChanged: alerts => { tellAlerts.publish(alerts) }
  })
  return { runtime, loader, pool, metrics, sources, intake, stopping, newest, board, tellAlerts }
}

function observe ({ batches, seconds }: LoadedGroup, metrics: Metrics, newest: Parts['newest']): void {
  metrics.observeGroup(seconds, batches.reduce((sum, batch) => sum + batch.messageCount, 0))
  for (const batch of batches) {
    const receivedAtMs = batch.receivedAtMs[batch.messageCount - 1]
    if (receivedAtMs !== undefined) newest.receivedAtMs = Math.max(newest.receivedAtMs ?? 0, receivedAtMs)
  }
}

async function buildHttp (settings: Settings, parts: Parts, extras: ServiceExtras): Promise<FastifyInstance> {
  const { runtime, metrics, sources, intake, stopping, board } = parts
  const opened = board === null ? null : openApi(runtime, board, extras.now ?? (() => runtime.clock.now()))
  if (opened !== null) parts.tellAlerts.publish = alerts => { opened.hub.publish('alerts', { alerts }) }
  return await buildApp(settings.http, {
    metrics,
    readiness: () => readiness(sources, stopping.signal),
    signIn: signInOf(runtime),
    audit: runtime.audit,
    openId: openIdOf(settings, runtime.clock),
    log: runtime.log,
    plugins: [
      accessRoutes(runner(runtime)),
      ...intake === null ? [] : [intake.plugin],
      ...opened === null ? [] : [opened.plugin],
      webPlugin({ simulated: extras.simulated === true }),
      ...extras.plugins?.(runtime) ?? []
    ],
    serverOptions: RECOMMENDED_SERVER_OPTIONS
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

/** Returns the timer that ends the process if the service does not end in time; undefined where it already ends. */
function stopService (stopping: AbortController, log: Logger): NodeJS.Timeout | undefined {
  if (stopping.signal.aborted) return undefined
  log.info('stopping')
  stopping.abort()
  // A source that does not end in time must not keep the process: what it had is read again at the next start.
  return setTimeout(() => {
    log.warn({ seconds: DRAIN_MS_MAX / 1000 }, 'draining took too long; the rest is read again at the next start')
    process.exit(0)
  }, DRAIN_MS_MAX).unref()
}
