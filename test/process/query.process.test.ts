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
    { args: ['flows', '--from', 'May'], says: 'a date YYYY-MM-DD or a month' },
    { args: ['flows', '--by', 'sex', '--compare', 'last-year'], says: 'Keep a period' },
    { args: ['flows', '--by', 'month', '--compare', 'last-yaer'], says: 'Allowed choices are last-year, previous' },
    { args: ['stock', '--by', 'month', '--shares'], says: 'not summed over time' },
    { args: ['flows', '--shares', 'month'], says: 'Allowed choices are whole, period' },
    { args: ['flows', '--by', '', '--totals'], says: 'a dimension kept' },
    { args: ['flows', '--labels', 'fr'], says: 'Allowed choices are code, en, km, both' },
    { args: ['flows', '--by', 'nationality_regoin'], says: 'Did you mean nationality_region?' },
    { args: ['flows', '--where', 'nationality=999'], says: '142 (Asia)' }
  ])('exits 2 with what was meant: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await runProgram(['query', ...args, '--data', data])
    expect(stderr).toContain(says)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('a query with comparison, totals, shares, groups and labels', () => {
  const query = ['query', 'flows', '--by', 'year,nationality_asean', '--where', 'direction=arrival', '--compare', 'last-year',
    '--totals', '--shares', 'period', '--labels', 'both', ...asOf]
  const COLUMNS = ['row_type', 'row_type_en', 'row_type_km', 'year', 'nationality_asean', 'nationality_asean_en',
    'nationality_asean_km', 'persons', 'persons_last_year', 'persons_difference', 'persons_change_percent',
    'persons_share_percent']

  it('has the same columns and rows in every format', async () => {
    const rows = await jsonOf<Record<string, unknown>[]>([...query, '--data', data])
    expect(Object.keys(rows[0]!)).toEqual(COLUMNS)
    expect(rows.at(-1)).toMatchObject({ row_type: 'total', row_type_en: 'Total', row_type_km: 'សរុប', year: null })
    const figures = rows.filter(row => row.row_type === 'figure')
    expect(figures.reduce((sum, row) => sum + Number(row.persons), 0)).toBe(rows.at(-1)!.persons)
    const csv = await answerOf([...query, '--format', 'csv', '--data', data])
    expect(csv.split('\n', 1)).toEqual([COLUMNS.join(',')])
    expect(csv.trimEnd().split('\n')).toHaveLength(rows.length + 1)
    const file = join(await temporaryFolder(), 'answer.parquet')
    await answerOf([...query, '--format', 'parquet', '--output', file, '--data', data])
    expect(await parquetRows(file, '*')).toHaveLength(rows.length)
  })

  it('is answered for stock as of any date', async () => {
    const rows = await jsonOf<{ row_type: string, persons: number }[]>(
      ['query', 'stock', '--by', 'nationality_region', '--compare', 'previous', '--from', '2000-01-01', '--to', small.asOf,
        '--totals', '--data', data, ...asOf])
    expect(rows.filter(row => row.row_type === 'figure').reduce((sum, { persons }) => sum + persons, 0))
      .toBe(rows.at(-1)!.persons)
  })
})

describe('explain', () => {
  it('tells a table without a data folder, as text, JSON and picture', async () => {
    const cwd = await temporaryFolder()
    const { code, stdout } = await runProgram(['explain', 'stock'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('main.stock_spells <- walks')
    expect(await jsonOf<{ id: string }>(['explain', 'stock'])).toMatchObject({ id: 'stock' })
    const file = join(cwd, 'stock.svg')
    expect(await answerOf(['explain', 'stock', '--format', 'svg', '--output', file])).toBe('')
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /)
    expect(await readdir(cwd)).toEqual(['stock.svg'])
  })

  it.each([
    { args: ['stocks'], says: 'Did you mean stock?' }, { args: ['stock', '--format', 'png'], says: 'text, json, svg' }
  ])('exits 2 and says what there is: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await runProgram(['explain', ...args])
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

async function parquetRows (file: string, columns = 'direction, decision, persons::double'): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(`select ${columns} from read_parquet($file)`, { file })
    return reader.getRows()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
