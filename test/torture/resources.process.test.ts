// The program with little memory: two hundred clients at once, senders that stall or dribble, and gzip bombs.
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startService, until, type RunningService } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { valueOfRunning } from '../process/folders.ts'
import { crossing, lines } from '../process/messages.ts'
import { note } from './summary.ts'

const CLIENTS = 200
const REQUESTS_EACH = 5
const REQUEST_MESSAGES = 20
/** Of JavaScript, MiB; the default would be gigabytes. */
const HEAP_MB = 192
/** Heap, DuckDB, and the parts of Node that are neither. */
const RESIDENT_MB_MAX = 1_024
const env = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, BORDERFLOW_DATABASE_MEMORY_LIMIT_MB: '256' }
const NDJSON = { 'content-type': 'application/x-ndjson' }

describe('a process with little memory', () => {
  it(`serves ${CLIENTS} clients at once, loads every event once, and outlives stalled senders and gzip bombs`, async () => {
    const data = join(await temporaryFolder(), 'data')
    const service = await startService(data, { env })
    const { token } = await valueOfRunning<{ token: string }>(data, 'access.create', { name: 'desk', role: 'producer' })
    const headers = { ...NDJSON, authorization: `Bearer ${token}` }
    const stalled = Array.from({ length: 20 }, () => stall(service, token))
    const dribbling = Array.from({ length: 20 }, () => stall(service, token, true))
    const bombs = Promise.all(Array.from({ length: 20 }, async () => await bomb(service, headers)))
    const refusals = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => await send(service, headers, client)))
    for (const status of await bombs) expect([413, 429, 0]).toContain(status)
    const total = CLIENTS * REQUESTS_EACH * REQUEST_MESSAGES
    await until(async () => await loadedOf(data) === total, `${total} messages`)
    expect((await valueOfRunning<{ messages: object }>(data, 'status')).messages).toEqual({ loaded: total })
    const checks = await valueOfRunning<{ differences: number }[]>(data, 'verify')
    expect(checks.filter(({ differences }) => differences > 0)).toEqual([])
    await until(() => stalled.every(({ socket }) => socket.destroyed || socket.readableEnded), 'stalled senders to be cut off')
    await until(() => dribbling.every(({ socket }) => socket.destroyed || socket.readableEnded), 'dribbling senders as well')
    const residentMb = mostResidentMb(service.pid)
    expect(residentMb).toBeGreaterThan(0)
    expect(residentMb).toBeLessThan(RESIDENT_MB_MAX)
    note({
      test: 'resources', clients: CLIENTS, messages: total, refused: refusals.reduce((sum, count) => sum + count, 0), residentMb
    })
    expect(await service.terminate()).toMatchObject({ code: 0 })
  })
})

/** Sends a client's requests one after the other, again where it is told to come back. Returns how often it was. */
async function send ({ address }: RunningService, headers: Record<string, string>, client: number): Promise<number> {
  let refused = 0
  for (let request = 0; request < REQUESTS_EACH; request++) {
    const body = lines(Array.from({ length: REQUEST_MESSAGES }, (_, i) => crossing(`${client}-${request}-${i}`)))
    await until(async () => {
      const response = await fetch(`${address}/v1/events`, {
        method: 'POST', headers: { ...headers, 'idempotency-key': `${client}-${request}` }, body
      }).catch(() => null)
      // A connection on which nothing moves for ten seconds is closed, and where the machine is busy a right one may be
      // that: its sender comes again with the same key.
      if (response === null) {
        refused++
        return false
      }
      await response.text()
      if (!response.ok) {
        expect([429, 503]).toContain(response.status)
        refused++
      }
      return response.ok
    }, `request ${request} of client ${client}`)
  }
  return refused
}

/** A gigabyte of blanks in a megabyte. The status, or 0 where the connection was closed while it was still sent. */
async function bomb ({ address }: RunningService, headers: Record<string, string>): Promise<number> {
  try {
    const response = await fetch(`${address}/v1/events`, {
      method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: BOMB
    })
    await response.text()
    return response.status
  } catch {
    return 0
  }
}

/** Members of a gzip file may follow each other. */
const BLANKS = gzipSync(Buffer.alloc(1024 * 1024, ' '))
const BOMB = Buffer.concat(Array.from({ length: 1_000 }, () => BLANKS))

/** A sender that says more than it sends: nothing after the head, or a byte now and then. */
function stall ({ address }: RunningService, token: string, dribbles = false): { socket: Socket } {
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.write(`POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
    'content-type: application/x-ndjson\r\ncontent-length: 100000\r\n\r\n{"contract"')
  if (dribbles) {
    const timer = setInterval(() => { if (socket.writable) socket.write(' ') }, 500)
    socket.on('close', () => { clearInterval(timer) })
  }
  onTestFinished(() => { socket.destroy() })
  return { socket }
}

async function loadedOf (data: string): Promise<number> {
  return (await valueOfRunning<{ messages: { loaded?: number } }>(data, 'status')).messages.loaded ?? 0
}

/** The most memory that the process has had, MiB. */
function mostResidentMb (pid: number): number {
  const [, kibibytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}
