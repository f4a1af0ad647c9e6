// The whole service in this process, on a free port and a temporary folder, and asking it as people do.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOperation } from '../../../cli/operations/index.ts'
import type { Runtime } from '../../../cli/runtime.ts'
import { systemClock } from '../../../core/clock.ts'
import { createLog } from '../../../core/log.ts'
import { loadSettings } from '../../../core/settings/index.ts'
import { startService, type ServiceExtras } from '../../../main.ts'
import type { Role } from '../../../serve/auth/policy.ts'

export interface RunningService {
  address: string
  runtime: Runtime
  token (role: Role): Promise<string>
  get (path: string, role: Role, headers?: Record<string, string>): Promise<Response>
  post (path: string, role: Role, body: object): Promise<Response>
  /** Sends messages as a producer and waits until they are loaded. */
  send (messages: readonly object[]): Promise<void>
  stop (): Promise<void>
}

/** Starts the service over a folder of its own, which goes when it is stopped; `sections` are settings beside it. */
export async function runService (
  extras: ServiceExtras = {}, sections: Record<string, Record<string, unknown>> = {}
): Promise<RunningService> {
  const folder = await mkdtemp(join(tmpdir(), 'borderflow-test-'))
  const settings = loadSettings({}, {
    data: { folder: join(folder, 'data') },
    keys: { folder: join(folder, 'keys') },
    http: { port: 0, answerWaitMs: 60_000 },
    ...sections
  })
  const service = await startService(settings, { clock: systemClock, log: createLog('silent') }, extras)
  const { runtime } = service
  const address = service.address!
  const tokens = new Map<Role, string>()

  async function token (role: Role): Promise<string> {
    const known = tokens.get(role)
    if (known !== undefined) return known
    const result = await runOperation(runtime, 'access.create', { name: `a ${role}`, role })
    const made = (result as { value: { token: string } }).value.token
    tokens.set(role, made)
    return made
  }

  const authorised = async (role: Role): Promise<Record<string, string>> => ({ authorization: `Bearer ${await token(role)}` })

  return {
    address,
    runtime,
    token,
    get: async (path, role, headers = {}) =>
      await fetch(`${address}${path}`, { headers: { ...await authorised(role), ...headers } }),
    post: async (path, role, body) => await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { ...await authorised(role), 'content-type': 'application/json' },
      body: JSON.stringify(body)
    }),
    async send (messages) {
      const response = await fetch(`${address}/v1/events`, {
        method: 'POST',
        headers: {
          ...await authorised('producer'), 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID()
        },
        body: messages.map(message => JSON.stringify(message)).join('\n')
      })
      if (response.status !== 200) throw new Error(`sent: ${response.status} ${await response.text()}`)
      await response.text()
    },
    async stop () {
      service.stop()
      await service.finished
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Waits until something is there. */
export async function until<T> (what: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline) {
    const found = await what()
    if (found !== undefined) return found
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`not there after ${seconds} s`)
}
