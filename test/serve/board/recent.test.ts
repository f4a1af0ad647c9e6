import { describe, expect, it } from 'vitest'
import { businessDay, DAY_MS, formatDay } from '../../../core/civil-date.ts'
import { createRecent, KIND, NO_HOUR, type RecentCell } from '../../../serve/board/recent.ts'
import { simulateDays, eventsOf } from '../../../ingest/simulator/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { loadMessages, openTestWarehouse, textRows, type TestMessage } from '../../support/warehouse.ts'

const FROM = '2026-02-01'
const TO = '2026-02-09'
const NOW_MS = Date.parse('2026-02-09T15:30:00Z')

/** Nine simulated days with corrections, voids and tallies, out of order. */
function messages (): TestMessage[] {
  const all: TestMessage[] = []
  for (const { events } of simulateDays({ seed: 5, scale: 0.02, from: FROM, to: TO })) {
    for (const { json, atMs } of eventsOf(events) as Iterable<{ json: string, atMs: number }>) {
      all.push({ bytes: Buffer.from(json), receivedAtMs: Math.max(atMs, NOW_MS - 20 * DAY_MS) })
    }
  }
  return all.map((message, i) => all[(i * 7919) % all.length] ?? message)
}

describe('the recent days', () => {
  it('hold what the tables hold, however they were brought up to date', async () => {
    const warehouse = await openTestWarehouse(await temporaryFolder())
    const connection = await warehouse.connect()
    const nationals = warehouse.codeNumbers.state.get('KHM')!
    const stepwise = createRecent(nationals)
    const all = messages()
    const parts = 5
    for (let part = 0; part < parts; part++) {
      const size = Math.ceil(all.length / parts)
      await loadMessages(warehouse, all.slice(part * size, (part + 1) * size), 500)
      await stepwise.read(connection, NOW_MS)
    }
    const atOnce = createRecent(nationals)
    await atOnce.read(connection, NOW_MS)
    const sums = (cells: Iterable<RecentCell>): [string, number][] => [...cells].filter(({ persons }) => persons !== 0)
      .map(({ persons, ...key }): [string, number] => [JSON.stringify(key), persons]).toSorted()
    expect(sums(stepwise.hours())).toEqual(sums(atOnce.hours()))
    expect(sums(stepwise.minutes())).toEqual(sums(atOnce.minutes()))
    const first = businessDay(NOW_MS) - 6
    const [table] = await textRows(connection, 'select sum(persons) as persons from published.flows ' +
      `where decision = 'admitted' and business_date between '${formatDay(first)}' and '${TO}'`)
    const total = [...stepwise.hours()]
      .filter(({ kind, time }) => kind <= KIND.exit && Math.floor(time / 25) <= first + 6)
      .reduce((sum, { persons }) => sum + persons, 0)
    expect(total).toBeGreaterThan(100)
    expect(String(total)).toBe(table?.persons)
    expect([...stepwise.hours()].some(({ time }) => time % 25 === NO_HOUR)).toBe(true)
    await warehouse.close()
  })
})
