// Holds the reference model to rules that the worked examples leave undecided, by cases small enough to work by hand.
import { describe, expect, it } from 'vitest'
import { reference, type ReferenceResult } from './index.ts'

type Fields = Record<string, unknown>

const receivedAtMs = Date.parse('2026-01-01T00:00:00Z')
let ids = 0

/** A crossing at noon in Phnom Penh by the traveller whose document number is P1. */
function crossing (date: string, direction: 'arrival' | 'exit', fields: Fields = {}): Fields {
  return {
    contract: 'gdi.crossing.v1',
    event_id: `e${++ids}`,
    revision: 1,
    action: 'record',
    occurred_at: `${date}T12:00:00+07:00`,
    recorded_at: `${date}T12:00:00+07:00`,
    checkpoint: 'KHC-BVT',
    direction,
    decision: 'admitted',
    document: { type: 'passport', issuing_state: 'DEU', number: 'P1' },
    traveller: { nationality: 'DEU', sex: 'F' },
    ...fields
  }
}

function extension (date: string, permittedUntil: string): Fields {
  return {
    contract: 'gdi.extension.v1',
    extension_id: `x${++ids}`,
    revision: 1,
    action: 'record',
    granted_at: `${date}T12:00:00+07:00`,
    document: { type: 'passport', issuing_state: 'D', number: 'p-1' },
    visa: { class: 'EB', permitted_until: permittedUntil }
  }
}

/** Somebody else, long before: the feed is complete from then on. */
const firstFact = crossing('2010-01-01', 'arrival', {
  document: { type: 'passport', issuing_state: 'FRA', number: 'F' }, traveller: { nationality: 'FRA', sex: 'F' }
})

function take (...messages: Fields[]): ReferenceResult {
  return reference(messages.map(message => ({ bytes: Buffer.from(JSON.stringify(message)), receivedAtMs })))
}

const outcomesOf = (...messages: Fields[]): string[] =>
  take(...messages).outcomes.map(({ outcome, reason }) => reason ?? outcome)

describe('outcomes', () => {
  it('reads the subscript ្ដ as ្ត, and refuses a checkpoint before it opens and after it closes', () => {
    expect(outcomesOf(
      crossing('2023-10-16', 'arrival', { checkpoint: 'អាកាសយានដ្ឋានអន្ដរជាតិសៀមរាប' }),
      crossing('2023-10-17', 'arrival', { checkpoint: 'REP' }),
      crossing('2025-09-08', 'arrival', { checkpoint: 'KTI' }),
      crossing('2025-09-09', 'arrival', { checkpoint: 'KTI' }),
      crossing('2025-09-09', 'arrival', { checkpoint: 'Kratie' })
    )).toEqual(['loaded', 'checkpoint_closed', 'checkpoint_closed', 'loaded', 'checkpoint_unknown'])
  })

  it('compares normalised content: a state, a sex, a mode and a visa class written in two ways are one', () => {
    const first = crossing('2020-01-01', 'arrival', { event_id: 'same', traveller: { nationality: 'D', sex: '<' } })
    const pass = { type: 'border_pass', issuing_state: 'DEU', number: 'p 1' }
    expect(outcomesOf(
      first,
      { ...first, mode: 'land', traveller: { nationality: 'DEU', sex: 'X', date_of_birth: null } },
      { ...first, recorded_at: '2020-01-01T12:00:00.001+07:00' },
      { ...first, carrier: 'BUS-7' },
      { ...first, event_id: 'pass', document: pass },
      { ...first, event_id: 'pass', document: pass, visa: { class: 'border_pass' } }
    )).toEqual(['loaded', 'duplicate', 'revision_conflict', 'revision_conflict', 'loaded', 'duplicate'])
  })

  it('takes two voids of one revision for one, and a void against a record for a conflict', () => {
    const first = crossing('2020-01-01', 'arrival', { event_id: 'same', revision: 2 })
    const voided = { contract: first['contract'], event_id: 'same', revision: 3, action: 'void' }
    expect(outcomesOf(first, { ...voided, revision: 2 }, voided, { ...voided, checkpoint: 7 }, first))
      .toEqual(['loaded', 'revision_conflict', 'loaded', 'duplicate', 'superseded'])
  })

  it('takes a traveller to be 130 years old at most', () => {
    const traveller = { nationality: 'DEU', sex: 'F', date_of_birth: '1890-05-05' }
    const [birthday, dayAfter] = ['2020-05-05', '2020-05-06'].map(date => crossing(date, 'arrival', { traveller }))
    expect(outcomesOf({ ...birthday }, { ...dayAfter })).toEqual(['loaded', 'date_of_birth_invalid'])
  })
})

