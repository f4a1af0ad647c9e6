// The 12/16-month rule by cases small enough to work by hand (docs/method.md §8): 365 days of a window of 487.
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../../core/civil-date.ts'
import { MIGRANT_OUTCOMES } from '../../../transforms/walks/outcomes.ts'
import { walkTraveller } from '../../../transforms/walks/traveller.ts'
import { day, history, rules, type CrossingFact } from './facts.ts'

const at = (text: string): string => `${text}T08:00:00`
const arrival = (on: string, permittedUntil?: string): CrossingFact =>
  ({ at: at(on), way: 'arrival', ...(permittedUntil ? { permittedUntil } : {}) })
const exit = (on: string): CrossingFact => ({ at: at(on), way: 'exit' })
const plus = (on: string, days: number): string => formatDay(day(on) + days)
const name = (outcome: number): string => MIGRANT_OUTCOMES[outcome] ?? '-'

/** Outcomes as published but for the first fact: `in/out` of each stay. */
function outcomes (crossings: CrossingFact[], asOf: string): string[] {
  return walkTraveller(history(crossings), rules(asOf)).stays
    .map(({ events }) => `${name(events.inPublished)}/${name(events.outPublished)}`)
}

describe('a beginning', () => {
  const begun = arrival('2024-01-01', '2030-01-01')

  it('is a migration on the day on which 365 days are spent, and the ending then waits for its own window', () => {
    expect(outcomes([begun], plus('2024-01-01', 364))).toEqual(['undetermined/-'])
    expect(outcomes([begun], plus('2024-01-01', 365))).toEqual(['migrant/-'])
    const left = plus('2024-01-01', 365)
    expect(outcomes([begun, exit(left)], plus(left, 364))).toEqual(['migrant/undetermined'])
    expect(outcomes([begun, exit(left)], plus(left, 365))).toEqual(['migrant/migrant'])
  })

  it('is none once 365 days cannot be reached any more: as_of itself still counts as left', () => {
    const stay = [begun, exit(plus('2024-01-01', 10))]
    // 10 + 487 − n < 365 from n = 133 on.
    expect(outcomes(stay, plus('2024-01-01', 132))).toEqual(['undetermined/undetermined'])
    expect(outcomes(stay, plus('2024-01-01', 133))).toEqual(['not_migrant/not_a_change'])
  })

  it('adds stays over gaps within the window', () => {
    const stays = [
      begun, exit(plus('2024-01-01', 200)), arrival(plus('2024-01-01', 320), '2030-01-01'),
      exit(plus('2024-01-01', 485))
    ]
    // 200 and 165 days.
    expect(outcomes(stays, '2030-01-01')).toEqual(['migrant/not_migrant', 'not_a_change/migrant'])
    const shorter = [...stays.slice(0, 3), exit(plus('2024-01-01', 484))]
    expect(outcomes(shorter, '2030-01-01')).toEqual(['not_migrant/not_a_change', 'not_migrant/not_a_change'])
  })

  it('takes days past what was permitted for possible while the stay is open, and for none once it has lapsed', () => {
    const overstaying = arrival('2024-01-01', plus('2024-01-01', 29))
    expect(outcomes([overstaying], plus('2024-01-01', 394))).toEqual(['undetermined/-'])
    expect(outcomes([overstaying], plus('2024-01-01', 395))).toEqual(['not_migrant/-'])
  })

  it('counts nothing of a stay that has no end', () => {
    expect(outcomes([begun, arrival(plus('2024-01-01', 400), '2030-01-01')], plus('2024-01-01', 520)))
      .toEqual(['not_migrant/-', 'undetermined/-'])
  })
})

describe('what is published', () => {
  it('is undetermined after anything undetermined, and within 487 days after a stay without a beginning', () => {
    const short = (on: string): CrossingFact[] => [arrival(on), exit(plus(on, 1))]
    expect(outcomes([exit('2020-01-01'), ...short(plus('2020-01-01', 486)), ...short(plus('2020-01-01', 488))], '2025-01-01'))
      .toEqual(['-/undetermined', 'undetermined/not_a_change', 'not_migrant/not_a_change'])
    expect(outcomes([...short('2024-01-01'), ...short('2024-01-10')], '2024-02-01'))
      .toEqual(['undetermined/undetermined', 'undetermined/undetermined'])
  })
})

describe('the day of the next change', () => {
  it('is never later than the first as-of date that gives another outcome', () => {
    const stays = [arrival('2024-01-01', '2030-01-01'), exit('2024-06-01'), arrival('2024-09-01', '2025-03-01')]
    let last = ''
    let due = day('2024-09-01')
    for (let asOf = day('2024-09-01'); asOf < day('2026-06-01'); asOf++) {
      const walked = walkTraveller(history(stays), rules(formatDay(asOf)))
      const found = JSON.stringify(walked.stays.map(({ stay, events }) => [stay.state, events]))
      if (found !== last && last !== '') expect(formatDay(due), formatDay(asOf)).toBe(formatDay(Math.min(due, asOf)))
      if (asOf >= due || last === '') due = walked.dueOn
      last = found
    }
    expect(due).toBe(Infinity)
  })
})
