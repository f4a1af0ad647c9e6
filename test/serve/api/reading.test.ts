// What holds of every reader: nothing is seen that is not written down, and who has gone or may no more costs nothing.
import { readFileSync } from 'node:fs'
import { get as request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOperation } from '../../../cli/operations/index.ts'
import { eventsOf, recentCrossing } from './events.ts'
import { type RunningService, runService, until } from './running-service.ts'

interface Entry { action: string, target: string, detail?: Record<string, unknown> }
interface Made { id: string, token: string }

let service: RunningService
beforeAll(async () => {
  service = await runService()
  await service.send([recentCrossing('first')])
})
afterAll(async () => { await service.stop() })

function reads (): Entry[] {
  return readFileSync(service.runtime.audit.file, 'utf8').split('\n').filter(line => line !== '')
    .map(line => JSON.parse(line) as Entry).filter(({ action }) => action === 'table.read')
}

async function operator (): Promise<Made> {
  return (await runOperation(service.runtime, 'access.create', { name: 'an operator', role: 'operator' }) as { value: Made }).value
}

describe('reading a table', () => {
  it('is in the audit log before the first byte of the answer is out, with what was asked', async () => {
    const authorization = `Bearer ${await service.token('statistician')}`
    const before = reads().length
    const atFirstByte = await new Promise<Entry[]>((resolve, reject) => {
      const path = '/v1/tables/flows/data?by=checkpoint,direction&where=direction%3Darrival'
      request(`${service.address}${path}`, { headers: { authorization } }, response => {
        response.once('readable', () => {
          resolve(reads())
          response.resume()
        })
      }).on('error', reject)
    })
    expect(atFirstByte.slice(before)).toMatchObject([{
      target: 'flows', detail: { by: 'http', dimensions: 'checkpoint,direction', where: 'direction=arrival' }
    }])
  })

  it('that is refused is not, for nothing was read', async () => {
    const before = reads().length
    expect((await service.get('/v1/tables/flows/data?by=nothing', 'statistician')).status).toBe(400)
    expect((await service.get('/v1/tables/flows/data', 'operator')).status).toBe(403)
    expect(reads()).toHaveLength(before)
  })

  it('as of another date computes what is derived for that date', async () => {
    const response = await service.get('/v1/tables/stock/data?asOf=2020-01-01&by=', 'statistician')
    expect([response.status, await response.json()]).toEqual([200, expect.any(Array)])
    expect(reads().at(-1)).toMatchObject({ target: 'stock', detail: { asOf: '2020-01-01', dimensions: '' } })
  })

  it('ends with whoever asked: what would take days makes room for others', async () => {
    const { warehouse } = service.runtime
    await warehouse.exclusive(async connection => {
      await connection.run('alter view published.flows rename to flows_of_before')
      await connection.run('create view published.flows as ' +
        'select before.* from published.flows_of_before as before cross join range(1000000000000)')
    })
    const before = reads().length
    const cpuBefore = process.cpuUsage()
    const abort = new AbortController()
    // As many as may work at a time; a third would wait for them.
    const asked = [1, 2].map(async () => await fetch(`${service.address}/v1/tables/flows/data?by=`, {
      headers: { authorization: `Bearer ${await service.token('statistician')}` }, signal: abort.signal
    }).then(response => response.status, () => 'gone'))
    await until(async () => reads().length === before + 2 ? true : undefined)
    // Both are at work: nothing else here takes as much.
    await until(async () => process.cpuUsage(cpuBefore).user > 2_000_000 ? true : undefined)
    abort.abort()
    expect(await Promise.all(asked)).toEqual(['gone', 'gone'])
    await warehouse.exclusive(async connection => {
      await connection.run('drop view published.flows')
      await connection.run('alter view published.flows_of_before rename to flows')
    })
    const response = await service.get('/v1/tables/flows/data?by=', 'statistician')
    expect([response.status, await response.json()]).toEqual([200, [{ persons: 1 }]])
  })
})

describe('an event stream', () => {
  async function open (headers: Record<string, string>): Promise<AsyncGenerator<{ event: string }>> {
    const events = eventsOf(await fetch(`${service.address}/v1/stream`, { headers }))
    expect((await events.next()).value).toMatchObject({ event: 'board' })
    return events
  }

  /** Reads on to the end, however that looks from here. */
  async function ended (events: AsyncGenerator): Promise<boolean> {
    try {
      while ((await events.next()).done !== true);
    } catch {
      // Broken off.
    }
    return true
  }

  it('ends when its session is signed out', async () => {
    const { token } = await operator()
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
    const answer = await fetch(`${service.address}/v1/session`, { method: 'POST', headers, body: JSON.stringify({ token }) })
    const cookie = answer.headers.getSetCookie().map(text => text.split(';')[0]).join('; ')
    const events = await open({ cookie })
    const out = await fetch(`${service.address}/v1/session`, { method: 'DELETE', headers: { cookie, 'sec-fetch-site': 'same-origin' } })
    expect(out.ok).toBe(true)
    expect(await ended(events)).toBe(true)
    expect((await fetch(`${service.address}/v1/stream`, { headers: { cookie } })).status).toBe(401)
  })

  it('ends when its access is revoked', async () => {
    const { id, token } = await operator()
    const events = await open({ authorization: `Bearer ${token}` })
    await runOperation(service.runtime, 'access.revoke', { id })
    expect(await ended(events)).toBe(true)
    expect((await fetch(`${service.address}/v1/stream`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
  })
})