describe('stays', () => {
  it('joins a traveller by reporting code, type and normalised number of the document', () => {
    const document = { type: 'passport', issuing_state: 'D', number: 'p-1' }
    const written = crossing('2020-01-05', 'exit', { document })
    const other = crossing('2020-01-06', 'exit', { document: { ...document, type: 'emergency' } })
    const states = take(crossing('2020-01-01', 'arrival'), written, other).table('stays_summary', '2020-02-01')
    expect(states.map(({ state, nights }) => [state, nights])).toEqual([['closed', '4'], ['no_begin', '0']])
  })

  it('ends a stay without an exit on the day on which it would have lapsed, if the next arrival is later', () => {
    const result = take(crossing('2020-01-01', 'arrival', { visa: { class: 'T' } }), crossing('2022-01-01', 'arrival'))
    const stock = result.table('stock', '2022-01-01').map(row => row['business_date'])
    // Permitted until 2020-01-30; 366 days later it lapses.
    expect([stock[0], stock.at(-2), stock.at(-1)]).toEqual(['2020-01-01', '2021-01-29', '2022-01-01'])
    expect(stock).toHaveLength(395 + 1)
    expect(result.table('registration_coverage', '2022-01-01')).toMatchObject([{ month: '2020-01', outcome: 'never' }])
    expect(result.table('data_quality', '2022-01-01')).toMatchObject([{ business_date: '2022-01-01', kind: 'no_end' }])
  })

  it('takes an exit soon after one without a beginning for a repeated stamp', () => {
    const again = crossing('2020-01-01', 'exit', { occurred_at: '2020-01-01T12:30:00+07:00' })
    const result = take(crossing('2020-01-01', 'exit'), again)
    expect(result.table('data_quality', '2020-01-02').map(row => row['kind'])).toEqual(['no_begin', 'repeated_stamp'])
  })

  it('gives an extension to the stay under way on its day, first and last day included', () => {
    const stay = [crossing('2020-01-10', 'arrival', { visa: { class: 'T' } }), crossing('2020-02-05', 'exit')]
    const monthsOf = (granted: string, until: string): string | undefined =>
      take(...stay, extension(granted, until)).table('extensions', '2021-01-01')[0]?.['months_granted']
    // The dated rule permits until 2020-02-08; 31 days more are one month, 31 days fewer one less than none.
    expect(monthsOf('2020-01-09', '2020-03-10')).toBe('unknown')
    expect(monthsOf('2020-01-10', '2020-03-10')).toBe('1')
    expect(monthsOf('2020-02-05', '2020-03-10')).toBe('1')
    expect(monthsOf('2020-02-06', '2020-03-10')).toBe('unknown')
    expect(monthsOf('2020-01-10', '2020-01-10')).toBe('-1')
    expect(monthsOf('2020-01-10', '2020-01-09')).toBe('unknown')
  })

  it('reopens a lapsed stay by a later extension', () => {
    const arrival = crossing('2020-01-01', 'arrival', { visa: { class: 'E' } })
    const stateOf = (...messages: Fields[]): string | undefined =>
      take(...messages).table('stays_summary', '2021-06-01')[0]?.['state']
    expect(stateOf(arrival)).toBe('lapsed')
    expect(stateOf(arrival, extension('2021-05-01', '2021-10-31'))).toBe('open')
  })
})

describe('migrants', () => {
  const outcomesOfP1 = (asOf: string, ...messages: Fields[]): (string | undefined)[] =>
    take(...messages).table('migrants', asOf).filter(row => row['nationality'] === 'DEU')
      .map(row => `${row['month']} ${row['flow']} ${row['outcome']}`)

  it('counts a lapsed stay up to the end of its last authorised day', () => {
    const arrival = (permittedUntil: string): Fields =>
      crossing('2019-01-01', 'arrival', { visa: { class: 'E', permitted_until: permittedUntil } })
    expect(outcomesOfP1('2023-01-01', firstFact, arrival('2019-12-30'))).toEqual(['2019-01 in not_migrant'])
    expect(outcomesOfP1('2023-01-01', firstFact, arrival('2019-12-31'))).toEqual(['2019-01 in migrant'])
  })

  it('publishes the exit of a resident even where the feed is too young to publish the arrival', () => {
    expect(outcomesOfP1('2023-01-01', crossing('2020-01-01', 'arrival', { visa: { class: 'K' } }),
      crossing('2021-03-01', 'exit'))).toEqual(['2020-01 in undetermined', '2021-03 out migrant'])
  })

  it('takes days of a stay that lapsed for days not away', () => {
    // 400 days inside, out; back at once on T, which lapses more than a year later: only some 90 days are away.
    expect(outcomesOfP1('2024-01-01', firstFact, crossing('2020-01-01', 'arrival', { visa: { class: 'K' } }),
      crossing('2021-02-04', 'exit'), crossing('2021-02-10', 'arrival', { visa: { class: 'T' } })))
      .toEqual(['2020-01 in migrant', '2021-02 in not_a_change', '2021-02 out not_migrant'])
  })
})
