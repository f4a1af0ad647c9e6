import { describe, expect, it } from 'vitest'
import { createSlices } from '../../core/slices.ts'
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
})
