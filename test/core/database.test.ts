import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isFatal, openDatabase, readRows, transaction, type Database } from '../../core/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Of a DuckDB file: three headers, then blocks. */
const HEADERS_BYTES = 3 * 4096
const BLOCK_BYTES = 262_144

async function open (path = ':memory:'): Promise<Database> {
  const database = await openDatabase({ path, memoryLimitMb: 128, threads: 1 })
  onTestFinished(async () => { await database.close() })
  return database
}

describe('the database', () => {
  it('has every connection in UTC, wherever the machine is', async () => {
    const before = process.env['TZ']
    process.env['TZ'] = 'Asia/Tokyo'
    onTestFinished(() => {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    })
    const database = await open()
    for (const connection of [await database.connect(), await database.connect()]) {
      expect(await readRows(connection, "select current_setting('TimeZone') as zone, (timestamptz '2024-01-01 20:00:00+00')::date::varchar as day"))
        .toEqual([{ zone: 'UTC', day: '2024-01-01' }])
    }
  })

  it('keeps all of a transaction or nothing', async () => {
    const database = await open()
    const connection = await database.connect()
    await connection.run('create table numbers (number integer)')
    await transaction(connection, async () => await connection.run('insert into numbers values (1)'))
    await expect(transaction(connection, async () => {
      await connection.run('insert into numbers values (2)')
      await connection.run('insert into nowhere values (3)')
    })).rejects.toThrow(/nowhere/)
    expect(await readRows(connection, 'from numbers')).toEqual([{ number: 1 }])
  })

  it('shows a reader one moment while others write', async () => {
    const database = await open()
    const writer = await database.connect()
    await writer.run('create table numbers (number integer)')
    await database.withConnection(async reader => {
      await reader.run('begin transaction')
      expect(await readRows(reader, 'from numbers')).toEqual([])
      await writer.run('insert into numbers values (1)')
      expect(await readRows(reader, 'from numbers')).toEqual([])
      await reader.run('commit')
      expect(await readRows(reader, 'from numbers')).toHaveLength(1)
    })
  })

  it('is closed when what is under way is over, and does nothing more then', async () => {
    for (let round = 0; round < 40; round++) {
      const database = await open()
      const connections = await Promise.all([database.connect(), database.connect()])
      const counts = connections.map(async connection => await readRows(connection, 'select count(*)::integer as count from range(10)'))
      const left = database.disconnect(connections[0] as DuckDBConnection)
      await database.close()
      await left
      expect(await Promise.all(counts)).toEqual([[{ count: 10 }], [{ count: 10 }]])
      for (const connection of connections) await expect(connection.run('select 1')).rejects.toThrow()
      await expect(database.connect()).rejects.toThrow()
    }
  })

  it('that another process holds is busy', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'held.duckdb')
    const database = await open(path)
    await (await database.connect()).run('create table t (i integer)')
    const script = join(process.cwd(), 'test/core/open-file.mjs')
    const other = spawnSync(process.execPath, [script, path], { encoding: 'utf8' })
    // The words by which it is told from a file that is damaged.
    expect(`${other.stdout}${other.stderr}`).toMatch(/IO Error: Could not set lock on file/)
  })

  it('that cannot be opened says where', async () => {
    const path = join(await temporaryFolder(), 'damaged.duckdb')
    writeFileSync(path, 'no database at all '.repeat(400))
    await expect(open(path)).rejects.toMatchObject({ code: 'DATABASE_FAILED', message: expect.stringContaining(path) as string })
    await expect(open(join(path, 'x.duckdb'))).rejects.toMatchObject({ code: 'DATABASE_FAILED' })
  })

  it('with a damaged block is damaged, not busy, whatever its folder is called', async () => {
    const path = join(await temporaryFolder(), 'lock.duckdb')
    const database = await openDatabase({ path, memoryLimitMb: 128, threads: 1 })
    await database.withConnection(async connection => {
      await connection.run('create table numbers as from range(1000)')
      await connection.run('checkpoint')
    })
    await database.close()
    const bytes = readFileSync(path)
    for (let block = HEADERS_BYTES; block < bytes.length; block += BLOCK_BYTES) bytes[block + 100]! ^= 1
    writeFileSync(path, bytes)
    await expect(open(path)).rejects.toMatchObject({
      code: 'DATABASE_FAILED', message: expect.stringMatching(/checksum .* in block/) as string
    })
  })

  it('knows the errors after which nothing works any more', () => {
    expect(isFatal(new Error('FATAL Error: Failed to checkpoint'))).toBe(true)
    expect(isFatal(new Error('database has been invalidated because of a previous fatal error'))).toBe(true)
    expect(isFatal(new Error('Binder Error: no such column'))).toBe(false)
    expect(isFatal('text')).toBe(false)
  })

  it('says the size of its log', async () => {
    const database = await openDatabase({ path: join(await temporaryFolder(), 'a.duckdb'), memoryLimitMb: 128, threads: 1 })
    const connection = await database.connect()
    expect(database.walBytes()).toBe(0)
    await connection.run('create table t (i integer)')
    expect(database.walBytes()).toBeGreaterThan(0)
    await connection.run('checkpoint')
    expect(database.walBytes()).toBe(0)
    await database.close()
    await database.disconnect(connection)
  })
})
