import { describe, expect, it } from 'vitest'
import { eventAt, firstAt, linesOf, simulateDays, type SimulatorOptions } from '../../../ingest/simulator/index.ts'
import { hasCode } from '../../../core/errors.ts'
import { parseDay } from '../../../core/civil-date.ts'

const options: SimulatorOptions = { seed: 5, scale: 0.02, from: '2024-11-01', to: '2024-11-03', badShare: 0.01 }
const bytesOf = (run: SimulatorOptions): string[] =>
  [...simulateDays(run)].map(({ events }) => events.bytes.toString('latin1'))

describe('simulateDays', () => {
  it('gives the same bytes for the same options, even when two runs take turns', () => {
    const once = bytesOf(options)
    const first = simulateDays(options)
    const second = simulateDays(options)
    for (const expected of once) {
      expect(first.next().value?.events.bytes.toString('latin1') === expected).toBe(true)
      expect(second.next().value?.events.bytes.toString('latin1') === expected).toBe(true)
    }
    expect(once).toHaveLength(3)
  })

  it('gives another country for another seed', () => {
    const numbers = (seed: number): Set<string> =>
      new Set(bytesOf({ ...options, seed }).join('').match(/"number":"[A-Z0-9]+"/g))
    const others = numbers(6)
    const inBoth = [...numbers(5)].filter(number => others.has(number))
    expect(others.size).toBeGreaterThan(1000)
    expect(inBoth).toEqual([])
  })

  it('has a day for each date, its events in sending order within the civil day at UTC+7', () => {
    let date = parseDay('2024-11-01')!
    for (const { day, events } of simulateDays(options)) {
      expect(parseDay(day)).toBe(date)
      const midnight = Date.parse(`${day}T00:00:00+07:00`)
      expect([...events.atMs]).toEqual([...events.atMs].sort((a, b) => a - b))
      expect(events.atMs[0]).toBeGreaterThanOrEqual(midnight)
      expect(events.atMs[events.count - 1]).toBeLessThan(midnight + 86_400_000)
      date++
    }
    expect(date).toBe(parseDay('2024-11-04'))
  })

  it('finds an event, its key and the lines between two instants', () => {
    const { events } = simulateDays({ ...options, badShare: 0 }).next().value!
    const noon = Date.parse('2024-11-01T12:00:00+07:00')
    const first = firstAt(events, noon)
    expect(events.atMs[first - 1]).toBeLessThan(noon)
    expect(events.atMs[first]).toBeGreaterThanOrEqual(noon)
    const lines = linesOf(events, first, first + 3).toString().split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[3]).toBe('')
    for (let i = 0; i < 3; i++) {
      const event = eventAt(events, first + i)
      expect(event.json.toString()).toBe(lines[i])
      const fields = JSON.parse(lines[i]!) as Record<string, unknown>
      expect([fields.event_id, fields.tally_id, fields.extension_id, fields.registration_id]).toContain(event.key)
      expect(fields.contract).toBe(event.contract)
    }
    expect(linesOf(events, first, first)).toHaveLength(0)
  })

  it('lets people leave from the first day on when it has warmed up, and sends nothing of the days before', () => {
    const day = '2024-11-01'
    const exits = (warmUpDays: number): string[] =>
      bytesOf({ ...options, to: day, warmUpDays })[0]!.split('\n').filter(line => /"event_id".*"direction":"exit"/.test(line))
    const cold = exits(0)
    const warm = exits(20)
    expect(warm.length).toBeGreaterThan(cold.length * 1.3)
    expect(warm.filter(line => !line.includes(`"occurred_at":"${day}`))).toEqual([])
  })

  it('refuses options it cannot keep', () => {
    const wrong: Partial<SimulatorOptions>[] = [
      { scale: 0 }, { scale: 5 }, { seed: -1 }, { seed: 1.5 }, { from: '2024-02-30' }, { to: '2024-10-31' },
      { badShare: 0.9 }, { warmUpDays: -1 }
    ]
    for (const part of wrong) {
      let caught: unknown
      try { simulateDays({ ...options, ...part }).next() } catch (error) { caught = error }
      expect(hasCode(caught, 'USAGE')).toBe(true)
    }
  })
})
