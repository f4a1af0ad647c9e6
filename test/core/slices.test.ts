import { describe, expect, it } from 'vitest'
import { createSharedSlices, createSlices } from '../../core/slices.ts'
import { countTurns } from '../support/turns.ts'

const WORKS = 3
const SLICES = 5

describe('slices', () => {
  it('of works that are under way at once have a turn of the event loop each, one after the other', async () => {
    const turns = countTurns()
    const slices: { turn: number, work: number }[] = []
    await Promise.all(Array.from({ length: WORKS }, async (_, work) => {
      const own = createSlices()
      for (let slice = 0; slice < SLICES; slice++) {
        await own.rest()
        slices.push({ turn: turns.count(), work })
        while (!own.isOver()) Math.random()
      }
    }))
    turns.end()
    expect(slices).toHaveLength(WORKS * SLICES)
    expect(new Set(slices.map(({ turn }) => turn)).size).toBe(slices.length)
    expect(slices.map(({ work }) => work)).toEqual(slices.map((_, index) => index % WORKS))
  })
  it('that many share have one turn after the other, in the order in which their bits came', async () => {
    const turns = countTurns()
    const shared = createSharedSlices()
    const bits: { turn: number, side: number }[] = []
    await Promise.all(Array.from({ length: WORKS }, async (_, side) => {
      for (let bit = 0; bit < SLICES; bit++) {
        await shared.run(() => {
          bits.push({ turn: turns.count(), side })
          // Longer than a slice: nothing else has a bit in this turn.
          for (const end = performance.now() + 5; performance.now() < end;) Math.random()
        })
      }
    }))
    turns.end()
    expect(new Set(bits.map(({ turn }) => turn)).size).toBe(bits.length)
    expect(bits.map(({ side }) => side)).toEqual(Array.from({ length: WORKS * SLICES }, (_, index) => index % WORKS))
  })

  it('that many share tell each of them what its own bit threw', async () => {
    const shared = createSharedSlices()
    const told = await Promise.allSettled([
      shared.run(() => { throw new Error('a bad bit') }), shared.run(() => {})
    ])
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})
