// Provinces of the stock and registration coverage by hand (docs/method.md §4 and §6).
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../../core/civil-date.ts'
import { NO_DAY } from '../../../transforms/walks/columns.ts'
import { COVERAGE_OUTCOMES } from '../../../transforms/walks/outcomes.ts'
import { walkTraveller } from '../../../transforms/walks/traveller.ts'
import { history, rules, type CrossingFact, type RegistrationFact } from './facts.ts'

const arrival: CrossingFact = { at: '2024-01-10T10:00:00', way: 'arrival', permittedUntil: '2024-02-08', province: 12 }
const exit = (at: string): CrossingFact => ({ at, way: 'exit' })
const registered = (at: string, checkIn: string, province = 1): RegistrationFact => ({ at, checkIn, province })

function walked (crossings: CrossingFact[], registrations: RegistrationFact[], asOf: string) {
  return walkTraveller(history(crossings, [], registrations), rules(asOf)).stays
}

/** Days of the last stay by province: `province from until`. */
const spells = (crossings: CrossingFact[], registrations: RegistrationFact[] = []): string[] =>
  walked(crossings, registrations, '2024-02-01').at(-1)!.spells.map(({ from, until, province }) =>
    `${province} ${formatDay(from)} ${until === NO_DAY ? '-' : formatDay(until)}`)

const coverage = (crossings: CrossingFact[], registrations: RegistrationFact[], asOf = '2024-02-01'): string[] =>
  walked(crossings, registrations, asOf).map(stay => COVERAGE_OUTCOMES[stay.coverage.outcome] ?? '-')

describe('the province of a day', () => {
  it('is the destination until a registration checks in, which may be the day before the beginning', () => {
    expect(spells([arrival])).toEqual(['12 2024-01-10 -'])
    expect(spells([arrival], [registered('2024-01-20T10:00:00', '2024-01-15')]))
      .toEqual(['12 2024-01-10 2024-01-15', '1 2024-01-15 -'])
    expect(spells([arrival], [registered('2024-01-20T10:00:00', '2024-01-09')])).toEqual(['1 2024-01-10 -'])
    expect(spells([arrival], [registered('2024-01-20T10:00:00', '2024-01-08')])).toEqual(['12 2024-01-10 -'])
  })

  it('is that of the latest check-in, and of the latest registered among those of one day', () => {
    expect(spells([arrival, exit('2024-01-20T10:00:00')], [
      registered('2024-01-10T11:00:00', '2024-01-12', 3), registered('2024-01-10T12:00:00', '2024-01-10', 1),
      registered('2024-01-13T12:00:00', '2024-01-12', 2), registered('2024-01-19T12:00:00', '2024-01-20', 4)
    ])).toEqual(['1 2024-01-10 2024-01-12', '2 2024-01-12 2024-01-20'])
  })

  it('has no row for a stay that ends on the day on which it began', () => {
    expect(spells([arrival, exit('2024-01-10T20:00:00')])).toEqual([])
  })
})

describe('coverage', () => {
  const until = (at: string): CrossingFact[] => [arrival, exit(at)]

  it('asks nothing of a stay of 24 hours, and of an open one from the day after it began', () => {
    expect(coverage(until('2024-01-11T10:00:00'), [])).toEqual(['-'])
    expect(coverage(until('2024-01-11T10:00:01'), [])).toEqual(['never'])
    expect(coverage([arrival], [], '2024-01-10')).toEqual(['-'])
    expect(coverage([arrival], [], '2024-01-11')).toEqual(['never'])
  })

  it('is in time up to 24 hours, by the earliest registration whose check-in lies in the stay', () => {
    const stay = until('2024-01-20T10:00:00')
    expect(coverage(stay, [registered('2024-01-11T10:00:00', '2024-01-10')])).toEqual(['within_24h'])
    expect(coverage(stay, [registered('2024-01-11T10:00:01', '2024-01-10')])).toEqual(['later'])
    expect(coverage(stay, [registered('2024-01-10T10:00:00', '2024-01-08'), registered('2024-01-12T10:00:00', '2024-01-20')]))
      .toEqual(['later'])
    expect(coverage(stay, [registered('2024-01-10T10:00:00', '2024-01-21')])).toEqual(['never'])
  })

  it('waits for a check-in that lies after the as-of date of an open stay', () => {
    const later = [registered('2024-01-10T12:00:00', '2024-01-15')]
    expect(coverage([arrival], later, '2024-01-14')).toEqual(['never'])
    expect(coverage([arrival], later, '2024-01-15')).toEqual(['within_24h'])
    expect(formatDay(walkTraveller(history([arrival], [], later), rules('2024-01-14')).dueOn)).toBe('2024-01-15')
  })

  it('counts a stay that ended on its lapse day', () => {
    const again: CrossingFact = { at: '2026-01-01T10:00:00', way: 'arrival' }
    expect(coverage([arrival, again], [], '2026-01-01')).toEqual(['never', '-'])
    expect(coverage([arrival], [], '2025-02-08')).toEqual(['never'])
  })
})
