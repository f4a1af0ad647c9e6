import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tableFromIPC } from 'apache-arrow'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerOf, folderOfFile, jsonOf, PROGRAM, runProgram, startService } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { copyData, csvOf, csvOfRunning, example, ingestExample, type Totals } from './folders.ts'

const folder = folderOfFile()
const small = example('small')
const large = example('large')
const asOf = ['--as-of', small.asOf]
let data: string
let totals: Totals

beforeAll(async () => {
  data = join(folder(), 'small')
  totals = await ingestExample(data, small)
})

describe('ingest', () => {
  it('ends with the counts of what became of every message', () => {
    expect(Object.keys(totals)).toEqual(['read', 'loaded', 'duplicate', 'superseded', 'quarantined'])
    expect(totals).toEqual(small.totals)
  })

  it('reads nothing of a file that was loaded before, and says so', async () => {
    const copy = copyData(data, join(await temporaryFolder(), 'data'))
    const again = await runProgram(['ingest', small.events, '--data', copy, '--json'])
    expect(again.code).toBe(0)
    expect(again.stderr).toMatch(/part-000\.ndjson: was loaded before; nothing read/)
    expect(JSON.parse(again.stdout)).toEqual({ read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} })
  })

  it('neither moves nor alters a file', async () => {
    expect(await readdir(small.events)).toEqual(['part-000.ndjson'])
  })

  it('says which path cannot be read, with exit 1', async () => {
    const { code, stderr } = await runProgram(['ingest', join(folder(), 'none.ndjson'), '--data', data])
    expect(code).toBe(1)
    expect(stderr).toContain('none.ndjson')
  })
})

describe('every table with an expected answer', () => {
  it('is answered to the byte from a folder that nothing runs on', async () => {
    for (const table of small.tables) expect(await csvOf(data, table, ...asOf), table).toBe(small.expected(table))
  })

  it('is answered to the byte by the running process, also to several who ask at once', async () => {
    const own = join(await temporaryFolder(), 'data')
    expect(await ingestExample(own, large)).toEqual(large.totals)
    await startService(own)
    expect(large.tables.length).toBeGreaterThan(10)
    await Promise.all(large.tables.map(async table => {
      expect(await csvOfRunning(own, table, large.asOf), table).toBe(large.expected(table))
    }))
    // What the command prints is what the process answers.
    expect(await csvOf(own, 'stock', '--as-of', large.asOf)).toBe(large.expected('stock'))
  })
})

describe('the formats of an answer', () => {
  const query = ['query', 'flows', '--by', 'direction,decision', '--sort', 'direction,decision', ...asOf]
  const bytesOf = async (format: string): Promise<Buffer> => {
    const { code, stdoutBytes, stderr } = await runProgram([...query, '--format', format, '--data', data])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    return stdoutBytes
  }

  it('hold the same rows', async () => {
    const rows = JSON.parse((await bytesOf('json')).toString()) as { direction: string, decision: string, persons: number }[]
    expect(rows.length).toBeGreaterThan(1)
    const cells = rows.map(row => [row.direction, row.decision, row.persons])
    const lines = (await bytesOf('ndjson')).toString().trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(rows)
    expect((await bytesOf('csv')).toString())
      .toBe(['direction,decision,persons', ...cells.map(row => row.join(','))].map(line => `${line}\n`).join(''))
    const table = (await bytesOf('table')).toString()
    for (const row of cells) expect(table).toMatch(new RegExp(row.join('[ │]+')))
    for (const format of ['arrow', 'arrow-stream']) {
      const arrow = tableFromIPC(await bytesOf(format)).toArray().map(row => (row as { toJSON: () => object }).toJSON())
      expect(arrow.map(row => Object.values(row).map(value => typeof value === 'bigint' ? Number(value) : value as unknown)))
        .toEqual(cells)
    }
    const file = join(await temporaryFolder(), 'piped.parquet')
    await writeFile(file, await bytesOf('parquet'))
    expect(await parquetRows(file)).toEqual(cells)
  })

  it.each(['csv', 'arrow'])('are the same bytes in a file: %s', async format => {
    const file = join(await temporaryFolder(), 'answer')
    expect(await answerOf([...query, '--format', format, '--data', data, '--output', file])).toBe('')
    expect(readFileSync(file).equals(await bytesOf(format))).toBe(true)
  })

  it('leave no half of a file where the answer fails', async () => {
    const own = await temporaryFolder()
    const { code } = await runProgram(
      ['query', 'flows', '--by', 'shoe_size', '--format', 'csv', '--data', data, '--output', join(own, 'x.csv')])
    expect(code).toBe(2)
    expect(await readdir(own)).toEqual([])
  })

  it('stop quietly when the reader has read enough', async () => {
    const command = `"${process.execPath}" "${PROGRAM}" query flows --as-of ${small.asOf} --format csv --data "${data}" | head -n 1; ` +
      'echo "$' + '{PIPESTATUS[0]}"'
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command])
    expect(stdout).toMatch(/^business_date,.*\n0\n$/)
    expect(stderr).toBe('')
  })
})

describe('a query that names what is not there', () => {
  it.each([
    { args: ['flow'], says: 'Did you mean flows?' },
    { args: ['flows', '--by', 'natonality'], says: 'Did you mean nationality?' },
    { args: ['flows', '--as-of', '2026-02-30'], says: 'a date YYYY-MM-DD' },
    { args: ['flows', '--from', 'May'], says: 'a date YYYY-MM-DD or a month' }
  ])('exits 2 with what was meant: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await runProgram(['query', ...args, '--data', data])
    expect(stderr).toContain(says)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('tables', () => {
  it('lists every published table with dimensions and measures', async () => {
    const tables = await jsonOf<{ id: string, dimensions: { name: string }[], measures: { name: string }[] }[]>(['tables'])
    expect(tables.map(({ id }) => id)).toEqual(expect.arrayContaining(small.tables))
    for (const table of tables.filter(({ id }) => small.tables.includes(id))) {
      const names = [...table.dimensions, ...table.measures].map(({ name }) => name)
      expect(names.join(',')).toBe(small.expected(table.id).split('\n', 1)[0])
    }
    expect(await answerOf(['tables'])).toContain('flows_hourly')
  })
})

async function parquetRows (file: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll('select direction, decision, persons::double from read_parquet($file)', { file })
    return reader.getRows()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
