// The memory limit is raised while work runs, and put back whatever becomes of it.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { readRows } from '../../core/database.ts'
import { withMemoryLimit } from '../../core/memory-limit.ts'

async function limitOf (connection: DuckDBConnection): Promise<string> {
  const [row] = await readRows<{ memory_limit: string }>(connection,
    "select current_setting('memory_limit') as memory_limit")
  return row?.memory_limit ?? ''
}

describe('a raised memory limit', () => {
  it('holds during the work and no longer, also where the work fails', async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MiB' })
    const connection = await instance.connect()
    try {
      const before = await limitOf(connection)
      expect(await withMemoryLimit(connection, 1024, async () => await limitOf(connection))).toBe('1.0 GiB')
      expect(await limitOf(connection)).toBe(before)
      await expect(withMemoryLimit(connection, 1024, async () => { throw new Error('work') })).rejects.toThrow('work')
      expect(await limitOf(connection)).toBe(before)
      expect(await withMemoryLimit(connection, undefined, async () => await limitOf(connection))).toBe(before)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })

  it('is put back before the next work where DuckDB refused it after the one before', async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MiB' })
    const connection = await instance.connect()
    const run = connection.run.bind(connection)
    let isInUse = false
    connection.run = async (sql, ...values) => {
      if (isInUse && sql.startsWith('set memory_limit')) throw new Error('more than that is in use')
      return await run(sql, ...values)
    }
    try {
      const before = await limitOf(connection)
      await withMemoryLimit(connection, 1024, async () => { isInUse = true })
      expect(await limitOf(connection)).toBe('1.0 GiB')
      await withMemoryLimit(connection, undefined, async () => {})
      expect(await limitOf(connection)).toBe('1.0 GiB')
      isInUse = false
      await withMemoryLimit(connection, 512, async () => {})
      expect(await limitOf(connection)).toBe(before)
      isInUse = true
      await withMemoryLimit(connection, undefined, async () => {})
      expect(await limitOf(connection)).toBe(before)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })
})
