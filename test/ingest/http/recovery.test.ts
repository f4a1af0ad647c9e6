import { appendFile, open, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../core/civil-date.ts'
import type { HttpIntakeDeps } from '../../../ingest/http/intake.ts'
import { segmentPath } from '../../../ingest/http/segment-files.ts'
import { START_MS, until } from '../files/support.ts'
import { createPlace, createWarehouse, NDJSON, type Running, segmentNames, startIntake, values } from './support.ts'

let folder = ''
let warehouse = createWarehouse()

beforeEach(async () => { ({ folder, warehouse } = await createPlace()) })

const post = ({ app }: Running, payload: string, headers = {}) =>
  app.inject({ method: 'POST', url: '/v1/events', headers: { ...NDJSON, ...headers }, payload })

/** Stores bodies without loading them, as if the process had ended right after the answers. */
async function store (bodies: string[], config = {}): Promise<void> {
  const running = await startIntake({ folder, answerWaitMs: 0, ...config }, warehouse, { isLoading: false })
  for (const body of bodies) expect((await post(running, body)).statusCode).toBe(202)
  await running.stop()
}

/** Overwrites the first place at which the text stands in a segment. The zeroes belong to a message's length. */
async function damage (number: number, text: string): Promise<void> {
  const path = segmentPath(folder, number)
  const bytes = await readFile(path)
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes.fill(0, at, at + text.length)
  await writeFile(path, bytes)
}

describe('segments of the HTTP intake', () => {
  it('loads what was acknowledged and not durable, with its receipt and first received time', async () => {
    await store(['a1\na2\n', 'b1\n'])
    await warehouse.loader.start('http', 'http', 0)
    warehouse.loader.setPosition('http', 'http', 1)
    const running = await startIntake({ folder }, warehouse)
    await until(() => values(warehouse.loader).length === 2, 'the rest')
    expect(values(warehouse.loader)).toEqual(['a2', 'b1'])
    expect([...warehouse.receipts.values()].map(counts => counts.read)).toEqual([1, 1])
    expect((await post(running, 'c1\n')).statusCode).toBe(200)
    expect(warehouse.loader.loaded.at(-1)).toBe('http:3=c1')
    expect(warehouse.loader.batches[0]?.messages.receivedAtMs[0]).toBe(START_MS)
  })

  it('knows the idempotency keys of before, loaded or not', async () => {
    const first = await startIntake({ folder, answerWaitMs: 0 }, warehouse, { isLoading: false })
    const { receipt } = (await post(first, 'a\n', { 'idempotency-key': 'k' })).json() as { receipt: string }
    await first.stop()
    const second = await startIntake({ folder }, warehouse)
    expect((await post(second, 'a\n', { 'idempotency-key': 'k' })).json()).toMatchObject({ receipt, read: 1 })
    await second.stop()
    const third = await startIntake({ folder }, warehouse)
    expect((await post(third, 'a\n', { 'idempotency-key': 'k' })).json()).toMatchObject({ receipt, read: 1 })
    expect((await post(third, 'b\n', { 'idempotency-key': 'k' })).statusCode).toBe(422)
    expect(values(warehouse.loader)).toEqual(['a'])
    const segment = await readFile(segmentPath(folder, 1), 'latin1')
    expect(segment).not.toContain('token-of')
  })

  it('cuts off a torn tail wherever it is torn, and goes on writing in its place', async () => {
    await store(['a\n', 'b\n', 'last\n'])
    const path = segmentPath(folder, 1)
    const { size } = await stat(path)
    const whole = await readFile(path)
    const lastFrame = whole.lastIndexOf('BFF1')
    for (const cut of [size - 1, size - 6, lastFrame + 30, lastFrame + 10, lastFrame + 1]) {
      await writeFile(path, whole)
      await truncate(path, cut)
      const other = createWarehouse()
      const running = await startIntake({ folder }, other)
      expect((await stat(path)).size).toBe(lastFrame)
      expect((await post(running, 'next\n')).statusCode).toBe(200)
      await running.stop()
      expect(other.loader.loaded).toEqual(['http:0=a', 'http:1=b', 'http:2=next'])
      expect(other.loader.lost).toEqual([])
    }
  })

  it('cuts off a tail of zeroes or of other bytes', async () => {
    await store(['a\n'])
    await appendFile(segmentPath(folder, 1), Buffer.concat([Buffer.alloc(5000), Buffer.from('BFF1 and more')]))
    const running = await startIntake({ folder }, warehouse)
    expect((await post(running, 'b\n')).statusCode).toBe(200)
    expect(values(warehouse.loader)).toEqual(['a', 'b'])
  })

  it('makes a segment anew whose creation was cut short', async () => {
    await store(['a\n'])
    await writeFile(segmentPath(folder, 2), 'BFINT')
    const running = await startIntake({ folder, segmentBytesMax: 1 }, warehouse)
    expect((await post(running, 'b\n')).statusCode).toBe(200)
    expect(await segmentNames(folder)).toEqual(['0000000001.segment', '0000000002.segment'])
    expect(values(warehouse.loader)).toEqual(['a', 'b'])
  })

  for (const [where, text] of [['body', '\0\0b1'], ['header', '"firstOrdinal":1']] as const) {
    it(`records a damaged ${where} in the middle as lost and stands there until that is accepted`, async () => {
      await store(['a1\n', 'b1\nb2\n', 'c1\n'])
      await damage(1, text)
      const running = await startIntake({ folder, answerWaitMs: 20 }, warehouse)
      await until(() => warehouse.loader.lost.length === 1, 'the gap')
      expect(warehouse.loader.lost).toEqual([{ partition: 'http', from: 1, to: 3 }])
      expect(running.logged.some(line => line.includes('SEGMENT_DAMAGED'))).toBe(true)
      expect(running.intake.source.status()).toMatchObject({ state: 'stopped', detail: { lostFrom: 1, lostTo: 3 } })
      expect((await post(running, 'd1\n')).statusCode).toBe(202)
      expect(values(warehouse.loader)).toEqual(['a1'])
      warehouse.loader.setPosition('http', 'http', 3)
      await until(() => values(warehouse.loader).length === 3, 'what follows')
      expect(values(warehouse.loader)).toEqual(['a1', 'c1', 'd1'])
      expect(running.intake.source.status()).toMatchObject({ state: 'running', lag: 0 })
    })
  }

  it('finds damage in an older segment when it is loaded', async () => {
    await store(['a1\n', 'b1\n', 'c1\n'], { segmentBytesMax: 1 })
    await damage(2, '\0\0b1')
    await startIntake({ folder }, warehouse)
    await until(() => warehouse.loader.lost.length === 1, 'the gap')
    expect(warehouse.loader.lost).toEqual([{ partition: 'http', from: 1, to: 2 }])
  })

  it('records a missing segment as lost, at the beginning too', async () => {
    await store(['a1\n', 'b1\nb2\n', 'c1\n'], { segmentBytesMax: 1 })
    await rm(segmentPath(folder, 2))
    await startIntake({ folder }, warehouse)
    await until(() => warehouse.loader.lost.length === 1, 'the gap')
    expect(warehouse.loader.lost).toEqual([{ partition: 'http', from: 1, to: 3 }])

    warehouse = createWarehouse()
    await warehouse.loader.start('http', 'http', 0)
    await rm(segmentPath(folder, 1))
    await startIntake({ folder }, warehouse)
    await until(() => warehouse.loader.lost.length === 1, 'the gap')
    expect(warehouse.loader.lost).toEqual([{ partition: 'http', from: 0, to: 3 }])
  })

  it('never gives an ordinal below the stored position again, even if all segments are gone', async () => {
    await warehouse.loader.start('http', 'http', 0)
    warehouse.loader.setPosition('http', 'http', 70)
    const running = await startIntake({ folder }, warehouse)
    expect((await post(running, 'a\n')).statusCode).toBe(200)
    expect(warehouse.loader.loaded).toEqual(['http:70=a'])
  })

  it('acknowledges nothing on a full disk, takes back what it wrote and goes on when there is room', async () => {
    let isFull = false
    const openFile: HttpIntakeDeps['openFile'] = async (path, flags, mode) => {
      const handle = await open(path, flags, mode)
      return {
        // A disk that becomes full in the middle of a write takes part of it.
        writev: async (parts, position) => handle.writev(isFull ? [parts[0]!.subarray(0, 25)] : parts, position),
        datasync: () => handle.datasync(),
        truncate: length => handle.truncate(length),
        close: () => handle.close()
      }
    }
    const running = await startIntake({ folder }, warehouse, { openFile })
    expect((await post(running, 'a\n', { 'idempotency-key': 'a' })).statusCode).toBe(200)
    const { size } = await stat(segmentPath(folder, 1))
    isFull = true
    const refused = await post(running, 'b\n', { 'idempotency-key': 'b' })
    expect(refused.statusCode).toBe(507)
    expect(refused.headers['retry-after']).toBe('5')
    expect(refused.body).not.toContain('segment')
    expect((await stat(segmentPath(folder, 1))).size).toBe(size)
    isFull = false
    expect((await post(running, 'b\n', { 'idempotency-key': 'b' })).statusCode).toBe(200)
    expect(warehouse.loader.loaded).toEqual(['http:0=a', 'http:1=b'])
  })

  it('stops writing for good when a failed write cannot be taken back', async () => {
    let isBroken = false
    const fail = (): never => { throw Object.assign(new Error('input/output error'), { code: 'EIO' }) }
    const openFile: HttpIntakeDeps['openFile'] = async (path, flags, mode) => {
      const handle = await open(path, flags, mode)
      return {
        writev: (parts, position) => handle.writev(parts, position),
        datasync: async () => isBroken ? fail() : handle.datasync(),
        truncate: async length => isBroken ? fail() : handle.truncate(length),
        close: () => handle.close()
      }
    }
    const running = await startIntake({ folder }, warehouse, { openFile })
    expect((await post(running, 'a\n')).statusCode).toBe(200)
    isBroken = true
    expect((await post(running, 'b\n')).statusCode).toBe(503)
    isBroken = false
    expect((await post(running, 'c\n')).statusCode).toBe(503)
    expect(values(warehouse.loader)).toEqual(['a'])
  })

  it('keeps segments to their owner', async () => {
    const running = await startIntake({ folder }, warehouse)
    await post(running, '1\n')
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, '0000000001.segment'))).mode & 0o777).toBe(0o600)
  })

  it('purges segments that are loaded and old, and ends one that is old so that it can be purged', async () => {
    const running = await startIntake({ folder, segmentBytesMax: 1 }, warehouse)
    for (const body of ['a\n', 'b\n', 'c\n']) await post(running, body)
    const old = (START_MS - 40 * DAY_MS) / 1000
    for (const number of [1, 3]) await utimes(segmentPath(folder, number), old, old)
    const recent = START_MS / 1000
    await utimes(segmentPath(folder, 2), recent, recent)
    expect(await running.intake.purge(30)).toBe(1)
    expect(await segmentNames(folder)).toEqual(['0000000002.segment', '0000000003.segment'])
    running.clock.set(START_MS + 2 * DAY_MS)
    await utimes(segmentPath(folder, 3), old, old)
    expect(await running.intake.purge(30)).toBe(1)
    expect(await segmentNames(folder)).toEqual(['0000000002.segment', '0000000004.segment'])
    expect((await post(running, 'd\n')).statusCode).toBe(200)
    expect(warehouse.loader.loaded.at(-1)).toBe('http:3=d')
  })

  it('does not purge what is not loaded', async () => {
    await store(['a\n', 'b\n'], { segmentBytesMax: 1 })
    const running = await startIntake({ folder }, warehouse, { isLoading: false })
    await utimes(segmentPath(folder, 1), 0, 0)
    expect(await running.intake.purge(30)).toBe(0)
  })
})
