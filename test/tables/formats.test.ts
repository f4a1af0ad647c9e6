import { tableFromIPC } from 'apache-arrow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AnswerChunk, type Cell, encodeAnswer, FORMAT_NAMES, type FormatName, FORMATS, type WriteOptions
} from '../../tables/index.ts'
import { encodeCsv } from '../../tables/formats/csv.ts'
import { encodeArrowStream } from '../../tables/formats/arrow.ts'
import { everyTable, FLOWS, openPublished, type Published } from './published.ts'

let published: Published
beforeEach(async () => {
  published = await openPublished()
  await published.show('flows', FLOWS)
})
afterEach(() => published.close())

async function encode (format: FormatName, query: object = {}, options: WriteOptions = {}): Promise<Buffer> {
  const { encoded } = await encodeAnswer(published.connection, { table: 'flows', ...query }, format,
    { ...everyTable, ...options })
  const pieces: Buffer[] = []
  for await (const piece of encoded) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

const HEADER = 'business_date,checkpoint,direction,decision,mode,nationality,sex,age_band,visa_class,purpose,source,' +
  'persons'
const labels = (dimension: string, code: string): string => code === 'THA' ? 'Thailand' : `${dimension} ${code}`

describe('CSV', () => {
  it('is header and plain values, as published files are', async () => {
    expect((await encode('csv')).toString()).toBe([
      HEADER,
      '2025-12-29,KHC-CYM,exit,admitted,land,KHM,F,10-14,unknown,visit,crossing,5',
      '2026-01-05,KHC-POI,arrival,admitted,land,THA,F,20-24,exempt,holiday,crossing,3',
      '2026-01-05,KHC-POI,exit,admitted,land,THA,M,25-29,exempt,unknown,crossing,2',
      '2026-01-31,KHC-KTI,arrival,admitted,air,CHN,M,85+,T,business,crossing,7',
      '2026-02-01,KHC-KTI,arrival,refused,air,CHN,M,5-9,T,holiday,crossing,1',
      '2026-04-01,KHC-CYM,exit,admitted,land,KHM,U,unknown,unknown,unknown,tally,40\n'
    ].join('\n'))
  })

  it('is the header alone where nothing is found', async () => {
    expect((await encode('csv', { to: '2000-01' })).toString()).toBe(`${HEADER}\n`)
  })

  it('puts labels beside codes and never in their place', async () => {
    const query = { by: ['month', 'nationality'], where: { nationality: ['THA'] } }
    expect((await encode('csv', query, { labels })).toString())
      .toBe('month,nationality,nationality_name,persons\n2026-01,THA,Thailand,5\n')
  })

  it('quotes only what needs it, and writes nothing for null', async () => {
    const columns = ['a', 'b'].map(name =>
      ({ name, role: 'dimension', type: 'text', coded: true } as const))
    const cells: Cell[][] = [['a,b', 'a"b', 'a\nb', 'a\rb', ' a '], [null, 'ខ្មែរ', '', 1, 12345678901234567890n]]
    const chunks = one({ rowCount: 5, columns: cells })
    let text = ''
    for await (const piece of encodeCsv({ columns, chunks })) text += piece
    expect(text).toBe('a,b\n"a,b",\n"a""b",ខ្មែរ\n"a\nb",\n"a\rb",1\n a ,12345678901234567890\n')
  })
})

describe('JSON', () => {
  it('is an array of objects, its numbers numbers', async () => {
    const text = (await encode('json', { by: ['sex', 'day'], where: { mode: ['air'] } })).toString()
    expect(JSON.parse(text)).toEqual([
      { sex: 'M', day: '2026-01-31', persons: 7 }, { sex: 'M', day: '2026-02-01', persons: 1 }
    ])
    expect(Object.keys(JSON.parse(text)[0])).toEqual(['sex', 'day', 'persons'])
    expect(JSON.parse((await encode('json', { to: '2000-01' })).toString())).toEqual([])
  })

  it('is valid over many chunks, and line by line', async () => {
    await published.connection.run('create or replace view published.flows as select * ' +
      'replace (date \'2026-01-01\' + range::integer as business_date) from published_flows cross join range(1000)')
    const rows = JSON.parse((await encode('json')).toString()) as { persons: number }[]
    expect(rows.length).toBe(6000)
    const lines = (await encode('ndjson')).toString().trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line))).toEqual(rows)
    expect(rows.reduce((total, { persons }) => total + persons, 0)).toBe(58000)
  })

  it('writes whole numbers in full and escapes text', async () => {
    await published.show('data_quality', [['2026-01-05', 'a"\n', 'duplicate', 'unknown', 9007199254740993n]])
    const text = (await encode('ndjson', { table: 'data_quality', by: ['source'] })).toString()
    expect(text).toBe('{"source":"a\\"\\n","messages":9007199254740993}\n')
  })
})

