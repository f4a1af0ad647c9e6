// Mutated request bodies and headers through the intake: an answer with a problem or a receipt, never a fault of ours,
// never a value of the body in it, and exactly the acknowledged messages handed on.
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { stream } from '../process/messages.ts'
import { createWarehouse, JSON_ARRAY, NDJSON, startIntake } from '../ingest/http/support.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { mutate } from './mutate.ts'
import { createRandom, type Random } from './random.ts'

const count = Math.ceil(Number(process.env.BORDERFLOW_TEST_FUZZ ?? 20_000) / 10)
const seed = Number(process.env.BORDERFLOW_TEST_SEED ?? 20260105)
const CANARY = 'QZXJ'
const HANGS_MS = 20_000
const TYPES = ['application/x-ndjson', 'application/json', 'text/plain', 'application/json; charset=utf-16', '', 'x']
const ENCODINGS = ['gzip', 'identity', 'br', 'deflate', 'gzip, gzip', 'x']

const originals = stream({
  seed, scale: 0.02, from: '2026-02-01', to: '2026-02-02', correctionShare: 0.05, duplicateShare: 0, badShare: 0.02
}).map(({ value }) => Buffer.from(value.toString('utf8').replace(/("document":\{[^}]*"number":")/, `$1${CANARY}`)))

describe(`${count} mutated requests of seed ${seed}`, () => {
  it('are answered within bounds, and what is acknowledged is handed on', async () => {
    const random = createRandom(seed)
    const warehouse = createWarehouse()
    const { app, stop, logged } = await startIntake({
      folder: await temporaryFolder(), bodyBytesMax: 262_144, backlogBytesMax: 1 << 30, answerWaitMs: 20_000
    }, warehouse)
    const statuses = new Map<number, number>()
    let acknowledged = 0
    for (let i = 0; i < count; i++) {
      const { headers, body } = request(random, i)
      const started = performance.now()
      const response = await app.inject({ method: 'POST', url: '/v1/events', headers, payload: body })
      expect(performance.now() - started).toBeLessThan(HANGS_MS)
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1)
      expect(response.statusCode, response.body).toBeLessThan(500)
      expect(response.body).not.toContain(CANARY)
      if (response.statusCode >= 400) {
        expect(response.headers['content-type'], response.body).toContain('application/problem+json')
      } else {
        acknowledged += (response.json() as { read: number }).read
      }
    }
    await stop()
    expect(warehouse.loader.batches.reduce((sum, { messages }) => sum + messages.offsets.length, 0)).toBe(acknowledged)
    for (const status of [200, 400, 415]) expect(statuses.get(status) ?? 0, `answers ${status}`).toBeGreaterThan(0)
    expect(logged.join('\n')).not.toContain(CANARY)
  }, 120_000 + count * 100)
})

function request (random: Random, i: number): { headers: Record<string, string>, body: Buffer } {
  const messages = Array.from({ length: random.below(6) }, () => Buffer.from(mutate(random.pick(originals), random)))
  const isArray = random.next() < 0.4
  const plain = isArray
    ? Buffer.from(`[${messages.map(message => message.toString('utf8')).join(',')}]`)
    : Buffer.concat(messages.flatMap(message => [message, Buffer.from('\n')]))
  const spoiled = random.next() < 0.5 ? plain : Buffer.from(mutate(plain, random))
  const headers: Record<string, string> = { ...isArray ? JSON_ARRAY : NDJSON }
  if (random.next() < 0.1) headers['content-type'] = random.pick(TYPES)
  if (random.next() < 0.1) headers['idempotency-key'] = random.pick(['', 'a'.repeat(300), `key-${i}`, 'k\u00e9', 'a b'])
  if (random.next() < 0.05) headers['content-encoding'] = random.pick(ENCODINGS)
  if (random.next() < 0.2) {
    const packed = gzipSync(spoiled)
    headers['content-encoding'] = 'gzip'
    return { headers, body: random.next() < 0.5 ? packed : Buffer.from(mutate(packed, random)) }
  }
  return { headers, body: spoiled }
}
