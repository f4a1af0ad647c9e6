// How many answers may be open at a time, of all and of one person: each holds memory and a snapshot of the database.
import { BorderflowError } from '../../core/errors.ts'

export interface Places {
  /** Takes a place; returns how to give it back, which may be called twice. Throws RATE_LIMITED if there is none. */
  take (person: string): () => void
}

export function createPlaces (all: number, ofPerson: number): Places {
  const taken = new Map<string, number>()
  let total = 0
  return {
    take (person) {
      const own = taken.get(person) ?? 0
      if (total >= all || own >= ofPerson) {
        throw new BorderflowError('RATE_LIMITED', {
          expected: `at most ${ofPerson} open answers of one person, ${all} of all`,
          found: 'more',
          remedy: 'Read or close those that are open first.'
        })
      }
      total++
      taken.set(person, own + 1)
      let held = true
      return () => {
        if (!held) return
        held = false
        total--
        const left = (taken.get(person) ?? 1) - 1
        if (left === 0) taken.delete(person)
        else taken.set(person, left)
      }
    }
  }
}