describe('the terminal table', () => {
  it('aligns numbers to the right and shows labels in place of codes', async () => {
    const lines = (await encode('table', { by: ['nationality'] }, { labels })).toString().split('\n')
    expect(lines.filter(line => line.includes('│'))).toEqual([
      '│ nationality     │ persons │', '│ nationality CHN │       8 │', '│ nationality KHM │      45 │',
      '│ Thailand        │       5 │'
    ])
  })
})

describe('Arrow', () => {
  it.each(['arrow', 'arrow-stream'] as const)('%s reads back as the same rows', async format => {
    await published.connection.run('create or replace view published.flows as select * ' +
      'replace (date \'2026-01-01\' + range::integer as business_date, \'ខេត្ត\' || range as checkpoint) ' +
      'from published_flows cross join range(1000)')
    const table = tableFromIPC(await encode(format))
    const rows = JSON.parse((await encode('json')).toString()) as Record<string, Cell>[]
    expect(table.numRows).toBe(6000)
    expect(table.schema.fields.map(({ name, type }) => `${name} ${String(type)}`)).toEqual([
      'business_date Date32<DAY>', ...HEADER.split(',').slice(1, -1).map(name => `${name} Utf8`), 'persons Int64'
    ])
    const read = table.toArray().map(row => {
      const { business_date: date, persons, ...codes } = row!.toJSON() as Record<string, Cell>
      return { business_date: new Date(Number(date)).toISOString().slice(0, 10), ...codes, persons: Number(persons) }
    })
    expect(read).toEqual(rows)
  })

  it.each(['arrow', 'arrow-stream'] as const)('%s of nothing still has its columns', async format => {
    const table = tableFromIPC(await encode(format, { to: '2000-01' }))
    expect([table.numRows, table.schema.fields.length]).toEqual([0, 12])
  })

  it('keeps nulls and halves, and whole numbers that a double cannot hold', async () => {
    await published.show('feed_health', [
      ['s', 'KHC-POI', '1969-12-31', 23, 9007199254740993n, 2.5, null, 1, null, 0.25],
      ['s', 'KHC-POI', '2026-01-01', 5, 1, 0, 7, null, null, null]
    ])
    const table = tableFromIPC(await encode('arrow', { table: 'feed_health' }))
    expect(table.toArray().map(row => Object.values(row!.toJSON() as object).slice(2))).toEqual([
      [-86400000, 23, 9007199254740993n, 2.5, null, 1, null, 0.25],
      [Date.UTC(2026, 0, 1), 5, 1n, 0, 7, null, null, null]
    ])
  })

  it('takes the next chunk only when the last one has been read', async () => {
    let taken = 0
    const columns = [{ name: 'n', role: 'measure', type: 'integer', coded: false } as const]
    const chunks = (async function * () {
      for (; taken < 100; taken++) yield { rowCount: 1000, columns: [new Array<Cell>(1000).fill(taken)] }
    })()
    const pieces = encodeArrowStream({ columns, chunks })
    for (let bytes = 0; bytes < 20_000;) bytes += (await pieces.next()).value!.byteLength
    expect(taken).toBeLessThanOrEqual(3)
    for await (const piece of pieces) expect(piece.byteLength).toBeGreaterThan(0)
    expect(taken).toBe(100)
  })
})

describe('formats', () => {
  it('state media types and file extensions, each its own', () => {
    expect(new Set(FORMAT_NAMES.map(name => FORMATS[name].mediaType)).size).toBe(7)
    expect(new Set(FORMAT_NAMES.map(name => FORMATS[name].fileExtension)).size).toBe(7)
  })

  it('give the same bytes for the same question', async () => {
    for (const name of FORMAT_NAMES.filter(format => format !== 'parquet')) {
      expect((await encode(name)).equals(await encode(name)), name).toBe(true)
    }
  })
})

async function * one (chunk: AnswerChunk): AsyncGenerator<AnswerChunk> {
  yield chunk
}
