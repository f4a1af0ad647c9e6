import { get as request, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningService, runService, until } from './running-service.ts'
import { recentCrossing } from './events.ts'

const READERS = 8
const ROWS = 2_000_000

let service: RunningService

beforeAll(async () => {
  service = await runService()
  await service.send([recentCrossing('first')])
  // Far more rows than any buffer between us and a reader holds; loading so many would take long.
  await service.runtime.warehouse.exclusive(async connection => {
    await connection.run("insert into main.flow_deltas select date '2020-01-01' + (i // 1000)::integer, 1, " +
      "'arrival', 'admitted', 'land', (i % 200)::smallint, " +
      `'F', 'unknown', 1, 'unknown', false, 1 from range(${ROWS}) as rows (i)`)
  })
})
afterAll(async () => { await service.stop() })

/** Begins to read an answer and stops after its first bytes. */
async function openSlowly (path: string): Promise<IncomingMessage> {
  const token = await service.token('statistician')
  return await new Promise((resolve, reject) => {
    request(`${service.address}${path}`, { headers: { authorization: `Bearer ${token}` } }, response => {
      response.once('data', () => {
        response.pause()
        resolve(response)
      })
    }).on('error', reject)
  })
}

describe('eight slow readers of two million rows', () => {
  it('keep neither loading nor a checkpoint from going on, nor memory from being free', async () => {
    const path = '/v1/tables/flows/data?by=business_date,nationality&format=ndjson'
    const readers: IncomingMessage[] = []
    const before = process.memoryUsage().rss
    for (let i = 0; i < READERS; i++) readers.push(await openSlowly(path))
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(600)
    for (let i = 0; i < 5; i++) await service.send([recentCrossing(`while-${i}`)])
    // Derivation writes too, and a checkpoint waits for nobody: it is tried again, as the loader does.
    await until(async () => await service.runtime.warehouse.checkpoint().then(() => true, () => undefined))
    expect(service.runtime.warehouse.walBytes()).toBeLessThan(1024 * 1024)
    const refused = await service.get(path, 'statistician')
    expect([refused.status, (await refused.json() as { code: string }).code]).toEqual([429, 'RATE_LIMITED'])
    for (const reader of readers) reader.destroy()
    // Whoever leaves gives back what they held.
    const again = await until(async () => {
      const response = await service.get('/v1/tables/flows/data?by=', 'statistician')
      return response.status === 200 ? response : undefined
    })
    expect(await again.json()).toEqual([{ persons: ROWS + 6 }])
  }, 300_000)

  it('get the whole, whoever reads it to its end', async () => {
    const response = await service.get('/v1/tables/flows/data?by=business_date,nationality&format=ndjson', 'statistician')
    let lines = 0
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      for (const byte of bytes) if (byte === 10) lines++
    }
    expect(lines).toBeGreaterThan(ROWS / 10)
  }, 300_000)
})
