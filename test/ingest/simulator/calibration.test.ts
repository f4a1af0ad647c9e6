import { describe, expect, it } from 'vitest'
import { eventsOf, simulateDays } from '../../../ingest/simulator/index.ts'
import { checkpointOf, type Message } from './check-message.ts'
import { crossingsOf, isForeign, shareOf } from './simulate.ts'

const isArrival = (message: Message): boolean => message.direction === 'arrival'
const from = (code: string) => (message: Message): boolean => message.traveller.nationality === code
const byAir = (message: Message): boolean => message.mode === 'air'

/** Expects a share within so many points. */
function expectShare (found: number, expected: number, within: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(within)
}

describe('a month of the normal regime', () => {
  const crossings = crossingsOf({ seed: 1, scale: 0.05, from: '2024-07-01', to: '2024-07-31', warmUpDays: 10 })
  const arrivals = crossings.filter(message => isForeign(message) && isArrival(message))

  it('brings the foreigners and takes away the Cambodians that were counted', () => {
    // 582,000 in July 2024; 5,200 departures a day.
    expectShare(arrivals.length / 31 / 0.05 / 18_774, 1, 0.03)
    const departures = crossings.filter(message => !isForeign(message) && !isArrival(message))
    expectShare(departures.length / 31 / 0.05 / 5200, 1, 0.04)
    const exits = crossings.filter(message => isForeign(message) && !isArrival(message))
    expect(exits.length / arrivals.length).toBeGreaterThan(0.85)
  })

  it('has the nationalities of 2024', () => {
    expectShare(shareOf(arrivals, from('THA')), 0.315, 0.015)
    expectShare(shareOf(arrivals, from('VNM')), 0.197, 0.015)
    expectShare(shareOf(arrivals, from('CHN')), 0.127, 0.012)
    expectShare(shareOf(arrivals, from('LAO')), 0.05, 0.01)
    expectShare(shareOf(arrivals, from('USA')), 0.033, 0.008)
    expect(new Set(arrivals.map(message => message.traveller.nationality)).size).toBeGreaterThan(120)
  })

  it('comes by air, road and water, and to the airports, as in 2023 and 2024', () => {
    expectShare(shareOf(arrivals, byAir), 0.36, 0.025)
    expectShare(shareOf(arrivals, ({ mode }) => mode === 'sea' || mode === 'river'), 0.014, 0.008)
    const flown = arrivals.filter(byAir)
    expectShare(shareOf(flown, message => checkpointOf(message) === 'KHC-PNH'), 0.7, 0.03)
    expectShare(shareOf(flown, message => checkpointOf(message) === 'KHC-SAI'), 0.29, 0.03)
  })

  it('travels for the purposes of 2022', () => {
    const thai = arrivals.filter(from('THA'))
    expectShare(shareOf(thai, ({ purpose }) => purpose === 'holiday'), 0.96, 0.02)
    const vietnamese = arrivals.filter(from('VNM'))
    expectShare(shareOf(vietnamese, ({ purpose }) => purpose === 'holiday'), 0.73, 0.05)
  })

  it('refuses 21 of 100,000', () => {
    const refused = shareOf(arrivals, ({ decision }) => decision === 'refused')
    expect(refused).toBeGreaterThan(0.00003)
    expect(refused).toBeLessThan(0.0008)
  })
})

