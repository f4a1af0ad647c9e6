// Five months of the simulated country: its peak is a surge, its Khmer New Year is none.
import { describe, expect, it } from 'vitest'
import { businessDay, businessHour } from '../../../core/civil-date.ts'
import { readSurges, type Surge } from '../../../dags/baseline/index.ts'
import { eventsOf, simulateDays } from '../../../ingest/simulator/index.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists, openTestWarehouse } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { contextOf, writeHours, type Hour } from './history.ts'

/** A fiftieth of the country: the 6,485 of one hour at Poipet are about 130, those who come home for New Year 19. */
const SCALE = 0.02
const LIMITS = { ratioMin: 1.5, personsMin: 10 }
/** The simulation takes a few seconds, and many times that on a machine that is busy. */
const TIMEOUT_MS = 240_000

describe('surges of the simulated country', () => {
  it('are the hour in which 6,485 came home at Poipet, and not Khmer New Year with its homecoming', async () => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    const connection = await writeHours(warehouse, simulatedHours(warehouse, '2025-02-01', '2025-06-24'))
    const context = { ...contextOf(warehouse), limits: LIMITS }
    const surgesOf = async (from: string, to: string, lists: typeof codeLists): Promise<Surge[]> =>
      await readSurges(connection, { ...context, from, to, lists })

    const peak = (await surgesOf('2025-06-24', '2025-06-24', codeLists))
      .filter(({ checkpoint, hour }) => checkpoint === 'KHC-POI' && hour === 17)
    expect(peak).toEqual([expect.objectContaining({ direction: 'arrival' })])
    expect(peak[0]!.seen).toBeGreaterThan(6000 * SCALE)

    expect(await surgesOf('2025-03-31', '2025-04-24', codeLists)).toEqual([])
    // A calendar without holidays would take it for one.
    const noHolidays = { ...codeLists, holidayOn: () => null, earlierHolidayDays: () => [] }
    expect((await surgesOf('2025-04-08', '2025-04-16', noHolidays)).length).toBeGreaterThan(10)
    await warehouse.close()
  }, TIMEOUT_MS)
})

/** Admitted crossings of a simulation by hour, each once. */
function simulatedHours (warehouse: Warehouse, from: string, to: string): Hour[] {
  const hours = new Map<string, Hour>()
  const seen = new Set<string>()
  const simulation = simulateDays({ seed: 7, scale: SCALE, from, to, correctionShare: 0, duplicateShare: 0 })
  for (const { events } of simulation) {
    for (const event of eventsOf(events)) {
      if (event.contract !== 'gdi.crossing.v1') continue
      const { event_id: id, occurred_at: at, checkpoint, direction, decision } =
        JSON.parse(event.json.toString()) as Record<string, string>
      if (decision !== 'admitted' || seen.has(id!) || !warehouse.codeNumbers.checkpoint.has(checkpoint!)) continue
      seen.add(id!)
      const instant = Date.parse(at!)
      const key = `${businessDay(instant)} ${businessHour(instant)} ${checkpoint} ${direction}`
      const hour = hours.get(key) ?? {
        checkpoint: checkpoint!,
        day: businessDay(instant),
        hour: businessHour(instant),
        direction: direction as Hour['direction'],
        persons: 0
      }
      hour.persons += 1
      hours.set(key, hour)
    }
  }
  return [...hours.values()]
}
