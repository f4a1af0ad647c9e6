// Owns who is in the country on each day, and in which province.
import { byCodePoint, type Tick } from './csv.ts'
import { dateText, type Day } from './dates.ts'
import type { Registration } from './records.ts'
import type { Stay } from './stays.ts'

/** One tick per inside stay and day from its beginning up to, but not on, its end. */
export function * stock (stays: readonly Stay[], registrationsOf: (stay: Stay) => readonly Registration[],
  asOf: Day): Generator<Tick> {
  for (const stay of stays) {
    const { side, begin, beganOn, endedOn } = stay
    if (side !== 'inside' || begin === undefined || beganOn === undefined) continue
    const registrations = [...registrationsOf(stay)].sort(byCheckIn).filter(registration =>
      beganOn - 1 <= registration.checkIn && registration.checkIn <= (endedOn ?? asOf))
    const { nationality, sex, ageBand, visaClass } = begin
    const last = endedOn === undefined ? asOf : endedOn - 1
    for (let date = beganOn; date <= last; date++) {
      const latest = registrations.findLast(registration => registration.checkIn <= date)
      const province = latest?.accommodation.province ?? begin.province
      const key = [dateText(date), nationality, sex, ageBand, visaClass, province]
      yield { key, measures: [1] }
    }
  }
}

function byCheckIn (a: Registration, b: Registration): number {
  return a.checkIn - b.checkIn || a.registeredAt - b.registeredAt || byCodePoint(a.id, b.id)
}