describe('the second half of 2025', () => {
  const crossings = crossingsOf({ seed: 4, scale: 0.008, from: '2025-06-01', to: '2025-12-20' })
  const thaiGates = new Set('POI STB PDY DNG PRM CYM OSM CHM'.split(' ').map(code => `KHC-${code}`))
  const dayOf = (message: Message): string => message.occurred_at.slice(0, 10)
  const thai = crossings.filter(message => thaiGates.has(checkpointOf(message)))

  it('opens the Thai gates from 8 to 16 only from 7 June', () => {
    const cut = thai.filter(message => dayOf(message) >= '2025-06-07' && dayOf(message) <= '2025-06-23')
    expect(cut.length).toBeGreaterThan(300)
    expect(cut.filter(({ occurred_at: at }) => at.slice(11, 13) < '08' || at.slice(11, 13) >= '16')).toEqual([])
  })

  it('lets only returnees through the Thai gates from 24 June and nobody from 13 December', () => {
    const closed = thai.filter(message => dayOf(message) >= '2025-06-24')
    expect(closed.length).toBeGreaterThan(3000)
    expect(closed.filter(message => message.returnee === undefined || !isArrival(message))).toEqual([])
    expect(closed.filter(message => dayOf(message) >= '2025-12-13')).toEqual([])
  })

  it('moves the capital\'s flights to the new airport on 9 September', () => {
    const pnh = crossings.filter(message => checkpointOf(message) === 'KHC-PNH')
    const kti = crossings.filter(message => checkpointOf(message) === 'KHC-KTI')
    expect(pnh.length).toBeGreaterThan(1000)
    expect(kti.length).toBeGreaterThan(1000)
    expect(pnh.filter(message => dayOf(message) > '2025-09-08')).toEqual([])
    expect(kti.filter(message => dayOf(message) < '2025-09-09')).toEqual([])
  })

  it('has the nationalities and airports of July 2025', () => {
    const arrivals = crossings.filter(message =>
      isForeign(message) && isArrival(message) && dayOf(message) >= '2025-07-01')
    expectShare(shareOf(arrivals, from('CHN')), 0.27, 0.02)
    expectShare(shareOf(arrivals, from('VNM')), 0.285, 0.02)
    expectShare(shareOf(arrivals, from('THA')), 0.05, 0.01)
    expect(shareOf(arrivals, byAir)).toBeGreaterThan(0.52)
    expect(shareOf(arrivals, byAir)).toBeLessThan(0.66)
  })

  it('brings home some 900,000, a third of them women, one in fifteen a child', () => {
    const returnees = crossings.filter(message => message.returnee !== undefined)
    expectShare(returnees.length / 0.008 / 920_000, 1, 0.1)
    expectShare(shareOf(returnees, ({ traveller }) => traveller.sex === 'F'), 0.33, 0.02)
    expectShare(shareOf(returnees, ({ accompaniment }) => accompaniment !== undefined), 0.068, 0.015)
  })
})

describe('peaks', () => {
  it('has 6,485 people at Poipet between 17 and 18 on 24 June 2025', () => {
    const travellers = new Set<string>()
    let onTheDay = 0
    for (const { day, events } of simulateDays({ seed: 8, scale: 1, from: '2025-06-24', to: '2025-06-28' })) {
      for (const { json, key } of eventsOf(events)) {
        if (key?.startsWith('POI-2025-06-24') !== true) continue
        const message = JSON.parse(json.toString()) as Message
        if (message.action !== 'record' || message.occurred_at.slice(0, 13) !== '2025-06-24T17') continue
        travellers.add(message.document.number)
      }
      if (day === '2025-06-24') onTheDay = travellers.size
    }
    // A few are written on paper and recorded in the days after.
    expect(onTheDay).toBeGreaterThan(6350)
    expect(travellers.size).toBe(6485)
  })

  it('brings Cambodians home before Khmer New Year and sees them off after it', () => {
    const crossings = crossingsOf({ seed: 1, scale: 0.01, from: '2024-04-01', to: '2024-04-24' })
      .filter(message => !isForeign(message))
    const perDay = (first: string, last: string, direction: string): number => {
      const days = Number(last.slice(8)) - Number(first.slice(8)) + 1
      return crossings.filter(({ occurred_at: at, direction: found }) =>
        found === direction && at.slice(0, 10) >= first && at.slice(0, 10) <= last).length / days / 0.01
    }
    expect(perDay('2024-04-05', '2024-04-13', 'arrival')).toBeGreaterThan(20_000)
    expect(perDay('2024-04-18', '2024-04-23', 'exit')).toBeGreaterThan(20_000)
    expect(perDay('2024-04-05', '2024-04-13', 'exit')).toBeLessThan(8000)
  })
})
