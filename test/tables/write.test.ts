import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeAnswer, type FormatName, writeAnswer } from '../../tables/index.ts'
import { pump } from '../../tables/write.ts'
import { ask, FLOWS, openPublished, type Published } from './published.ts'

let published: Published
let folder: string
beforeEach(async () => {
  published = await openPublished()
  folder = await mkdtemp(join(tmpdir(), 'borderflow-tables-'))
  await published.show('flows', FLOWS)
})
afterEach(async () => {
  published.close()
  await rm(folder, { recursive: true })
})

const showMany = async (rows: number): Promise<unknown> => await published.connection.run(
  'create or replace view published.flows_hourly as select date \'2026-01-01\' + (range // 10000)::integer ' +
  'as business_date, 1 as hour, \'C\' || range as checkpoint, \'exit\' as direction, \'admitted\' as decision, ' +
  `1::bigint as persons from range(${rows})`)

describe('writing an answer to a file', () => {
  it('writes Parquet that DuckDB reads back equal', async () => {
    const file = join(folder, "o'clock.parquet")
    const query = { table: 'flows', by: ['month', 'nationality', 'day'], where: { sex: ["M'", 'M', 'F'] } }
    expect(await writeAnswer(published.connection, query, 'parquet', { file })).toEqual({ rows: 4 })
    const read = await published.connection.runAndReadAll(
      'select * replace (cast(day as varchar) as day, persons::integer as persons) from read_parquet($1)', [file])
    expect(read.getRows()).toEqual(await ask(published.connection, query))
    const meta = await published.connection.runAndReadAll(
      'select distinct compression from parquet_metadata($1)', [file])
    expect(meta.getRows()).toEqual([['ZSTD']])
  })

  it.each(['csv', 'json', 'ndjson', 'table', 'arrow', 'arrow-stream'] as const)(
    'writes the bytes that a stream of %s has', async format => {
      const file = join(folder, 'answer')
      const out = new PassThrough({ highWaterMark: 1 << 20 })
      expect(await writeAnswer(published.connection, { table: 'flows' }, format, { file })).toEqual({ rows: 6 })
      expect(await writeAnswer(published.connection, { table: 'flows' }, format, out)).toEqual({ rows: 6 })
      expect(out.writableEnded).toBe(false)
      expect((await readFile(file)).equals(out.read() as Buffer)).toBe(true)
      expect(await readdir(folder)).toEqual(['answer'])
    })

  it('writes Arrow files that need no stream', async () => {
    const file = join(folder, 'answer.arrow')
    await writeAnswer(published.connection, { table: 'flows', by: [] }, 'arrow', { file })
    const bytes = await readFile(file)
    expect(bytes.subarray(-6).toString()).toBe('ARROW1')
    expect(tableFromIPC(bytes).toArray().map(row => row!.toJSON())).toEqual([{ persons: 58n }])
  })

  it.each(['csv', 'parquet'] as FormatName[])('leaves a file as it was when %s fails', async format => {
    const file = join(folder, 'answer')
    await writeFile(file, 'before')
    await showMany(100)
    await expect(writeAnswer(published.connection, { table: 'flows', by: ['colour'] }, format, { file }))
      .rejects.toThrow('expected one of')
    await expect(writeAnswer(published.connection, { table: 'minors' }, format, { file })).rejects.toThrow('not exist')
    await published.connection.run('create or replace view published.refusals as select \'2026-01\' as month, ' +
      '\'c\' as checkpoint, \'m\' as mode, \'d\' as direction, \'n\' as nationality, ' +
      'error(\'broken\') as reason, 1 as persons')
    await expect(writeAnswer(published.connection, { table: 'refusals' }, format, { file })).rejects.toThrow('broken')
    expect(await readFile(file, 'utf8')).toBe('before')
    expect(await readdir(folder)).toEqual(['answer'])
  })

  it('says which file cannot be written', async () => {
    const file = join(folder, 'none', 'answer.csv')
    await expect(writeAnswer(published.connection, { table: 'flows' }, 'csv', { file })).rejects.toThrow(file)
    expect(await ask(published.connection, { table: 'flows', by: [] })).toEqual([[58]])
  })
})

describe('writing an answer to a stream', () => {
  it('refuses Parquet', async () => {
    await expect(writeAnswer(published.connection, { table: 'flows' }, 'parquet', new PassThrough()))
      .rejects.toThrow('Write it to a file')
  })

  it('holds one piece of a million rows at a time while the reader is slow', async () => {
    await showMany(1_000_000)
    let produced = 0
    let consumed = 0
    let outstandingMax = 0
    let bytesHeldMax = 0
    let lines = 0
    const out = new Writable({
      highWaterMark: 1024,
      decodeStrings: false,
      write: (piece: string, _encoding, done) => {
        for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines++
        setImmediate(() => {
          consumed++
          done()
        })
      }
    })
    const { encoded, rows } = await encodeAnswer(published.connection, { table: 'flows_hourly' }, 'csv')
    const counted = (async function * () {
      for await (const piece of encoded) {
        produced++
        outstandingMax = Math.max(outstandingMax, produced - consumed)
        yield piece
        bytesHeldMax = Math.max(bytesHeldMax, out.writableLength)
      }
    })()
    await pump(counted, out)
    expect([rows(), lines]).toEqual([1_000_000, 1_000_001])
    expect(produced).toBeGreaterThan(480)
    expect(outstandingMax).toBeLessThanOrEqual(2)
    expect(bytesHeldMax).toBeLessThan(200_000)
  })

  it('stops and frees the connection when the reader goes away', async () => {
    await showMany(100_000)
    let pieces = 0
    const out: Writable = new Writable({
      write: (_piece, _encoding, done) => {
        if (++pieces === 3) done(new Error('the reader has gone'))
        else setImmediate(done)
      }
    })
    await expect(writeAnswer(published.connection, { table: 'flows_hourly' }, 'csv', out)).rejects.toThrow('has gone')
    expect(await ask(published.connection, { table: 'flows_hourly', by: [] })).toEqual([[100_000]])
  })

  it('stops when the stream is closed without an error', async () => {
    await showMany(100_000)
    const out: Writable = new Writable({ write: () => { setImmediate(() => out.destroy()) } })
    await expect(writeAnswer(published.connection, { table: 'flows_hourly' }, 'csv', out)).rejects.toThrow('was closed')
  })
})
