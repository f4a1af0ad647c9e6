import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch, diff, type Json } from '../../../serve/stream/merge-patch.ts'

const value = fc.letrec<{ any: Json, object: { [key: string]: Json } }>(tie => ({
  any: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.boolean(), fc.integer(), fc.string(),
    fc.array(fc.integer(), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'toString'), tie('any'), { maxKeys: 4, noNullPrototype: true })
}))

describe('a patch', () => {
  it('makes the later of the earlier document, whenever there is one', () => {
    fc.assert(fc.property(value.object, value.object, (before, after) => {
      const patch = diff(before, after)
      if (patch === null) return
      expect(applyPatch(before, JSON.parse(JSON.stringify(patch)) as typeof patch)).toEqual(after)
    }))
  })

  it('is there for any change of values, also to null, and is empty where nothing changed', () => {
    const before = { a: { b: 1, c: [1, 2], d: null }, e: 'x' }
    expect(diff(before, structuredClone(before))).toEqual({})
    expect(diff(before, { a: { b: null, c: [1, 3], d: 2 }, e: 'x', f: {} }))
      .toEqual({ a: { b: null, c: [1, 3], d: 2 }, f: {} })
  })

  it('is not there where a key has gone, or an object has come in place of another value', () => {
    expect(diff({ a: 1, b: 2 }, { a: 1 })).toBe(null)
    expect(diff({ a: { b: 1 } }, { a: {} })).toBe(null)
    expect(diff({ a: 1 }, { a: { b: 1 } })).toBe(null)
  })

  it('leaves the document it is applied to as it was', () => {
    const before = { a: { b: 1 } }
    applyPatch(before, { a: { b: 2 } })
    expect(before).toEqual({ a: { b: 1 } })
  })
})
