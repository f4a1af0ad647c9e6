// The walk over crossings, and what is permitted, by cases small enough to work by hand (docs/method.md §3).
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../../core/civil-date.ts'
import { NO_DAY } from '../../../transforms/walks/columns.ts'
import { SIDES, STATES } from '../../../transforms/walks/outcomes.ts'
import { walkTraveller } from '../../../transforms/walks/traveller.ts'
import { FOREIGN, NATIONAL, history, rules, type CrossingFact, type ExtensionFact } from './facts.ts'

const text = (day: number): string => day === NO_DAY ? '-' : formatDay(day)

/** Stays as `state began ended permitted`. */
function staysOf (
  crossings: CrossingFact[], asOf = '2030-01-01', extensions: ExtensionFact[] = [], firstStay: number | null = null
): string[] {
  return walkTraveller(history(crossings, extensions), rules(asOf, firstStay)).stays.map(({ stay }) =>
    `${STATES[stay.state]} ${text(stay.beganOn)} ${text(stay.endedOn)} ${text(stay.permittedUntil)}`)
}

function monthsOf (crossings: CrossingFact[], extensions: ExtensionFact[], asOf = '2030-01-01'): (number | null)[] {
  return walkTraveller(history(crossings, extensions), rules(asOf)).grants.map(({ months }) => months)
}

const arrival = (at: string, more: Partial<CrossingFact> = {}): CrossingFact => ({ at, way: 'arrival', ...more })
const exit = (at: string, more: Partial<CrossingFact> = {}): CrossingFact => ({ at, way: 'exit', ...more })

