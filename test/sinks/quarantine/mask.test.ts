import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskPayload } from '../../../sinks/quarantine/mask.ts'
import { crossing } from '../../support/histories.ts'

const mask = (value: unknown): unknown => JSON.parse(maskPayload(Buffer.from(JSON.stringify(value))))

describe('a masked payload', () => {
  it('shows fields and kinds of values, and no value', () => {
    expect(mask(crossing({ visa: null, count: 1.5, ok: true, list: [1, 2] }))).toMatchObject({
      contract: '(text of 15)', revision: '(integer)', visa: '(null)', count: '(number)', ok: '(true or false)', list: ['(2 items)'],
      document: { type: '(text of 8)', issuing_state: '(text of 3)', number: '(text of 2)' }
    })
  })

  it('counts characters as code points', () => {
    expect(mask({ a: '😀ក' })).toEqual({ a: '(text of 2)' })
  })

  it('shows no key that cannot be a field\'s name', () => {
    const shown = JSON.stringify(mask({ 'Sok Dara': 1, N1234567890123456789012345678901234567890123: 2, 'a.b': { ឈ្មោះ: 3 }, fine_name: 4 }))
    expect(shown).toContain('fine_name')
    for (const hidden of ['Sok', 'N123', 'a.b', 'ឈ្មោះ']) expect(shown).not.toContain(hidden)
  })

  it('says only the size of what is no JSON', () => {
    expect(maskPayload(Buffer.from('canary {'))).toBe('(no JSON, 8 bytes)')
    expect(maskPayload(Uint8Array.of(0xff))).toBe('(no JSON, 1 bytes)')
  })

  it('never shows a text or number of any payload, and never throws', () => {
    const canary = fc.constantFrom('canary', 'canary canary', 4711.25, 47114711)
    const value = fc.letrec(tie => ({
      value: fc.oneof({ maxDepth: 6 }, canary, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }))
    })).value
    fc.assert(fc.property(value, payload => {
      const text = maskPayload(Buffer.from(JSON.stringify(payload)))
      expect(text).not.toContain('canary')
      expect(text).not.toContain('4711')
    }))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), payload => { maskPayload(payload) }))
  })

  it('is bounded, however deep and wide the payload is', () => {
    const deep = '['.repeat(3000) + ']'.repeat(3000)
    expect(maskPayload(Buffer.from(deep)).length).toBeLessThan(1000)
    const nested = Array.from({ length: 60 }).reduce<unknown>(inner => ({ a: inner }), 1)
    expect(JSON.stringify(mask(nested))).toContain('(deeper)')
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]))
    expect(Object.keys(mask(wide) as object).length).toBeLessThanOrEqual(60)
  })
})
