// feed_health by hand (docs/method.md §9).
import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../../core/civil-date.ts'
import { rebuildDerived } from '../../../dags/derivation/rebuild.ts'
import type { Warehouse } from '../../../sinks/warehouse/warehouse.ts'
import { codeLists, loadMessages, openTestWarehouse, textRows, type TestMessage } from '../../support/warehouse.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { crossing } from '../../dags/derivation/messages.ts'

let warehouse: Warehouse
beforeEach(async () => { warehouse = await openTestWarehouse(await temporaryFolder()) })
afterEach(async () => { await warehouse.close() })

const MONDAY = parseDay('2024-03-04')!

/** So many messages at 14:05 of the Monday so many weeks before; recorded after 10 s, received 20 s later. */
function at (weeksBefore: number, count: number): TestMessage[] {
  const day = formatDay(MONDAY - weeksBefore * 7)
  return Array.from({ length: count }, (_, i) => {
    const { bytes } = crossing(`w${weeksBefore}-${i}`, `${day}T14:05:00`, 'arrival', `P${weeksBefore}${i}`, {
      recorded_at: `${day}T14:05:${10 + i}+07:00`
    })
    return { bytes, receivedAtMs: Date.parse(`${day}T14:05:30+07:00`) }
  })
}

async function rows (asOf: string): Promise<string[]> {
  const connection = await warehouse.connect()
  await rebuildDerived(connection, {
    lists: codeLists, codeNumbers: warehouse.codeNumbers, asOf: parseDay(asOf)!, nowMs: 0
  })
  return (await textRows(connection, 'select business_date, hour, messages, expected, delay_desk_p50, delay_desk_p95, ' +
    "delay_board_p50 from published.feed_health where business_date >= date '2024-02-26' order by all"))
    .map(row => Object.values(row).join(' '))
}

it('expects the median of the same hour of the eight weeks before, weeks of silence counting as nought', async () => {
  await loadMessages(warehouse, [
    ...at(0, 1), ...at(1, 3), ...at(2, 5), ...at(3, 4), ...at(4, 1), ...at(5, 2), ...at(9, 6)
  ])
  // Eight weeks before the fourth of March: 3 5 4 1 2 0 0 0, of which the fourth and the fifth are 2 and 1.
  // A week before: 5 4 1 2 0 0 0 6 → 2 and 1.
  expect(await rows('2024-03-10')).toEqual(['2024-02-26 14 3 1.5 11 11.9 19', '2024-03-04 14 1 1.5 10 10 20'])
})

it('says what was expected of an hour in which nothing came, up to the as-of date', async () => {
  await loadMessages(warehouse, [1, 2, 3, 4, 5].flatMap(week => at(week, 2)))
  expect(await rows('2024-03-03')).toEqual(['2024-02-26 14 2 1 10.5 10.95 19.5'])
  expect((await rows('2024-03-04')).at(-1)).toBe('2024-03-04 14 0 2 null null null')
})
