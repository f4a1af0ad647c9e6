// Columns written by chunks come back from DuckDB as they went in, whatever the number of rows.
import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendColumns } from '../../core/chunk-writer.ts'
import {
  createColumn, setInstant, setNull, setText, setUuid, type ColumnBuffer, type ColumnKind, type FixedColumn,
  type PackedTextColumn
} from '../../core/column-buffer.ts'
import { openDatabase, readRows, type Database } from '../../core/database.ts'

let database: Database
let connection: DuckDBConnection

beforeAll(async () => {
  database = await openDatabase({ path: ':memory:', memoryLimitMb: 256, threads: 2 })
  connection = await database.connect()
})
afterAll(async () => { await database.close() })

type Value = string | number | bigint | null

interface Kind {
  kind: ColumnKind
  type: string
  /** Some value of row `i`. */
  value: (i: number) => Value
  write: (column: ColumnBuffer, row: number, value: Value) => void
  /** SQL that shows the value as `show` does. */
  read: string
  show: (value: Value) => string
}

const KHMER = 'ស្រុកខ្មែរ ក្រុងប៉ោយប៉ែត'
const TEXTS = [KHMER, '', 'a', 'longer than the twelve characters that are kept inline', '😀 é', KHMER.repeat(20)]
const UUIDS = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '80000000-0000-0000-0000-000000000001',
  '7fffffff-ffff-ffff-ffff-fffffffffffe', '01234567-89ab-cdef-8123-456789abcdef']
const INSTANTS = ['0000-01-01T00:00:00.000Z', '1684-08-01T12:34:56.789Z', '1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00.001Z',
  '2024-02-29T17:00:00.123Z', '2255-06-06T00:00:00.999Z', '9999-12-31T23:59:59.999Z'].map(text => Date.parse(text))
const put = (column: ColumnBuffer, row: number, value: Value): void => {
  (column as FixedColumn).data[row] = value as number
}
const textColumn = (texts: readonly (string | null)[]): PackedTextColumn => {
  const column = createColumn('text', true, texts.length) as PackedTextColumn
  texts.forEach((text, row) => { setText(column, row, text) })
  return column
}
const whole = (kind: ColumnKind, type: string, ...values: number[]): Kind => ({
  kind, type, value: i => values[i % values.length] as number, write: put, read: 'value::varchar', show: String
})

const KINDS: Kind[] = [
  { kind: 'text', type: 'varchar', value: i => TEXTS[i % TEXTS.length] as string, write: (column, row, value) => { setText(column as PackedTextColumn, row, value as string) }, read: 'value', show: String },
  {
    kind: 'uuid',
    type: 'uuid',
    value: i => UUIDS[i % UUIDS.length] as string,
    write: (column, row, value) => { setUuid((column as FixedColumn).data as Uint8Array, row, Buffer.from((value as string).replaceAll('-', ''), 'hex').toString('binary')) },
    read: 'value::varchar',
    show: String
  },
  {
    kind: 'timestamptz',
    type: 'timestamptz',
    value: i => INSTANTS[i % INSTANTS.length] as number,
    write: (column, row, value) => { setInstant((column as FixedColumn).data as Uint32Array, row, value as number) },
    read: 'epoch_us(value)::varchar',
    show: value => `${value as number}000`.replace(/^0+(?=\d)/, '')
  },
  {
    kind: 'ubigint',
    type: 'ubigint',
    value: i => [0n, 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n][i % 5] as bigint,
    write: (column, row, value) => { new BigUint64Array((column as FixedColumn).data.buffer)[row] = value as bigint },
    read: 'value::varchar',
    show: String
  },
  whole('uinteger', 'uinteger', 0, 1, 2 ** 32 - 1),
  whole('integer', 'integer', 0, -1, 2 ** 31 - 1, -(2 ** 31)),
  whole('smallint', 'smallint', 0, -1, 32_767, -32_768),
  whole('tinyint', 'tinyint', 0, -1, 127, -128),
  whole('utinyint', 'utinyint', 0, 1, 255),
  { ...whole('date', 'date', 0, -719_528, 2_932_896, 19_782), read: "(value - date '1970-01-01')::varchar" },
  { ...whole('enum', "enum('a', 'b', 'c')", 0, 1, 2), show: value => 'abc'[value as number] as string }
]

