import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasCode } from '../../../core/errors.ts'
import { simulateDays, simulateOverHttp, simulateToFolder } from '../../../ingest/simulator/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const options = { seed: 9, scale: 0.01, from: '2025-03-01', to: '2025-03-03' }
const days = [...simulateDays(options)]
const events = days.reduce((sum, day) => sum + day.events.count, 0)
const bytes = days.reduce((sum, day) => sum + day.events.bytes.length, 0)

describe('simulateToFolder', () => {
  it('leaves one whole file a day and nothing partial', async () => {
    const folder = join(await temporaryFolder(), 'spool')
    const seen: string[] = []
    const written = await simulateToFolder(options, folder, { onProgress: ({ day }) => seen.push(day) })
    expect(written).toEqual({ events, bytes, days: 3 })
    expect((await readdir(folder)).sort()).toEqual(days.map(({ day }) => `sim-${day}.ndjson`))
    expect(seen).toEqual(days.map(({ day }) => day))
    for (const { day, events: expected } of days) {
      expect((await readFile(join(folder, `sim-${day}.ndjson`))).equals(expected.bytes)).toBe(true)
    }
  })

  it('compresses on request', async () => {
    const folder = await temporaryFolder()
    await simulateToFolder(options, folder, { gzip: true })
    const file = await readFile(join(folder, 'sim-2025-03-02.ndjson.gz'))
    expect(gunzipSync(file).equals(days[1]!.events.bytes)).toBe(true)
  })

  it('says where it cannot write', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    // The final name is taken by a folder, so the rename fails; the partial file must not stay.
    const target = join(folder, 'target')
    await simulateToFolder({ ...options, to: '2025-03-01' }, join(target, 'sim-2025-03-01.ndjson'))
    const failure: unknown = await simulateToFolder(options, target).catch((error: unknown) => error)
    expect(hasCode(failure, 'FILE_UNREADABLE')).toBe(true)
    expect((await readdir(target)).filter(name => name.endsWith('.partial'))).toEqual([])
  })
})

describe('simulateOverHttp', () => {
  it('sends every line once in order, waits when told to, and repeats a batch under its own key', async () => {
    const taken: string[] = []
    const keys: string[] = []
    const answers = [429, 503, 202, 200]
    const url = await serve((request, body, response) => {
      expect(request.url).toBe('/v1/events')
      expect(request.headers.authorization).toBe('Bearer secret')
      expect(request.headers['content-type']).toBe('application/x-ndjson')
      keys.push(String(request.headers['idempotency-key']))
      const status = answers.shift() ?? 202
      if (status < 300) taken.push(body)
      response.writeHead(status, status === 429 ? { 'retry-after': '0' } : {}).end()
    })
    const sent = await simulateOverHttp(options, { url, token: 'secret', batchMessages: 200 })
    expect(sent).toEqual({ events, bytes, days: 3 })
    expect(taken.join('') === days.map(day => day.events.bytes.toString()).join('')).toBe(true)
    expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]])
    expect(new Set(keys).size).toBe(keys.length - 2)
  })

  it('gives up with a clear error when refused, at once, and when never answered, after its attempts', async () => {
    let requests = 0
    const refusing = await serve((_request, _body, response) => {
      requests++
      response.writeHead(401).end()
    })
    const refused: unknown = await simulateOverHttp(options, { url: refusing, token: 'wrong' })
      .catch((error: unknown) => error)
    expect(hasCode(refused, 'REFUSED')).toBe(true)
    expect(requests).toBe(1)
    const busy = await serve((_request, _body, response) => {
      requests++
      response.writeHead(429, { 'retry-after': '0' }).end()
    })
    const exhausted: unknown = await simulateOverHttp(options, { url: busy, token: 't', attemptsMax: 3 })
      .catch((error: unknown) => error)
    expect(hasCode(exhausted, 'CONTROL_UNREACHABLE')).toBe(true)
    expect(String(exhausted)).toContain('429')
    expect(requests).toBe(4)
  })
})

/** A server on the loopback address until the test ends. */
async function serve (
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => { answer(request, Buffer.concat(chunks).toString(), response) })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
