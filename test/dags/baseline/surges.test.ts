// Peaks that must be seen, and holidays that must not be taken for one. Figures: 6,485 persons at Poipet between 17 and
// 18 on 2025-06-24; 37,744 on 2014-06-13; 412,337 Cambodians home on 1–14 April 2023.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSurges, refreshBaseline, type Surge } from '../../../dags/baseline/index.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { contextOf, day, traffic, writeHours, type Hour } from './history.ts'

let warehouse: Warehouse
beforeEach(async () => { warehouse = await openTestWarehouse(await temporaryFolder()) })
afterEach(async () => { await warehouse.close() })

/** Poipet in a normal year: about 7,000 persons a day each way. */
const USUAL = 440

async function surgesOf (rows: readonly Hour[], from: string, to: string): Promise<Surge[]> {
  const connection = await writeHours(warehouse, rows)
  return await readSurges(connection, { ...contextOf(warehouse), from, to })
}

const peak = (persons: number): Hour =>
  ({ checkpoint: 'KHC-POI', day: day('2025-06-24'), hour: 17, direction: 'arrival', persons })

describe('surges', () => {
  it('are the 6,485 persons of one hour at Poipet, and nothing else of that month', async () => {
    const surges = await surgesOf([...traffic('KHC-POI', '2025-03-01', '2025-06-24', USUAL), peak(6485 - USUAL)],
      '2025-05-20', '2025-06-24')
    expect(surges.filter(surge => surge.hour !== null)
      .map(({ checkpoint, businessDate, hour, direction }) => [checkpoint, businessDate, hour, direction]))
      .toEqual([['KHC-POI', '2025-06-24', 17, 'arrival']])
    expect(surges[0]!.seen).toBeGreaterThan(6000)
    expect(surges[0]!.expected).toBeLessThan(500)
  })

  it('are the 37,744 persons of one day, as a day and in its hours', async () => {
    // 2,359 an hour for sixteen hours.
    const flood = Array.from({ length: 16 }, (_, i): Hour =>
      ({ checkpoint: 'KHC-POI', day: day('2014-06-13'), hour: 6 + i, direction: 'arrival', persons: 2359 }))
    const rows = traffic('KHC-POI', '2014-03-01', '2014-06-13', USUAL)
      .filter(row => row.day !== day('2014-06-13') || row.direction === 'exit')
    const surges = await surgesOf([...rows, ...flood], '2014-06-13', '2014-06-13')
    expect(surges.find(surge => surge.hour === null)).toMatchObject({ checkpoint: 'KHC-POI', seen: 37_744, direction: 'arrival' })
    expect(surges.filter(surge => surge.hour !== null).map(({ hour }) => hour)).toEqual(flood.map(({ hour }) => hour))
    expect(surges.filter(surge => surge.direction === 'exit')).toEqual([])
  })

  it('are not Khmer New Year, even where no earlier year is in the data', async () => {
    // 62 of 100 who come home from Thailand come by Poipet: 18,000 a day beside the usual 7,000.
    const home = (each: number): number => each >= day('2025-04-01') && each <= day('2025-04-17') ? 3.6 : 1
    const rows = traffic('KHC-POI', '2025-01-05', '2025-05-05', USUAL, home)
    expect(await surgesOf(rows, '2025-03-20', '2025-05-05')).toEqual([])
  })

  it('are at Khmer New Year what is far more than in the years before', async () => {
    const home = (times: number) => (each: number): number =>
      (each >= day('2024-04-01') && each <= day('2024-04-16')) || (each >= day('2025-04-01') && each <= day('2025-04-17'))
        ? each < day('2025-01-01') ? 8 : times
        : 1
    const usual = [...traffic('KHC-POI', '2024-02-01', '2025-04-17', USUAL, home(8))]
    // Eight times the usual is more than without an example would pass.
    expect(await surgesOf(usual, '2025-04-01', '2025-04-17')).toEqual([])
    const more: Hour = { checkpoint: 'KHC-POI', day: day('2025-04-15'), hour: 10, direction: 'arrival', persons: 6000 }
    expect((await surgesOf([more], '2025-04-15', '2025-04-15')).map(({ hour }) => hour)).toEqual([10])
  })

  it('are more persons at a gate that is closed by schedule than came when it was open', async () => {
    const rows = traffic('KHC-CYM', '2025-03-01', '2025-06-23', 60)
    const came: Hour = { checkpoint: 'KHC-CYM', day: day('2025-06-26'), hour: 10, direction: 'arrival', persons: 150 }
    const surges = await surgesOf([...rows, came], '2025-06-20', '2025-06-26')
    expect(surges).toEqual([
      expect.objectContaining({ businessDate: '2025-06-26', hour: 10, seen: 150, expected: 0 })
    ])
  })

  it('are the same from what a refresh stored as computed anew', async () => {
    const connection = await writeHours(warehouse,
      [...traffic('KHC-POI', '2025-03-01', '2025-06-24', USUAL), peak(6000)])
    const ask = async (): Promise<Surge[]> =>
      await readSurges(connection, { ...contextOf(warehouse), from: '2025-06-23', to: '2025-06-24' })
    const computed = await ask()
    await refreshBaseline(connection, { ...contextOf(warehouse), nowMs: Date.parse('2025-06-24T18:30:00+07:00') })
    expect(await ask()).toEqual(computed)
    expect(computed.length).toBeGreaterThan(0)
  })

  it('are not told where too few days can be compared', async () => {
    expect(await surgesOf([...traffic('KHC-POI', '2025-06-10', '2025-06-24', USUAL), peak(6000)],
      '2025-06-24', '2025-06-24')).toEqual([])
  })
})
