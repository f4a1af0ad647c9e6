import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdIndex } from '../../../sinks/warehouse/id-index.ts'

// Few hashes, so that ids collide often; high words that fall into one part or into several.
const hash = fc.record({
  low: fc.constantFrom(0, 1, 255, 256, 0xffffffff), high: fc.constantFrom(0, 1, 0x01000000, 0xff000000, 0xffffffff)
})
const steps = fc.array(fc.record({ hash, replaces: fc.boolean(), pick: fc.nat(9) }), { maxLength: 400 })

describe('the look-up of ids', () => {
  it('finds what a plain map of lists finds, whatever collides and is replaced', () => {
    fc.assert(fc.property(steps, all => {
      const index = createIdIndex()
      const model = new Map<string, number[]>()
      let sequence = 0
      let size = 0
      for (const { hash: { low, high }, replaces, pick } of all) {
        const key = `${low} ${high}`
        const known = model.get(key) ?? []
        sequence++
        if (replaces && known.length > 0) {
          const place = pick % known.length
          index.replace(low, high, known[place] as number, sequence)
          known[place] = sequence
        } else {
          index.add(low, high, sequence)
          known.push(sequence)
          size++
        }
        model.set(key, known)
      }
      for (const [key, known] of model) {
        const [low, high] = key.split(' ').map(Number) as [number, number]
        expect(index.find(low, high).toSorted()).toEqual(known.toSorted())
      }
      expect(index.find(7, 7)).toEqual([])
      expect(index.size).toBe(size)
    }))
  })

  it('keeps everything while it grows', () => {
    const index = createIdIndex()
    const words = (i: number): [number, number] => [Math.imul(i, 2654435761) >>> 0, Math.imul(i, 1597334677) >>> 0]
    const empty = index.bytes
    for (let i = 1; i <= 200_000; i++) index.add(...words(i), i)
    let wrong = 0
    for (let i = 1; i <= 200_000; i++) if (!index.find(...words(i)).includes(i)) wrong++
    expect(wrong).toBe(0)
    expect(index.size).toBe(200_000)
    expect(index.bytes).toBeGreaterThan(empty)
    // 12 bytes a slot, at most 0.7 full, at least 0.35 after a growth.
    expect(index.bytes / 200_000).toBeLessThan(12 / 0.3)
  })

  it('refuses to replace what is not there', () => {
    const index = createIdIndex()
    index.add(1, 2, 3)
    expect(() => { index.replace(1, 2, 4, 5) }).toThrow()
    expect(() => { index.replace(9, 2, 3, 5) }).toThrow()
  })
})
