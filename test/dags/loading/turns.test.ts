import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../dags/loading/turns.ts'

interface Item { owner: string, number: number }

const actions = fc.array(fc.option(fc.constantFrom('http', 'kafka', 'spool'), { freq: 2, nil: 'take' }), { maxLength: 60 })

describe('turns', () => {
  it('give every item once, each owner his in order, and nobody a second one while another has waited longer', () => {
    fc.assert(fc.property(actions, all => {
      const turns = createTurns<Item>(({ owner }) => owner)
      const waiting: Item[] = []
      const served = new Map<string, number>()
      for (const [number, action] of all.entries()) {
        if (action !== 'take') {
          // Who has nothing waiting comes behind those who have.
          if (!waiting.some(({ owner }) => owner === action)) served.set(action, number)
          turns.add({ owner: action, number })
          waiting.push({ owner: action, number })
        } else {
          const owners = [...new Set(waiting.map(({ owner }) => owner))]
          const due = owners.toSorted((a, b) => (served.get(a) as number) - (served.get(b) as number))[0]
          const expected = waiting.find(({ owner }) => owner === due)
          expect(turns.next()).toEqual(expected)
          expect(turns.take()).toEqual(expected)
          if (expected !== undefined) {
            waiting.splice(waiting.indexOf(expected), 1)
            served.set(expected.owner, number)
          }
        }
        expect(turns.count()).toBe(waiting.length)
        const owners = new Set(waiting.map(({ owner }) => owner))
        expect(new Set(turns.owners())).toEqual(owners)
        expect(turns.has('http')).toBe(owners.has('http'))
      }
      expect(turns.takeAll().toSorted((a, b) => a.number - b.number)).toEqual(waiting)
      expect(turns.take()).toBeUndefined()
    }))
  })
})
