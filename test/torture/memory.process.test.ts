// The system refuses memory in the middle of loading (RLIMIT_DATA, set on the running process): it may end there and
// then, but what it has acknowledged is not lost, and nothing is counted twice.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startService, until, type RunningService } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { valueOfRunning } from '../process/folders.ts'
import { crossing, lines } from '../process/messages.ts'
import { note } from './summary.ts'

/** What the process may take beyond what it has when it listens, MiB. */
const ALLOWANCES_MB = [0, 8, 24, 64]
const REQUESTS = 40
const REQUEST_MESSAGES = 500
const KIBIBYTE = 1024
/** What a process that fails is given to end by itself. */
const DYING_MS = 15_000
const isPossible = process.platform === 'linux'

describe.skipIf(!isPossible)('memory that is refused', () => {
  it('ends the process at worst: nothing acknowledged is lost, and all of it is there once after a start', async () => {
    const data = join(await temporaryFolder(), 'data')
    const ends: string[] = []
    let token: string | undefined
    let acknowledged = 0
    for (const [round, allowanceMb] of ALLOWANCES_MB.entries()) {
      const service = await startService(data)
      token ??= (await valueOfRunning<{ token: string }>(data, 'access.create', { name: 'desk', role: 'producer' })).token
      limit(service.pid, allowanceMb)
      const before = acknowledged
      acknowledged += await sendAll(service, token, round)
      const isAlive = acknowledged - before === REQUESTS
      // Memory may also be refused to one request alone; then the process lives on and is killed.
      const killing = isAlive ? undefined : setTimeout(() => { void service.kill() }, DYING_MS)
      const { code, signal } = await (isAlive ? service.terminate() : service.ended)
      clearTimeout(killing)
      ends.push(`${allowanceMb} MiB: ${acknowledged - before} of ${REQUESTS} requests, ${signal ?? code}`)
    }
    // The fault was caused: some round could not go to its end.
    expect(acknowledged, ends.join('; ')).toBeLessThan(ALLOWANCES_MB.length * REQUESTS)
    const service = await startService(data)
    const recovered = async (): Promise<number> =>
      (await valueOfRunning<{ messages: { loaded?: number } }>(data, 'status')).messages.loaded ?? 0
    await until(async () => await recovered() >= acknowledged * REQUEST_MESSAGES, 'what was acknowledged to be loaded')
    for (const round of ALLOWANCES_MB.keys()) expect(await sendAll(service, token as string, round)).toBe(REQUESTS)
    const total = ALLOWANCES_MB.length * REQUESTS * REQUEST_MESSAGES
    await until(async () => await recovered() === total, `${total} messages, each once`)
    const checks = await valueOfRunning<{ differences: number }[]>(data, 'verify')
    expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
    note({ test: 'memory refused', rounds: ends.join('; ') })
    expect(await service.terminate()).toMatchObject({ code: 0 })
  })
})

/** Lets the process take so much more private memory than it has now. */
function limit (pid: number, allowanceMb: number): void {
  const [, kibibytes = '0'] = /VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const bytes = (Number(kibibytes) + allowanceMb * KIBIBYTE) * KIBIBYTE
  execFileSync('prlimit', ['--pid', String(pid), `--data=${bytes}:${bytes}`])
}

/** Sends a round's requests until one fails for good; returns how many were acknowledged. */
async function sendAll ({ address }: RunningService, token: string, round: number): Promise<number> {
  for (let request = 0; request < REQUESTS; request++) {
    const ids = Array.from({ length: REQUEST_MESSAGES }, (_, i) => `${round}-${request}-${i}`)
    const status = await fetch(`${address}/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson', authorization: `Bearer ${token}`, 'idempotency-key': `${round}-${request}`
      },
      body: lines(ids.map(id => crossing(id)))
    }).then(async response => {
      await response.text()
      return response.status
    }, () => 0)
    if (status >= 300 || status === 0) return request
  }
  return REQUESTS
}