/** Writes a column of each of these kinds and reads it back. */
async function roundTrip (
  kinds: readonly Kind[], rows: number, isNull: (row: number, column: number) => boolean
): Promise<void> {
  await connection.run(`create or replace temp table round_trip (${kinds.map(({ type }, c) => `c${c} ${type}`).join(', ')}, row integer)`)
  const columns = kinds.map(({ kind, value, write }, c) => {
    const column = createColumn(kind, true, rows)
    for (let row = 0; row < rows; row++) {
      if (!isNull(row, c)) write(column, row, value(row + c))
      else if (kind !== 'text') setNull(column, row)
    }
    return column
  })
  const numbers = createColumn('integer', false, rows)
  for (let row = 0; row < rows; row++) put(numbers, row, row)
  await appendColumns(connection, { catalog: 'temp', table: 'round_trip' }, [...columns, numbers], rows)
  const read = kinds.map(({ read }, c) => `${read.replace('value', `c${c}`)} as c${c}`).join(', ')
  const found = await readRows<Record<string, string | null>>(connection, `select ${read} from temp.round_trip order by row`)
  expect(found).toHaveLength(rows)
  kinds.forEach(({ kind, value, show }, c) => {
    const expected = Array.from({ length: rows }, (_, row) => isNull(row, c) ? null : show(value(row + c)))
    expect(found.map(row => row[`c${c}`]), kind).toEqual(expected)
  })
}

describe('the chunk writer', () => {
  it.each([1, 63, 64, 65, 2047, 2048, 2049, 4096, 5000])('keeps every kind of value over %i rows', async rows => {
    await roundTrip(KINDS, rows, () => false)
  })

  it.each([2047, 2048, 2049, 6000])('keeps nulls over %i rows, also where one chunk has them and the next has none', async rows => {
    await roundTrip(KINDS, rows, (row, column) => row % 7 === column % 7)
    await roundTrip(KINDS, rows, row => row < 2048)
    await roundTrip(KINDS, rows, row => row >= 2048 || row === 0)
    await roundTrip(KINDS, rows, () => true)
  })

  it('keeps them wherever they fall', async () => {
    const places = [fc.integer({ min: 1, max: 4200 }), fc.integer({ min: 2, max: 97 }), fc.nat(96)] as const
    await fc.assert(fc.asyncProperty(...places, async (rows, every, from) => {
      await roundTrip(KINDS, rows, (row, column) => (row + from + column) % every === 0)
    }), { numRuns: 15 })
  })

  it('writes a text with a NUL whole, with U+FFFD in its place, and lone surrogates as U+FFFD', async () => {
    const texts = ['a\0b', '\0', 'x\0', `${KHMER}\0${KHMER}`, '\ud800', 'a\udc00b', null]
    await connection.run('create or replace temp table texts (value varchar)')
    await appendColumns(connection, { catalog: 'temp', table: 'texts' }, [textColumn(texts)], texts.length)
    const found = await readRows<{ value: string | null }>(connection, 'select value from temp.texts')
    expect(found.map(({ value }) => value)).toEqual(['a\ufffdb', '\ufffd', 'x\ufffd', `${KHMER}\ufffd${KHMER}`, '\ufffd', 'a\ufffdb', null])
  })

  it('writes a table that was made anew with other columns', async () => {
    const target = { catalog: 'temp', table: 'anew' }
    await connection.run('create or replace temp table anew (value integer)')
    await appendColumns(connection, target, [createColumn('integer', false, 3)], 3)
    await connection.run('create or replace temp table anew (value varchar)')
    await appendColumns(connection, target, [textColumn([KHMER])], 1)
    expect(await readRows(connection, 'from temp.anew')).toEqual([{ value: KHMER }])
    await connection.run('create or replace temp table anew (value integer, more integer)')
    await expect(appendColumns(connection, target, [createColumn('integer', false, 1)], 1)).rejects.toThrow('column count')
  })

  it('writes only the rows it is told, and nothing for none', async () => {
    await connection.run('create or replace temp table few (value integer)')
    const column = createColumn('integer', false, 100)
    await appendColumns(connection, { catalog: 'temp', table: 'few' }, [column], 3)
    await appendColumns(connection, { catalog: 'temp', table: 'few' }, [column], 0)
    expect(await readRows(connection, 'from temp.few')).toHaveLength(3)
  })

  it('refuses columns that are not the table\'s', async () => {
    await connection.run('create or replace temp table two (a integer, b integer)')
    await expect(appendColumns(connection, { catalog: 'temp', table: 'two' }, [createColumn('integer', false, 1)], 1)).rejects.toThrow()
    expect(await readRows(connection, 'from temp.two')).toEqual([])
  })
})
