// Sequences as ranges: all of them are inside, wide stretches are not, and there are never many.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rangesOf } from '../../../../sinks/warehouse/load/ranges.ts'

describe('ranges', () => {
  it('hold every sequence, in order and apart from each other', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 4_294_967_295 }), { maxLength: 200 }), sequences => {
      const ranges = rangesOf(sequences)
      expect(ranges.length).toBeLessThanOrEqual(32)
      const isInside = (sequence: number): boolean => ranges.some(({ from, to }) => from <= sequence && sequence <= to)
      expect(sequences.every(isInside)).toBe(true)
      for (const [i, { from, to }] of ranges.entries()) {
        expect([sequences.includes(from), sequences.includes(to)]).toEqual([true, true])
        if (i > 0) expect(from - ranges[i - 1]!.to).toBeGreaterThan(100_000)
      }
    }))
  })

  it('leave out the widest stretches', () => {
    expect(rangesOf([])).toEqual([])
    expect(rangesOf([5_000_000, 20, 19_999_950, 20_000_000, 60])).toEqual(
      [{ from: 20, to: 60 }, { from: 5_000_000, to: 5_000_000 }, { from: 19_999_950, to: 20_000_000 }])
  })
})
