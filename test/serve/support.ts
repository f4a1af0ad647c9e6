// The server for tests: the real one, on a data folder's control file and audit log, without a warehouse.
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { onTestFinished } from 'vitest'
import { signInOf } from '../../cli/sign-in.ts'
import { type Clock, fixedClock } from '../../core/clock.ts'
import { silentLog } from '../../core/log.ts'
import type { Role } from '../../core/roles.ts'
import { loadSettings } from '../../core/settings/index.ts'
import { RECOMMENDED_SERVER_OPTIONS } from '../../ingest/http/intake.ts'
import { buildApp, type Readiness } from '../../serve/app.ts'
import type { OpenId } from '../../serve/auth/openid.ts'
import { createMetrics, type Metrics, type MetricsState } from '../../serve/metrics.ts'
import { type Audit, openAudit } from '../../sinks/audit/audit.ts'
import type { AuditLine } from '../../sinks/audit/entry.ts'
import { listAudit } from '../../sinks/audit/lines.ts'
import { createAccess } from '../../sinks/control/access.ts'
import { auditHeads } from '../../sinks/control/audit-head.ts'
import { type Control, openControl } from '../../sinks/control/control.ts'
import { openSessions, type Sessions } from '../../sinks/control/sessions.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

export const START_MS = Date.parse('2026-05-04T03:00:00Z')
export const IDLE_MS = 60 * 60_000
export const ABSOLUTE_MS = 12 * 60 * 60_000

export const STATE: MetricsState = {
  pendingMessages: 3,
  walBytes: 1024,
  quarantineOpen: 2,
  gapsOpen: 1,
  indexIds: 10,
  indexBytes: 786_432,
  newestReceivedAtMs: 1_000_000,
  derivedLagSeconds: 1.5,
  nowMs: 1_030_000,
  sources: [{ name: 'kafka', lag: 7, up: true }, { name: 'http', up: false }],
  dags: [],
  integrity: null
}

export interface Given {
  readiness?: Readiness
  plugins?: FastifyPluginAsync[]
  state?: MetricsState
  /** Variables of the settings. */
  env?: Record<string, string>
  openId?: (clock: Clock) => OpenId
}

export interface TestServer {
  server: FastifyInstance
  metrics: Metrics
  control: Control
  sessions: Sessions
  audit: Audit
  clock: ReturnType<typeof fixedClock>
  folder: string
  /** A new token of a role, in force for the whole test unless it is said otherwise. */
  token (role: Role, expiresAtMs?: number | null): Promise<string>
  /** Signs in with a token and returns the cookie as it is sent back. */
  signIn (token: string): Promise<string>
  /** What the audit log holds, oldest first. */
  audited (): Promise<AuditLine[]>
}

/** A server that is closed when the current test has ended. */
export async function testServer (given: Given = {}): Promise<TestServer> {
  const { readiness = { ready: true, reasons: [] }, plugins = [], state = STATE, env = {}, openId } = given
  const folder = await temporaryFolder()
  const clock = fixedClock(START_MS)
  const control = await openControl(folder)
  const sessions = await openSessions(control, { idleMs: IDLE_MS, absoluteMs: ABSOLUTE_MS }, clock)
  const audit = await openAudit(folder, { clock, heads: auditHeads(control), log: silentLog() })
  const metrics = createMetrics(async () => state)
  const server = await buildApp(loadSettings(env).http, {
    metrics,
    readiness: () => readiness,
    plugins,
    serverOptions: RECOMMENDED_SERVER_OPTIONS,
    signIn: signInOf({ control, sessions, clock }),
    audit,
    openId: openId?.(clock) ?? null,
    log: silentLog()
  })
  onTestFinished(async () => {
    await server.close()
    await audit.close()
    await control.close()
  })
  return {
    server,
    metrics,
    control,
    sessions,
    audit,
    clock,
    folder,
    token: async (role, expiresAtMs = null) =>
      (await createAccess(control, { name: `a ${role}`, role, expiresAtMs }, clock.now())).token,
    async signIn (token) {
      const answer = await server.inject({ method: 'POST', url: '/v1/session', payload: { token } })
      const [cookie] = answer.cookies
      if (cookie === undefined) throw new Error(`no cookie: ${answer.body}`)
      return `${cookie.name}=${cookie.value}`
    },
    audited: async () => await listAudit(audit.file, audit.state().bytes, { limit: 1000 })
  }
}
