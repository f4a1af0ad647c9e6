// Positions, stale batches, other writers and gaps, on a real warehouse.
import { describe, expect, it, onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import { packMessages } from '../../../core/packed-messages.ts'
import type { RawBatch } from '../../../core/stage.ts'
import { normaliseContext } from '../../../dags/loading/context.ts'
import { decodeBatch } from '../../../dags/loading/decode-batch.ts'
import { acceptGap, readGaps } from '../../../sinks/warehouse/positions.ts'
import { positionStore } from '../../../sinks/warehouse/stores.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { verify } from '../../../sinks/verify/verify.ts'
import { crossing, message } from '../../support/histories.ts'
import { openTestWarehouse, textRows } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const NOW_MS = Date.parse('2024-04-01T05:00:00Z')

async function openNew (): Promise<{ warehouse: Warehouse, folder: string }> {
  const folder = await temporaryFolder()
  const warehouse = await openTestWarehouse(folder)
  onTestFinished(async () => { await warehouse.close() })
  return { warehouse, folder }
}

/** A batch of crossings with the ids e<offset>, at [from, to); `without` leaves offsets out. */
function raw (from: number, to: number, without: readonly number[] = [], source = 'kafka', partition = 'gdi.crossing.v1/0'): RawBatch {
  const offsets = Array.from({ length: to - from }, (_, i) => from + i).filter(offset => !without.includes(offset))
  return {
    source,
    partition,
    firstOffset: from,
    nextOffset: to,
    messages: packMessages(offsets.map(offset => {
      const { bytes, receivedAtMs } = message(crossing({ event_id: `e${offset}` }))
      return { offset, receivedAtMs, value: bytes }
    }))
  }
}

async function load (warehouse: Warehouse, ...batches: RawBatch[]) {
  const context = normaliseContext(warehouse)
  return await warehouse.load(await Promise.all(batches.map(async batch => await decodeBatch(context, batch))))
}

/** Everything that loading may change, as text. */
async function contents (warehouse: Warehouse): Promise<string> {
  return await warehouse.read(async connection => JSON.stringify(await Promise.all(
    ['crossings', 'voids', 'flow_deltas', 'hourly_flow_deltas', 'accounting', 'positions', 'gaps', 'quarantine', 'receipt_outcomes']
      .map(async table => await textRows(connection, `select * from main.${table} order by all`)))))
}

const differences = async (warehouse: Warehouse): Promise<number> =>
  await warehouse.read(async connection =>
    (await verify(connection)).reduce((sum, check) => sum + check.differences, 0))

describe('a batch', () => {
  it('that does not begin at the stored position is stale: it is not applied and changes nothing', async () => {
    const { warehouse } = await openNew()
    await warehouse.beginPosition('kafka', 'gdi.crossing.v1/0', 10)
    expect(await load(warehouse, raw(10, 15))).toMatchObject([{ applied: true, loaded: 5 }])
    const before = await contents(warehouse)
    for (const batch of [raw(10, 15), raw(0, 10), raw(14, 20), raw(16, 20), raw(15, 20, [], 'kafka', 'gdi.crossing.v1/1')]) {
      expect(await load(warehouse, batch)).toEqual([
        { applied: false, read: batch.messages.offsets.length, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
      ])
    }
    expect(await contents(warehouse)).toBe(before)
    expect(await load(warehouse, raw(15, 20))).toMatchObject([{ applied: true, loaded: 5 }])
  })

  it('counts those before it in its group', async () => {
    const { warehouse } = await openNew()
    await warehouse.beginPosition('kafka', 'gdi.crossing.v1/0', 0)
    const outcomes = await load(warehouse, raw(0, 5), raw(0, 5), raw(5, 8), raw(9, 12), raw(8, 9))
    expect(outcomes.map(({ applied }) => applied)).toEqual([true, false, true, false, true])
    expect(warehouse.position('kafka', 'gdi.crossing.v1/0')?.nextOffset).toBe(9)
    expect(await differences(warehouse)).toBe(0)
  })

  it('accounts for offsets that hold no message as absent', async () => {
    const { warehouse } = await openNew()
    await warehouse.beginPosition('kafka', 'gdi.crossing.v1/0', 0)
    await load(warehouse, raw(0, 10, [0, 3, 4, 9]), raw(10, 20, Array.from({ length: 10 }, (_, i) => 10 + i)))
    const rows = await warehouse.read(async connection => await textRows(connection,
      'select kind, reason, sum(messages)::bigint as messages from main.accounting group by all order by all'))
    expect(rows).toEqual([{ kind: 'gap', reason: 'absent', messages: '14' }, { kind: 'loaded', reason: 'none', messages: '6' }])
    expect(await differences(warehouse)).toBe(0)
  })

  it('stops the loader if another writer has moved the position, and nothing of its group is kept', async () => {
    const { warehouse, folder } = await openNew()
    await warehouse.beginPosition('kafka', 'gdi.crossing.v1/0', 0)
    await warehouse.beginPosition('kafka', 'gdi.crossing.v1/1', 0)
    await load(warehouse, raw(0, 5))
    await warehouse.exclusive(async connection => {
      await connection.run("update main.positions set next_offset = 7 where partition = 'gdi.crossing.v1/0'")
    })
    const before = await contents(warehouse)
    const other = raw(0, 3, [], 'kafka', 'gdi.crossing.v1/1')
    await expect(load(warehouse, other, raw(5, 8))).rejects.toMatchObject({ code: 'LOADER_STOPPED', cause: { code: 'POSITION_STALE' } })
    expect(await contents(warehouse)).toBe(before)
    await expect(load(warehouse, other)).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    expect(await contents(warehouse)).toBe(before)
    await warehouse.close()
    const again = await openTestWarehouse(folder)
    expect(await load(again, raw(7, 9))).toMatchObject([{ applied: true, loaded: 2 }])
    await again.close()
  })
})

describe('a position', () => {
  it('is begun once, and is there again after a restart', async () => {
    const { warehouse, folder } = await openNew()
    const store = positionStore(warehouse, fixedClock(NOW_MS))
    expect(await store.start('spool', '1', 4)).toEqual({ source: 'spool', partition: '1', startOffset: 4, nextOffset: 4 })
    expect(await store.start('spool', '1', 9)).toMatchObject({ startOffset: 4, nextOffset: 4 })
    const lastRecord = { offset: 5, timestampMs: NOW_MS, digest: 'abc' }
    await load(warehouse, { ...raw(4, 6, [], 'spool', '1'), lastRecord })
    const expected = [{ source: 'spool', partition: '1', startOffset: 4, nextOffset: 6, lastRecord }]
    expect(await store.positions('spool')).toEqual(expected)
    expect(await store.positions('http')).toEqual([])
    await warehouse.close()
    const again = await openTestWarehouse(folder)
    expect(await positionStore(again, fixedClock(NOW_MS)).positions('spool')).toEqual(expected)
    await again.close()
  })
})

describe('a gap', () => {
  it('is recorded once, however often it is seen, and only grows', async () => {
    const { warehouse } = await openNew()
    const store = positionStore(warehouse, fixedClock(NOW_MS))
    await store.start('kafka', 'gdi.crossing.v1/0', 0)
    for (const to of [10, 10, 15, 12]) await store.recordLost('kafka', 'gdi.crossing.v1/0', 0, to)
    await store.recordLost('kafka', 'gdi.crossing.v1/1', 0, 3)
    const gaps = await warehouse.read(readGaps)
    expect(gaps.map(({ partition, fromOffset, toOffset }) => [partition, fromOffset, toOffset]).toSorted())
      .toEqual([['gdi.crossing.v1/0', 0, 15], ['gdi.crossing.v1/1', 0, 3]])
    expect(warehouse.position('kafka', 'gdi.crossing.v1/0')?.nextOffset).toBe(0)
  })

  it('that is accepted counts as lost, and its partition goes on behind it', async () => {
    const { warehouse } = await openNew()
    const store = positionStore(warehouse, fixedClock(NOW_MS))
    await store.start('kafka', 'gdi.crossing.v1/0', 0)
    await load(warehouse, raw(0, 2))
    await store.recordLost('kafka', 'gdi.crossing.v1/0', 2, 10)
    const [gap] = await warehouse.read(readGaps)
    const accept = async () => await warehouse.exclusive(async connection => await acceptGap(connection, gap?.gapId as string, 'local:ops', NOW_MS))
    expect(await accept()).toMatchObject({ fromOffset: 2, toOffset: 10 })
    expect(await store.positions('kafka')).toMatchObject([{ nextOffset: 10 }])
    expect(await load(warehouse, raw(10, 12))).toMatchObject([{ applied: true, loaded: 2 }])
    expect(await warehouse.read(readGaps)).toMatchObject([{ acceptedAtMs: NOW_MS }])
    expect(await differences(warehouse)).toBe(0)
    await expect(accept()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is not accepted where its partition no longer stands in front of it', async () => {
    const { warehouse } = await openNew()
    const store = positionStore(warehouse, fixedClock(NOW_MS))
    await store.start('kafka', 'gdi.crossing.v1/0', 0)
    await store.recordLost('kafka', 'gdi.crossing.v1/0', 0, 10)
    await load(warehouse, raw(0, 2))
    const [gap] = await warehouse.read(readGaps)
    const before = await contents(warehouse)
    await expect(warehouse.exclusive(async connection => await acceptGap(connection, gap?.gapId as string, 'x', NOW_MS)))
      .rejects.toMatchObject({ code: 'REFUSED' })
    await expect(warehouse.exclusive(async connection => await acceptGap(connection, 'no such id', 'x', NOW_MS)))
      .rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await contents(warehouse)).toBe(before)
    expect(await differences(warehouse)).toBe(0)
  })
})
