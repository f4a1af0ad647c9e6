// The API: its routes under one roof of compression and tags.
import compress from '@fastify/compress'
import etag from '@fastify/etag'
import type { FastifyPluginAsync } from 'fastify'
import type { JudgedFeed } from '../board/judgements.ts'
import { streamRoutes } from '../stream/routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { boardRoutes } from './board-routes.ts'
import type { ApiDeps } from './deps.ts'
import { documentPages } from './open-api.ts'
import { quarantineRoutes } from './quarantine-routes.ts'
import { statusRoutes } from './status-routes.ts'
import { tableDataRoutes } from './table-data-routes.ts'
import { tableRoutes } from './table-routes.ts'

export interface ApiPluginDeps extends ApiDeps {
  feeds: () => Promise<readonly JudgedFeed[]>
  /** Routes of others that belong to the API. */
  routes?: readonly FastifyPluginAsync[]
}

const COMPRESSED_BYTES_MIN = 1_024

/** The plugin of the API. */
export function api (deps: ApiPluginDeps): FastifyPluginAsync {
  return async app => {
    await app.register(compress, { encodings: ['br', 'gzip'], threshold: COMPRESSED_BYTES_MIN })
    await app.register(etag, { weak: true })
    for (const routes of [
      boardRoutes(deps), streamRoutes(deps), tableRoutes(deps), tableDataRoutes(deps), statusRoutes(deps),
      quarantineRoutes(deps), alertRoutes(deps), ...deps.routes ?? [], documentPages
    ]) await app.register(routes)
  }
}
