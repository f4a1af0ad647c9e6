// The API of a running service: its routes with what they need of the warehouse and the operations.
import type { FastifyPluginAsync } from 'fastify'
import { createSemaphore } from '../core/semaphore.ts'
import { readFeeds } from '../dags/baseline/index.ts'
import { api } from '../serve/api/index.ts'
import type { RunOperation } from '../serve/api/deps.ts'
import type { RunForPrincipal } from '../serve/auth/access-routes.ts'
import type { BoardService } from '../serve/board/board.ts'
import { readSeries } from '../serve/board/series.ts'
import { createHub, HUB_DEFAULTS, type Hub } from '../serve/stream/hub.ts'
import { judgedFeed } from './board.ts'
import { expectedSeries } from './expected-series.ts'
import { runOperationFor } from './operations/index.ts'
import type { Runtime } from './runtime.ts'
import { tableReader } from './table-answers.ts'

/** Series and feeds computed at a time. */
const READS_MAX = 2

/** The plugin of the API and the hub of its streams; `routes` are others' that belong to the API. */
export function openApi (
  runtime: Runtime, board: BoardService, now: () => number, routes: readonly FastifyPluginAsync[] = []
): { plugin: FastifyPluginAsync, hub: Hub } {
  const { warehouse, clock, settings } = runtime
  const { lists } = warehouse
  const hub = createHub(HUB_DEFAULTS, board)
  const reads = createSemaphore(READS_MAX)
  const plugin = api({
    clock,
    lists,
    audit: runtime.audit,
    board,
    hub,
    routes,
    series: async request => await reads.run(async () => await warehouse.read(async connection =>
      await readSeries(connection, request, {
        nowMs: now(),
        checkpoints: warehouse.codeNumbers.checkpoint,
        expected: expectedSeries(warehouse, settings.feeds.bandSpreads)
      }))),
    feeds: async () => await reads.run(async () => await warehouse.read(async connection =>
      (await readFeeds(connection, { nowMs: now(), lists, limits: settings.feeds })).map(judgedFeed))),
    readTable: tableReader(runtime),
    run: operationsOf(runtime)
  })
  return { plugin, hub }
}

/** Runs the operations of the command line for who is signed in over HTTP. */
export function runner (runtime: Runtime): RunForPrincipal {
  return async (name, parameters, principal) => {
    const caller = { person: principal.name, role: principal.role }
    const result = await runOperationFor(runtime, name, parameters, async () => caller, 'http')
    return 'value' in result ? result.value : null
  }
}

function operationsOf (runtime: Runtime): RunOperation {
  return async (name, parameters, { name: person, role }) => {
    const result = await runOperationFor(runtime, name, parameters, async () => ({ person, role }), 'http')
    if ('value' in result) return result.value
    throw new Error(`the operation ${name} answers with a stream`)
  }
}
