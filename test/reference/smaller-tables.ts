// Owns the smaller tables: minors, returnees, refusals, extensions, registrations, data_quality.
import type { Tick } from './csv.ts'
import { civilDay, dateText, monthText, type Day } from './dates.ts'
import type { ReferenceOutcome } from './images.ts'
import type { Crossing, Registration } from './records.ts'
import type { Grant } from './permitted-until.ts'
import type { Walk } from './stays.ts'

export function minors (crossings: readonly Crossing[]): Tick[] {
  return crossings.flatMap(({ day, direction, nationality, sex, age, accompaniment, decision }) => {
    if (age === undefined || age >= 18) return []
    const band = age <= 4 ? '0-4' : age <= 9 ? '5-9' : age <= 14 ? '10-14' : '15-17'
    return [{ key: [monthText(day), direction, nationality, sex, band, accompaniment, decision], measures: [1] }]
  })
}

export function returnees (crossings: readonly Crossing[]): Tick[] {
  return crossings.flatMap(crossing => {
    const { day, checkpoint, direction, decision, nationality, sex, ageBand, province, returnee } = crossing
    const counts = direction === 'arrival' && decision === 'admitted' && nationality === 'KHM'
    if (!counts || returnee === undefined) return []
    const { from, reason, nea } = returnee
    return [{ key: [monthText(day), checkpoint, from, reason, nea, sex, ageBand, province], measures: [1] }]
  })
}

export function refusals (crossings: readonly Crossing[]): Tick[] {
  return crossings.filter(({ decision }) => decision === 'refused')
    .map(({ day, checkpoint, mode, direction, nationality, refusalReason }) =>
      ({ key: [monthText(day), checkpoint, mode, direction, nationality, refusalReason], measures: [1] }))
}

export function extensions (grants: readonly Grant[]): Tick[] {
  return grants.map(({ extension, stay, months }) => ({
    key: [monthText(extension.day), extension.visaClass, stay?.subject.nationality ?? 'unknown', months ?? 'unknown'],
    measures: [1]
  }))
}

export function registrations (current: readonly Registration[]): Tick[] {
  return current.map(({ checkIn, accommodation, channel, reporter, nationality }) => ({
    key: [monthText(checkIn), accommodation.province, accommodation.type, channel, reporter, nationality],
    measures: [1]
  }))
}

/** Messages by their date of receipt, whatever as_of is; what the walk met, by the date of the event. */
export function dataQuality (outcomes: readonly ReferenceOutcome[], receivedAtMs: readonly number[],
  walks: readonly Walk[]): Tick[] {
  const ofMessages = outcomes.flatMap(({ contract, outcome, reason, drift }, at) => {
    const row = (kind: string): Tick =>
      ({ key: [dateText(civilDay(receivedAtMs[at] ?? 0)), contract, kind, reasonOf(kind, reason)], measures: [1] })
    return [...outcome === 'loaded' ? [] : [row(outcome)], ...drift ? [row('schema_drift')] : []]
  })
  const found = (date: Day | undefined, kind: string): Tick[] => date === undefined
    ? []
    : [{ key: [dateText(date), 'gdi.crossing.v1', kind, 'unknown'], measures: [1] }]
  const ofWalks = walks.flatMap(({ stays, repeatedStamps }) => [
    ...repeatedStamps.flatMap(stamp => found(stamp.day, 'repeated_stamp')),
    ...stays.flatMap(stay => {
      if (stay.state === 'no_begin' || stay.state === 'no_end') return found(stay.end?.day, stay.state)
      return stay.state === 'lapsed' ? found(stay.endedOn, 'lapsed') : []
    })
  ])
  return [...ofMessages, ...ofWalks]
}

function reasonOf (kind: string, reason: string | undefined): string {
  return kind === 'quarantined' ? reason ?? 'unknown' : 'unknown'
}
