// The moves of a group's positions: one for each partition, from where its first batch begins to where its last ends.
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../../core/database.ts'
import { loadSql } from '../../../../core/sql.ts'
import { beginPosition, readPositions } from '../../../../sinks/warehouse/positions.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { advancePositions, advancesOf, type Advance } from '../../../../sinks/warehouse/load/advance-positions.ts'

const advance = (partition: string, firstOffset: number, nextOffset: number, more: Partial<Advance> = {}): Advance =>
  ({ source: 'kafka', partition, firstOffset, nextOffset, endsPartition: false, ...more })

describe('the moves of a group', () => {
  it('are one for each partition of each source', () => {
    expect(advancesOf([advance('0', 5, 7), advance('1', 1, 4), advance('0', 7, 12), { ...advance('0', 3, 4), source: 'spool' }]))
      .toEqual([advance('0', 5, 12), advance('1', 1, 4), { ...advance('0', 3, 4), source: 'spool' }])
  })

  it('keep the last record that there was, and that a partition has ended', () => {
    const lastRecord = { offset: 6, timestampMs: 8, digest: 'd' }
    expect(advancesOf([advance('0', 5, 7, { lastRecord, endsPartition: true }), advance('0', 7, 8)]))
      .toEqual([advance('0', 5, 8, { lastRecord, endsPartition: true })])
    const later = { offset: 9, timestampMs: 9, digest: 'e' }
    expect(advancesOf([advance('0', 5, 7, { lastRecord }), advance('0', 7, 10, { lastRecord: later })])[0]?.lastRecord).toEqual(later)
  })
})

describe('moving them', () => {
  it('keeps partitions of any name apart, their starts, and the last records of those that have no other', async () => {
    const database = await openDatabase({ path: join(await temporaryFolder(), 'a.duckdb'), memoryLimitMb: 256, threads: 1 })
    const connection = await database.connect()
    await connection.run(loadSql('sinks/warehouse/migrations/0001-first/022-positions.sql'))
    // Not as SQLite and C know texts: a name of a file or a topic has no zero.
    const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }).filter(name => !name.includes('\u0000')),
      { minLength: 1, maxLength: 6 })
    const offsets = fc.array(fc.record({
      start: fc.nat(2 ** 31), first: fc.maxSafeNat().map(number => Math.floor(number / 2)), isMarked: fc.boolean()
    }), { minLength: 6, maxLength: 6 })
    await fc.assert(fc.asyncProperty(names, offsets, async (names, offsets) => {
      await connection.run('delete from main.positions')
      for (const [index, name] of names.entries()) await beginPosition(connection, 'spool', name, offsets[index]!.start)
      const first = names.map((name, index) => advance(name, offsets[index]!.start, offsets[index]!.first, {
        source: 'spool', lastRecord: { offset: index, timestampMs: offsets[index]!.first, digest: `\\"${name}'` }
      }))
      await advancePositions(connection, first)
      // All but one go on, so that one stays as it is.
      const second = names.slice(1).map((name, index) => {
        const { first: from, isMarked } = offsets[index + 1]!
        const lastRecord = { offset: 9, timestampMs: 9, digest: 'later' }
        return advance(name, from, from + 1, { source: 'spool', ...(isMarked ? { lastRecord } : {}) })
      })
      await advancePositions(connection, second)
      const stored = new Map((await readPositions(connection, 'spool')).map(position => [position.partition, position]))
      expect(stored.size).toBe(names.length)
      for (const [index, name] of names.entries()) {
        expect(stored.get(name)).toEqual({
          source: 'spool',
          partition: name,
          startOffset: offsets[index]!.start,
          nextOffset: second[index - 1]?.nextOffset ?? offsets[index]!.first,
          lastRecord: second[index - 1]?.lastRecord ?? first[index]!.lastRecord
        })
      }
      const stale = advance(names[0]!, offsets[0]!.first + 1, offsets[0]!.first + 2, { source: 'spool' })
      await expect(advancePositions(connection, [stale])).rejects.toMatchObject({ code: 'POSITION_STALE' })
    }), { numRuns: 60 })
    await database.close()
  })
})
