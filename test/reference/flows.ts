// Owns the two tables of flows, which need no stays.
import type { Tick } from './csv.ts'
import { civilHour, dateText } from './dates.ts'
import type { Crossing, Tally } from './records.ts'

export function flows (crossings: readonly Crossing[], tallies: readonly Tally[]): Tick[] {
  return [
    ...crossings.map(crossing => ({
      key: [dateText(crossing.day), crossing.checkpoint, crossing.direction, crossing.decision, crossing.mode,
        crossing.nationality, crossing.sex, crossing.ageBand, crossing.visaClass, crossing.purpose, 'crossing'],
      measures: [1]
    })),
    ...tallies.map(tally => ({
      key: [dateText(tally.day), tally.checkpoint, tally.direction, 'admitted', tally.mode, tally.nationality,
        tally.sex, 'unknown', 'unknown', 'unknown', 'tally'],
      measures: [tally.count]
    }))
  ]
}

export function flowsHourly (crossings: readonly Crossing[]): Tick[] {
  return crossings.map(({ day, occurredAt, checkpoint, direction, decision }) =>
    ({ key: [dateText(day), civilHour(occurredAt), checkpoint, direction, decision], measures: [1] }))
}
