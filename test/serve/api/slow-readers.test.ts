import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningService, runService, until } from './running-service.ts'
import { LONG_ANSWER, openSlowly, writeLongAnswer } from '../../support/slow-reader.ts'
import { recentCrossing } from './events.ts'

const READERS = 8
/** Each a row of its own in the answer: far more bytes than all buffers between us and a reader hold. */
const ROWS = 300_000
const ANSWER_BYTES_MIN = 10 * 1024 * 1024

let service: RunningService
let stopped = false

beforeAll(async () => {
  service = await runService()
  await service.send([recentCrossing('first')])
  await writeLongAnswer(service.runtime.warehouse, ROWS)
})
afterAll(async () => { if (!stopped) await service.stop() })

async function openAll (): Promise<IncomingMessage[]> {
  const readers: IncomingMessage[] = []
  for (let i = 0; i < READERS; i++) {
    readers.push(await openSlowly(`${service.address}${LONG_ANSWER}`, await service.token('statistician')))
  }
  return readers
}

describe('eight slow readers of a long answer', () => {
  it('keep neither loading nor a checkpoint from going on, nor memory from being free', async () => {
    const before = process.memoryUsage().rss
    const readers = await openAll()
    const refused = await service.get(LONG_ANSWER, 'statistician')
    expect([refused.status, (await refused.json() as { code: string }).code]).toEqual([429, 'RATE_LIMITED'])
    expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(600)
    for (let i = 0; i < 5; i++) await service.send([recentCrossing(`while-${i}`)])
    await service.runtime.warehouse.checkpoint()
    expect(service.runtime.warehouse.walBytes()).toBeLessThan(1024 * 1024)
    for (const reader of readers) reader.destroy()
    // Whoever leaves gives back what they held.
    const again = await until(async () => {
      const response = await service.get('/v1/tables/flows/data?by=', 'statistician')
      if (response.status === 200) return response
      await response.text()
      return undefined
    })
    expect(await again.json()).toEqual([{ persons: ROWS + 6 }])
  }, 300_000)

  it('get the whole, whoever reads it to its end', async () => {
    const response = await service.get(LONG_ANSWER, 'statistician')
    let lines = 0
    let bytes = 0
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += piece.length
      for (const byte of piece) if (byte === 10) lines++
    }
    expect(lines).toBeGreaterThan(ROWS / 5)
    expect(bytes).toBeGreaterThan(ANSWER_BYTES_MIN)
  }, 300_000)

  it('are not waited for when the service stops, and cannot take what they got for the whole', async () => {
    const readers = await openAll()
    const ended = Promise.all(readers.map(async reader => await new Promise<boolean>(resolve => {
      reader.on('close', () => { resolve(reader.complete) })
    })))
    stopped = true
    // They read nothing: a service that waited for them would have to be ended by force.
    await service.stop()
    for (const reader of readers) reader.resume()
    expect(await ended).toEqual(readers.map(() => false))
  }, 300_000)
})