describe('pairing crossings into stays', () => {
  it('takes the civil date at UTC+7 on both sides of midnight', () => {
    expect(staysOf([arrival('2024-02-28T23:59:59'), exit('2024-02-29T00:00:00')])).toEqual(['closed 2024-02-28 2024-02-29 -'])
  })

  it('begins with an exit for a national, whose first crossing decides the side for good', () => {
    const crossings = [exit('2024-01-01T08:00:00', { nationality: NATIONAL }), arrival('2024-03-01T08:00:00')]
    expect(staysOf(crossings)).toEqual(['closed 2024-01-01 2024-03-01 -'])
    expect(SIDES[walkTraveller(history(crossings), rules('2030-01-01')).side]).toBe('abroad')
    const foreigner = crossings.map((crossing, i) => i === 0 ? { ...crossing, nationality: FOREIGN } : crossing)
    expect(staysOf(foreigner, '2024-03-02')).toEqual(['no_begin - 2024-01-01 -', 'open 2024-03-01 - -'])
  })

  it('takes the exit first where an exit and an arrival share a second and a stay is open, whatever their ids', () => {
    const open = arrival('2024-01-01T08:00:00')
    const [first, second] = [arrival('2024-01-05T08:00:00', { checkpoint: 2 }), exit('2024-01-05T08:00:00', { checkpoint: 2 })]
    const wanted = ['closed 2024-01-01 2024-01-05 -', 'open 2024-01-05 - -']
    expect(staysOf([open, first, second], '2024-02-01')).toEqual(wanted)
    expect(staysOf([open, second, first], '2024-02-01')).toEqual(wanted)
    expect(staysOf([second, first])).toEqual(['closed 2024-01-05 2024-01-05 -'])
  })

  it('takes a stamp again within 30 minutes at the same checkpoint for the same, counted from the one that opened', () => {
    const at = (minutes: string): CrossingFact => arrival(`2024-01-01T08:${minutes}:00`)
    expect(staysOf([at('00'), at('20'), at('30')], '2024-02-01')).toEqual(['open 2024-01-01 - -'])
    expect(staysOf([at('00'), at('20'), at('31')], '2024-02-01')).toHaveLength(2)
    expect(staysOf([at('00'), { ...at('20'), checkpoint: 2 }], '2024-02-01')).toHaveLength(2)
    const walked = walkTraveller(history([at('00'), at('20'), at('30')]), rules('2024-02-01'))
    expect(walked.repeated).toEqual([1, 2])
  })

  it('writes an exit without a beginning once, and takes the same stamp after it for a repetition', () => {
    expect(staysOf([exit('2024-01-01T08:00:00'), exit('2024-01-01T08:30:00'), exit('2024-01-01T09:01:00')]))
      .toEqual(['no_begin - 2024-01-01 -', 'no_begin - 2024-01-01 -'])
    expect(staysOf([arrival('2023-12-01T08:00:00'), exit('2024-01-01T08:00:00'), exit('2024-01-01T08:29:00')]))
      .toEqual(['closed 2023-12-01 2024-01-01 -'])
  })

  it('ends a stay at the next arrival, or on its lapse day if that was earlier', () => {
    const again = arrival('2026-01-01T08:00:00', { permittedUntil: '2026-01-30' })
    expect(staysOf([arrival('2024-01-01T08:00:00', { permittedUntil: '2025-02-01' }), again], '2026-01-02'))
      .toEqual(['no_end 2024-01-01 2026-01-01 2025-02-01', 'open 2026-01-01 - 2026-01-30'])
    expect(staysOf([arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' }), again], '2026-01-02'))
      .toEqual(['no_end 2024-01-01 2025-01-30 2024-01-30', 'open 2026-01-01 - 2026-01-30'])
  })

  it('lapses on the 366th day past what was permitted, and on the 1,827th where nothing was', () => {
    const permitted = arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' })
    expect(staysOf([permitted], '2025-01-29')).toEqual(['open 2024-01-01 - 2024-01-30'])
    expect(staysOf([permitted], '2025-01-30')).toEqual(['lapsed 2024-01-01 2025-01-30 2024-01-30'])
    expect(staysOf([arrival('2020-01-01T08:00:00')], '2024-12-31')).toEqual(['open 2020-01-01 - -'])
    expect(staysOf([arrival('2020-01-01T08:00:00')], '2025-01-01')).toEqual(['lapsed 2020-01-01 2025-01-01 -'])
  })
})

describe('what is permitted', () => {
  it('ignores a last day before the beginning, and falls back on the first stay, whose first day counts', () => {
    expect(staysOf([arrival('2024-01-01T08:00:00', { permittedUntil: '2023-12-31' })], '2024-01-02', [], 30))
      .toEqual(['open 2024-01-01 - 2024-01-30'])
    expect(staysOf([arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-01' })], '2024-01-02', [], 30))
      .toEqual(['open 2024-01-01 - 2024-01-01'])
  })

  it('is what the latest-granted extension says, granted before or after the day before it has passed', () => {
    const stay = [arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' })]
    const before = { granted: '2024-01-20', until: '2024-03-01' }
    const late = { granted: '2024-02-15', until: '2024-07-30' }
    expect(staysOf(stay, '2024-08-01', [before, late])).toEqual(['open 2024-01-01 - 2024-07-30'])
    // 31 days → 1.02 → 1; 151 days from 2024-03-01 → 4.96 → 5.
    expect(monthsOf(stay, [before, late])).toEqual([1, 5])
    expect(staysOf(stay, '2024-08-01', [late, { granted: '2024-03-01', until: '2024-04-01' }]))
      .toEqual(['open 2024-01-01 - 2024-04-01'])
    // 182 days → 5.98 → 6; then 120 days less → −3.94 → −4.
    expect(monthsOf(stay, [late, { granted: '2024-03-01', until: '2024-04-01' }])).toEqual([6, -4])
  })

  it('counts from the day of granting where nothing was permitted before, and knows nothing without a stay', () => {
    expect(monthsOf([arrival('2024-01-01T08:00:00')], [{ granted: '2024-01-10', until: '2024-07-10' }])).toEqual([6])
    expect(monthsOf([arrival('2024-01-01T08:00:00')], [
      { granted: '2023-12-31', until: '2024-07-10' }, { granted: '2024-01-01', until: '2023-12-30' }
    ])).toEqual([null, null])
    expect(monthsOf([], [{ granted: '2024-01-10', until: '2024-07-10' }])).toEqual([null])
  })

  it('reaches a later stay by a long extension of an earlier one only', () => {
    const trips = [
      arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' }), exit('2024-02-01T08:00:00'),
      arrival('2024-06-01T08:00:00'), exit('2024-07-01T08:00:00'), arrival('2025-02-01T08:00:00')
    ]
    const long = { granted: '2024-01-15', until: '2024-12-31' }
    expect(staysOf(trips, '2025-02-02', [long], 30).map(stay => stay.slice(-10)))
      .toEqual(['2024-12-31', '2024-12-31', '2025-03-02'])
    expect(staysOf(trips, '2025-02-02', [{ granted: '2024-01-15', until: '2024-06-10' }], 30).map(stay => stay.slice(-10)))
      .toEqual(['2024-06-10', '2024-06-30', '2025-03-02'])
  })

  it('reopens a lapsed stay by an extension granted after the lapse', () => {
    const stay = [arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' })]
    expect(staysOf(stay, '2025-06-02', [{ granted: '2025-06-01', until: '2025-12-01' }]))
      .toEqual(['open 2024-01-01 - 2025-12-01'])
  })

  it('belongs to the latest-begun stay of the day, on which one may have ended and the next begun', () => {
    const trips = [
      arrival('2024-01-01T08:00:00', { permittedUntil: '2024-01-30' }), exit('2024-01-20T08:00:00'),
      arrival('2024-01-20T18:00:00', { permittedUntil: '2024-02-18' })
    ]
    expect(staysOf(trips, '2024-01-21', [{ granted: '2024-01-20', until: '2024-03-20' }]))
      .toEqual(['closed 2024-01-01 2024-01-20 2024-01-30', 'open 2024-01-20 - 2024-03-20'])
  })
})
