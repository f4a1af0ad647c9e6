// The moves of a group's positions: one for each partition, from where its first batch begins to where its last ends.
import { describe, expect, it } from 'vitest'
import { advancesOf, type Advance } from '../../../../sinks/warehouse/load/advance-position.ts'

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
