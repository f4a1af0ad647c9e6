import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabase, readRows, transaction, type Database } from '../../core/database.ts'
import { appendRows, bigint, blob, date, instant, integer, smallint, text, uuid, type Cell } from '../../core/row-appender.ts'

let database: Database
let connection: DuckDBConnection

beforeAll(async () => {
  database = await openDatabase({ path: ':memory:', memoryLimitMb: 128, threads: 1 })
  connection = await database.connect()
  await connection.run('create table cells (number integer, t varchar, b bigint, i integer, s smallint, d date, moment timestamptz, x blob, u uuid)')
})
afterAll(async () => { await database.close() })

const UUID = 'f1234567-89ab-4cde-8123-456789abcdef'
const row = (
  number: number, t: string | null, b: number, i: number, s: number, d: number, at: number | null, x: Uint8Array | null,
  u = UUID
): Cell[] =>
  [integer(number), text(t), bigint(b), integer(i), smallint(s), date(d), instant(at), blob(x), uuid(u)]

describe('the row appender', () => {
  it('writes every kind of cell as it is', async () => {
    const max = Number.MAX_SAFE_INTEGER
    await appendRows(connection, 'cells', [
      row(1, 'ក្រុង 😀', max, 2 ** 31 - 1, 32_767, 19_782, Date.parse('2024-02-29T16:59:59.999Z'), Uint8Array.of(0, 255, 1)),
      row(2, '', -max, -(2 ** 31), -32_768, -1, Date.parse('1969-12-31T23:59:59.999Z'), new Uint8Array(), '00000000-0000-0000-0000-000000000000'),
      row(3, null, 0, 0, 0, 0, null, null, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    ])
    const found = await readRows<Record<string, unknown>>(connection,
      'select t, b::varchar as b, i, s, d::varchar as d, epoch_ms(moment)::varchar as moment, hex(x) as x, u::varchar as u from cells order by number')
    expect(found).toEqual([
      { t: 'ក្រុង 😀', b: String(max), i: 2 ** 31 - 1, s: 32_767, d: '2024-02-29', moment: '1709225999999', x: '00FF01', u: UUID },
      { t: '', b: String(-max), i: -(2 ** 31), s: -32_768, d: '1969-12-31', moment: '-1', x: '', u: '00000000-0000-0000-0000-000000000000' },
      { t: null, b: '0', i: 0, s: 0, d: '1970-01-01', moment: null, x: null, u: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
    ])
  })

  it('writes within the transaction that is open', async () => {
    const count = async (): Promise<number> => (await readRows(connection, 'from cells')).length
    const before = await count()
    await expect(transaction(connection, async () => {
      await appendRows(connection, 'cells', [row(9, 'x', 1, 1, 1, 1, 1, null)])
      expect(await count()).toBe(before + 1)
      throw new Error('undone')
    })).rejects.toThrow('undone')
    expect(await count()).toBe(before)
  })

  it('takes the rows one by one, and lets others have their turn between many', async () => {
    const before = await readRows(connection, 'from cells')
    let turns = 0
    const others = setInterval(() => turns++, 0)
    function * rows (): Generator<Cell[]> {
      for (let i = 0; i < 20_000; i++) yield row(i, `t${i}`, i, i, 1, 1, 1, null)
    }
    await transaction(connection, async () => { await appendRows(connection, 'cells', rows()) })
    clearInterval(others)
    expect(turns).toBeGreaterThan(2)
    expect(await readRows(connection, 'from cells')).toHaveLength(before.length + 20_000)
    await connection.run('delete from cells where t = concat(\'t\', number)')
  })

  it('writes nothing for no rows, and nothing of rows that are none', async () => {
    const before = await readRows(connection, 'from cells')
    await appendRows(connection, 'cells', [])
    await expect(appendRows(connection, 'cells', [[integer(1)]])).rejects.toThrow()
    expect(await readRows(connection, 'from cells')).toHaveLength(before.length)
  })
})
