import { request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { until } from '../files/support.ts'
import { createPlace, createWarehouse, holdCommits, JSON_ARRAY, NDJSON, segmentNames, startIntake, TOKEN, values } from './support.ts'

let folder = ''
let warehouse = createWarehouse()

beforeEach(async () => { ({ folder, warehouse } = await createPlace()) })

const url = '/v1/events'

describe('HTTP intake', () => {
  it('answers 200 with a count per outcome once NDJSON events are durable', async () => {
    const { app, intake } = await startIntake({ folder }, warehouse)
    const response = await app.inject({ method: 'POST', url, headers: NDJSON, payload: '{"n":1}\n\n{"n":2}\r\n' })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      receipt: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      read: 3,
      loaded: 2,
      duplicate: 0,
      superseded: 0,
      quarantined: { empty: 1 }
    })
    expect(values(warehouse.loader)).toEqual(['{"n":1}', '', '{"n":2}\r'])
    expect(warehouse.loader.batches[0]).toMatchObject({ source: 'http', partition: 'http', firstOffset: 0, nextOffset: 3 })
    expect(intake.source.status()).toMatchObject({ state: 'running', lag: 0 })
  })

  it('takes the exact bytes of a JSON array\'s elements, plain or gzip', async () => {
    const { app } = await startIntake({ folder }, warehouse)
    const elements = ['{"a" : "]},{"}', '{ garbage [ ] }', '{"b":1.0}']
    const payload = `[${elements.join(' ,\n')}]`
    const plain = await app.inject({ method: 'POST', url, headers: JSON_ARRAY, payload })
    const zipped = await app.inject({
      method: 'POST', url, headers: { ...JSON_ARRAY, 'content-encoding': 'gzip' }, payload: gzipSync(payload)
    })
    expect([plain.statusCode, zipped.statusCode]).toEqual([200, 200])
    expect(values(warehouse.loader)).toEqual([...elements, ...elements])
  })

  it('answers zero counts for no events and stores nothing', async () => {
    const { app } = await startIntake({ folder }, warehouse)
    for (const [headers, payload] of [[JSON_ARRAY, '[]'], [NDJSON, '']] as const) {
      const response = await app.inject({ method: 'POST', url, headers, payload })
      expect(response.statusCode).toBe(200)
      expect(response.json()).toMatchObject({ receipt: null, read: 0, loaded: 0 })
    }
    expect(await segmentNames(folder)).toEqual([])
  })

  it('wants a producer\'s token and says so in problem+json', async () => {
    const { app } = await startIntake({ folder }, warehouse)
    for (const authorization of ['', 'Bearer wrong', 'Basic dG9rZW4=', 'Bearer ' + 'x'.repeat(600)]) {
      const headers = { 'content-type': 'application/x-ndjson', ...(authorization === '' ? {} : { authorization }) }
      for (const response of [
        await app.inject({ method: 'POST', url, headers, payload: '{}' }),
        await app.inject({ method: 'GET', url: '/v1/receipts/' + '0'.repeat(32), headers })
      ]) {
        expect(response.statusCode).toBe(401)
        expect(response.headers['content-type']).toContain('application/problem+json')
        expect(response.json()).toMatchObject({ status: 401, type: 'urn:borderflow:problem:unauthorized' })
      }
    }
    expect(await segmentNames(folder)).toEqual([])
  })

  it('refuses bodies that are no array, no gzip, of another type, or too large, without repeating them', async () => {
    const { app } = await startIntake(
      { folder, bodyBytesMax: 10_000, wireBytesMax: 5000, requestMessagesMax: 100 }, warehouse)
    const gzip = { 'content-encoding': 'gzip' }
    const cases: [number, Record<string, string>, string | Buffer][] = [
      [400, JSON_ARRAY, '[{"secret":1}'],
      [400, JSON_ARRAY, '{"secret":1}'],
      [400, JSON_ARRAY, ''],
      [400, { ...NDJSON, ...gzip }, '{"secret":1}'],
      [400, { ...NDJSON, ...gzip }, gzipSync('{"secret":1}').subarray(0, 20)],
      [415, { ...NDJSON, 'content-encoding': 'br' }, '{"secret":1}'],
      [415, { ...TOKEN, 'content-type': 'text/plain' }, '{"secret":1}'],
      [415, { ...TOKEN, 'content-type': 'application/jsonx' }, '[{"secret":1}]'],
      [413, NDJSON, '{"secret":1}'.repeat(500)],
      [413, { ...NDJSON, ...gzip }, gzipSync('{"secret":1}'.repeat(1000))],
      [413, { ...NDJSON, ...gzip }, gzipSync(Buffer.alloc(50_000_000, 32)).subarray(0, 5000)],
      [413, NDJSON, '\n'.repeat(101)],
      [400, { ...NDJSON, 'idempotency-key': 'x'.repeat(256) }, '{"secret":1}']
    ]
    for (const [status, headers, payload] of cases) {
      const response = await app.inject({ method: 'POST', url, headers, payload })
      expect(response.statusCode, `${JSON.stringify(headers)} ${payload.length}`).toBe(status)
      expect(response.json()).toMatchObject({ status })
      expect(response.headers['content-type']).toContain('application/problem+json')
      expect(response.body).not.toContain('secret')
    }
    expect(await segmentNames(folder)).toEqual([])
  })

  it('answers 202 while loading lags, and the counts at the receipt later, to its producer only', async () => {
    const release = holdCommits(warehouse.loader)
    const { app } = await startIntake({ folder, answerWaitMs: 20 }, warehouse)
    const response = await app.inject({ method: 'POST', url, headers: NDJSON, payload: '1\n2\n' })
    expect(response.statusCode).toBe(202)
    const { receipt } = response.json() as { receipt: string }
    expect(response.json()).toEqual({ receipt, status: 'accepted' })
    const read = (id: string, headers = TOKEN) => app.inject({ method: 'GET', url: `/v1/receipts/${id}`, headers })
    expect((await read(receipt)).statusCode).toBe(202)
    expect((await read(receipt, { authorization: 'Bearer token-of-other' })).statusCode).toBe(404)
    release()
    await until(() => warehouse.receipts.has(receipt), 'the load')
    await until(async () => (await read(receipt)).statusCode === 200, 'the counts')
    expect((await read(receipt)).json()).toMatchObject({ receipt, read: 2, loaded: 2 })
    expect((await read('0'.repeat(32))).statusCode).toBe(404)
    expect((await read('..%2f..')).statusCode).toBe(404)
  })

  it.each(['respond-async', 'wait=5, Respond-Async; x=1'])('does not keep a sender waiting that asks for it: %s', async prefer => {
    const { app } = await startIntake({ folder, answerWaitMs: 60_000 }, warehouse, { isLoading: false })
    const response = await app.inject({ method: 'POST', url, headers: { ...NDJSON, prefer }, payload: '1\n' })
    expect([response.statusCode, response.headers['preference-applied']]).toEqual([202, 'respond-async'])
  })

  it('stores a body once for an Idempotency-Key, in flight and later, and refuses another body under it', async () => {
    const release = holdCommits(warehouse.loader)
    const { app } = await startIntake({ folder, answerWaitMs: 5000 }, warehouse)
    const headers = { ...NDJSON, 'idempotency-key': 'k-1' }
    const post = (payload: string, more = {}) => app.inject({ method: 'POST', url, headers: { ...headers, ...more }, payload })
    const both = [post('1\n'), post('1\n')]
    await until(async () => (await segmentNames(folder).catch(() => [])).length === 1, 'the segment')
    release()
    const [first, second] = await Promise.all(both)
    expect(first?.json()).toEqual(second?.json())
    expect((await post('1\n')).json()).toEqual(first?.json())
    expect((await post('2\n')).statusCode).toBe(422)
    const other = await post('2\n', { authorization: 'Bearer token-of-other' })
    expect(other.statusCode).toBe(200)
    expect(values(warehouse.loader)).toEqual(['1', '2'])
  })

  it('shares batches between small requests and splits large ones, with the counts of each exact', async () => {
    const release = holdCommits(warehouse.loader)
    const { app } = await startIntake({ folder, batchMessagesMax: 50, answerWaitMs: 5000 }, warehouse)
    const requests = Array.from({ length: 40 }, (_, index) => app.inject({
      method: 'POST', url, headers: NDJSON, payload: `${index}\n`.repeat(index === 7 ? 120 : index % 3 + 1)
    }))
    await until(async () => (await segmentNames(folder).catch(() => [])).length === 1, 'the segment')
    release()
    const answers = (await Promise.all(requests)).map(response => response.json() as { read: number, receipt: string })
    expect(answers.map(answer => answer.read))
      .toEqual(Array.from({ length: 40 }, (_, index) => index === 7 ? 120 : index % 3 + 1))
    expect(new Set(answers.map(answer => answer.receipt)).size).toBe(40)
    expect(warehouse.loader.batches.length).toBeLessThan(40)
    expect(Math.max(...warehouse.loader.batches.map(batch => batch.messages.offsets.length))).toBeLessThanOrEqual(50)
    const offsets = warehouse.loader.batches.flatMap(batch => [...batch.messages.offsets])
    expect(offsets).toEqual(offsets.map((_, index) => index))
  })

  it('reads from the segments what did not fit into memory, in order', async () => {
    const release = holdCommits(warehouse.loader)
    const { app } = await startIntake(
      { folder, memoryBytesMax: 100, answerWaitMs: 1, segmentBytesMax: 2000 }, warehouse)
    const sent: string[] = []
    for (let index = 0; index < 60; index++) {
      const value = `${index}-${'x'.repeat(60)}`
      sent.push(value)
      expect((await app.inject({ method: 'POST', url, headers: NDJSON, payload: value })).statusCode).toBe(202)
    }
    expect((await segmentNames(folder)).length).toBeGreaterThan(3)
    release()
    await until(() => values(warehouse.loader).length === 60, 'all of them')
    expect(values(warehouse.loader)).toEqual(sent)
  })

  it('stores nothing of a body whose sender hangs up, and serves the next', async () => {
    const { app } = await startIntake({ folder }, warehouse)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    const head = Object.entries({ ...NDJSON, host: 'x', 'content-length': '100' }).map(([k, v]) => `${k}: ${v}\r\n`).join('')
    socket.write(`POST ${url} HTTP/1.1\r\n${head}\r\n{"n":1}\n{"n":`)
    await until(() => socket.bytesWritten > 0, 'the half body')
    socket.destroy()
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ port, method: 'POST', path: url, headers: NDJSON }, response => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
      })
      request.on('error', reject)
      request.write('{"n":3}\n')
      request.end('{"n":4}\n')
    })
    expect(status).toBe(200)
    expect(values(warehouse.loader)).toEqual(['{"n":3}', '{"n":4}'])
  })

  it('tells a sender over a socket that its body is too large before all of it was sent', async () => {
    const { app } = await startIntake({ folder, wireBytesMax: 1000 }, warehouse)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest({ port, method: 'POST', path: url, headers: NDJSON }, response => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      // Never ended: the answer must come while the body is still open.
      request.write('x'.repeat(5000))
    })
    expect(status).toBe(413)
  })

  it('refuses new bodies with 503 once it is closing', async () => {
    const { app, intake } = await startIntake({ folder }, warehouse)
    await intake.close()
    const response = await app.inject({ method: 'POST', url, headers: NDJSON, payload: '1\n' })
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('5')
  })

  it('ends with the loader\'s error even while nothing comes in', async () => {
    warehouse.loader.beforeCommit = async () => { throw new Error('database is gone') }
    const { app, intake, ended } = await startIntake({ folder, answerWaitMs: 20 }, warehouse)
    expect((await app.inject({ method: 'POST', url, headers: NDJSON, payload: '1\n' })).statusCode).toBe(202)
    await expect(ended).rejects.toThrow('database is gone')
    expect(intake.source.status().state).toBe('failed')
  })
})
