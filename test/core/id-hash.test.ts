import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setIdHash } from '../../core/id-hash.ts'

function hash (contract: number, id: string): string {
  const words = new Uint32Array(4)
  setIdHash(words, 1, contract, id)
  expect([words[0], words[1]]).toEqual([0, 0])
  return `${(words[3] as number).toString(16).padStart(8, '0')}${(words[2] as number).toString(16).padStart(8, '0')}`
}

describe('the hash of an id', () => {
  it('never changes: it is stored', () => {
    expect([hash(0, ''), hash(0, 'e1'), hash(3, 'e1'), hash(0, 'KHC-BVT:2024-03-10.000001')]).toMatchInlineSnapshot(`
      [
        "488bdcb81aee8d83",
        "479b760d4ff584e9",
        "5ae670f7ed1b2014",
        "24b49d1386746ec4",
      ]
    `)
  })

  it('tells contracts and ids apart over many neighbours', () => {
    const seen = new Set<string>()
    for (let contract = 0; contract < 4; contract++) {
      for (let i = 0; i < 25_000; i++) seen.add(hash(contract, `POI-2024-${i}`))
    }
    expect(seen.size).toBe(100_000)
  })

  it('spreads over the parts of the look-up', () => {
    const parts = new Array<number>(256).fill(0)
    for (let i = 0; i < 51_200; i++) {
      const part = parseInt(hash(0, `e${i}`).slice(0, 2), 16)
      parts[part] = (parts[part] as number) + 1
    }
    expect(Math.min(...parts)).toBeGreaterThan(100)
    expect(Math.max(...parts)).toBeLessThan(320)
  })

  it('depends on the id alone', () => {
    fc.assert(fc.property(fc.stringMatching(/^[\w.:-]{1,64}$/), fc.nat(3), (id, contract) => { expect(hash(contract, id)).toBe(hash(contract, id)) }))
  })
})
