import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OPENAPI_FILE } from '../../../cli/openapi-document.ts'
import { packageFile } from '../../../core/package-root.ts'
import { applyPatch } from '../../../serve/stream/merge-patch.ts'
import { type Board, boardSchema, boardSeriesSchema } from '../../../serve/board/board-schema.ts'
import { boardEventsOf, recentCrossing } from './events.ts'
import { type RunningService, runService, until } from './running-service.ts'

let service: RunningService

beforeAll(async () => {
  service = await runService()
})
afterAll(async () => { await service.stop() })

async function board (): Promise<Board> {
  return boardSchema.parse(await (await service.get('/v1/board', 'operator')).json())
}

describe('the board', () => {
  it('shows an event that was posted, on an open stream too, soon after', async () => {
    const abort = new AbortController()
    const response = await fetch(`${service.address}/v1/stream`, {
      headers: { authorization: `Bearer ${await service.token('operator')}` }, signal: abort.signal
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.headers.get('content-encoding')).toBe(null)
    const events = boardEventsOf(response)
    const first = (await events.next()).value!
    expect(first.event).toBe('board')
    let current = JSON.parse(first.data) as Board
    const before = current.checkpoints['KHC-BVT']!.lastHour.arrivals
    await service.send([recentCrossing('board-1', {}, 0)])
    const sent = performance.now()
    while (current.checkpoints['KHC-BVT']!.lastHour.arrivals === before) {
      const { event, data } = (await events.next()).value!
      current = event === 'board' ? JSON.parse(data) as Board : applyPatch(current, JSON.parse(data) as never)
    }
    const seconds = (performance.now() - sent) / 1000
    expect(current.checkpoints['KHC-BVT']!.lastHour.arrivals).toBe(before + 1)
    expect(current.nationalities.AUS?.arrivals).toEqual({ below: 5 })
    expect(current.country.thisHour.arrivals + current.country.lastHour.arrivals).toBeGreaterThan(0)
    // Two seconds on a free machine; tests share theirs.
    expect(seconds).toBeLessThan(20)
    abort.abort()
    expect(boardSchema.parse(current)).toEqual(current)
  })

  it('is answered as not changed to whoever has it, and compressed to whoever wants that', async () => {
    const { status, headers } = await until(async () => {
      const response = await service.get('/v1/board', 'operator')
      const again = await service.get('/v1/board', 'operator', { 'if-none-match': response.headers.get('etag') ?? '' })
      await again.text()
      // Another may have been computed in between.
      return again.status === 304 ? again : undefined
    })
    expect([status, headers.get('etag')?.startsWith('W/"')]).toEqual([304, true])
    const compressed = await service.get('/v1/board', 'operator', { 'accept-encoding': 'gzip' })
    expect(compressed.headers.get('content-encoding')).toBe('gzip')
    expect(boardSchema.safeParse(await compressed.json()).success).toBe(true)
  })

  it('goes on behind the last event for whoever comes back', async () => {
    // The first derived figures come as a whole: there is nothing that they could be a change of.
    const { id, known } = await until(async () => {
      const response = await service.get('/v1/board', 'operator')
      const known = await response.json() as Board
      return known.inCountry === null
        ? undefined
        : { id: response.headers.get('etag')!.replace(/^W\/"|"$/g, ''), known }
    })
    await service.send([recentCrossing('resume-1')])
    const abort = new AbortController()
    const events = boardEventsOf(await fetch(`${service.address}/v1/stream`, {
      headers: { authorization: `Bearer ${await service.token('operator')}`, 'last-event-id': id }, signal: abort.signal
    }))
    const { event, data } = (await events.next()).value!
    abort.abort()
    expect(event).toBe('patch')
    expect(boardSchema.parse(applyPatch(known, JSON.parse(data) as never)).at >= known.at).toBe(true)
  })

  it('counts a correction and a void as the tables do', async () => {
    const at = { checkpoint: 'KHC-SAI', decision: 'admitted' }
    await service.send([recentCrossing('void-1', at, 0), recentCrossing('fix-1', at, 0)])
    await service.send([
      recentCrossing('fix-1', { ...at, direction: 'exit', revision: 2 }, 0),
      { contract: 'gdi.crossing.v1', event_id: 'void-1', revision: 2, action: 'void' }
    ])
    const { today } = await until(async () => {
      const flow = (await board()).checkpoints['KHC-SAI']!
      return flow.today.departures === 1 && flow.today.arrivals === 0 ? flow : undefined
    })
    expect(today).toEqual({ arrivals: 0, departures: 1, net: -1 })
  })

  it('has a series by hour and by day', async () => {
    const { businessDate, checkpoints } = await board()
    const hours = boardSeriesSchema.parse(await (await service.get(
      `/v1/board/series?from=${businessDate}&to=${businessDate}&checkpoint=KHC-BVT`, 'operator')).json())
    const sum = hours.points.reduce((total, point) => total + point.arrivals, 0)
    expect(sum).toBe(checkpoints['KHC-BVT']!.today.arrivals)
    const days = boardSeriesSchema.parse(await (await service.get(
      `/v1/board/series?from=${businessDate}&to=${businessDate}&grain=day&mode=land`, 'operator')).json())
    expect(days.points).toHaveLength(1)
    const refused = await service.get('/v1/board/series?from=2020-01-01&to=2026-01-01', 'operator')
    expect([refused.status, (await refused.json() as { code: string }).code]).toEqual([400, 'QUERY_INVALID'])
  })
})

describe('the tables', () => {
  it('are declared to everybody who is signed in, and answered to statisticians, who are written down', async () => {
    const tables = await (await service.get('/v1/tables', 'policy')).json() as { id: string }[]
    expect(tables.map(({ id }) => id)).toContain('flows')
    const one = await (await service.get('/v1/tables/flows', 'auditor')).json() as { codeLists: Record<string, unknown[]> }
    expect(one.codeLists.checkpoints?.length).toBeGreaterThan(30)
    for (const role of ['operator', 'policy', 'administrator', 'auditor', 'tracing'] as const) {
      expect((await service.get('/v1/tables/flows/data', role)).status).toBe(403)
    }
    const response = await service.get('/v1/tables/flows/data?by=checkpoint&where=direction%3Darrival&format=csv', 'statistician')
    expect(response.headers.get('content-type')).toContain('text/csv')
    expect(await response.text()).toMatch(/^checkpoint,persons\r?\nKHC-BVT,\d+/)
    const entries = await (await service.get('/v1/tables/flows', 'statistician')).text()
    expect(entries).toContain('flows')
  })

  it('come in every format and in pages', async () => {
    for (const format of ['json', 'ndjson', 'parquet', 'arrow', 'arrow-stream', 'table']) {
      const response = await service.get(`/v1/tables/flows/data?by=checkpoint&format=${format}`, 'statistician')
      expect([format, response.status]).toEqual([format, 200])
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(10)
    }
    const all = await (await service.get('/v1/tables/flows/data?by=checkpoint', 'statistician')).json() as unknown[]
    const page = await (await service.get('/v1/tables/flows/data?by=checkpoint&limit=1&offset=1', 'statistician')).json()
    expect(page).toEqual(all.slice(1, 2))
  })

  it('are refused with a problem that says what was expected', async () => {
    const refused = await service.get('/v1/tables/flows/data?by=nothing', 'statistician')
    expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect((await refused.json() as { code: string }).code).toBe('QUERY_INVALID')
    expect((await service.get('/v1/tables/flow', 'statistician')).status).toBe(404)
    expect((await service.get('/v1/tables/flows/data?colour=red', 'statistician')).status).toBe(400)
  })
})

describe('the quarantine', () => {
  it('is listed and shown masked, replayed and discarded by its keepers, revealed with a reason only', async () => {
    await service.send([recentCrossing('bad-1', { checkpoint: 'NOWHERE' })])
    const { entries } = await until(async () => {
      const list = await (await service.get('/v1/quarantine?state=open', 'operator')).json() as { entries: { id: string }[] }
      return list.entries.length > 0 ? list : undefined
    })
    const id = entries[0]!.id
    const shown = await (await service.get(`/v1/quarantine/${id}`, 'operator')).text()
    expect(shown).toContain('checkpoint_unknown')
    expect(shown).not.toContain('Nbad-1')
    const replayed = await (await service.post('/v1/quarantine/replay', 'operator', { id })).json()
    expect(replayed).toMatchObject({ replayed: 1, quarantined: 1 })
    expect((await service.post(`/v1/quarantine/${id}/reveal`, 'operator', { reason: 'case 12, a test' })).status).toBe(403)
    expect((await service.post(`/v1/quarantine/${id}/reveal`, 'tracing', { reason: '' })).status).toBe(400)
    const revealed = await (await service.post(`/v1/quarantine/${id}/reveal`, 'tracing', { reason: 'case 12, a test' })).text()
    expect(revealed).toContain('Nbad-1')
    expect((await service.post('/v1/quarantine/discard', 'statistician', { id })).status).toBe(403)
    expect(await (await service.post('/v1/quarantine/discard', 'operator', { id })).json()).toEqual({ discarded: 1 })
    expect((await service.post('/v1/quarantine/discard', 'operator', {})).status).toBe(400)
  })
})

describe('the document', () => {
  it('is OpenAPI 3.1 with every route of the API, and its page is there without signing in', async () => {
    const document = await (await fetch(`${service.address}/docs/openapi.json`)).json() as {
      openapi: string, paths: Record<string, unknown>, components: { schemas: Record<string, unknown> }
    }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([
      '/v1/board', '/v1/board/series', '/v1/stream', '/v1/tables', '/v1/tables/{id}', '/v1/tables/{id}/data',
      '/v1/status', '/v1/feeds', '/v1/quarantine', '/v1/session'
    ]))
    expect(document.components.schemas).toHaveProperty('Board')
    expect(JSON.parse(readFileSync(packageFile(OPENAPI_FILE), 'utf8')), 'run `npm run generate`').toEqual(document)
    const page = await fetch(`${service.address}/docs/`)
    expect([page.status, (await page.text()).includes('swagger-ui')]).toEqual([200, true])
  })

  it('and the state of the whole answer to those who keep it running', async () => {
    expect((await service.get('/v1/status', 'administrator')).status).toBe(200)
    expect(((await (await service.get('/v1/feeds', 'operator')).json()) as unknown[]).length).toBeGreaterThan(0)
    expect((await service.get('/v1/status', 'policy')).status).toBe(403)
  })
})
