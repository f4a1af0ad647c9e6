import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFingerprint, createHmac128 } from '../../../transforms/normalise/keyed-hash.ts'
import { createTravellerKeys, normaliseDocumentNumber } from '../../../transforms/normalise/traveller-key.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const text = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: fc.constantFrom('a', 'ក', '😀', 'é'), maxLength: 3000 }))
const hex = (binary: string): string => Buffer.from(binary, 'binary').toString('hex')

describe('the keyed hash', () => {
  it('is the first half of HMAC-SHA-256 by node:crypto, for texts in any order and of any length', () => {
    const someKey = fc.uint8Array({ minLength: 0, maxLength: 64 })
    fc.assert(fc.property(someKey, fc.array(text, { minLength: 1, maxLength: 6 }), (key, texts) => {
      const hmac = createHmac128(key)
      for (const text of texts) {
        expect(hex(hmac(text))).toBe(createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, 32))
      }
    }))
  })

  it('takes no key that would have to be hashed first', () => {
    expect(() => createHmac128(new Uint8Array(65))).toThrow()
  })
})

describe('the fingerprint', () => {
  it('is the same for the same text and key only', () => {
    fc.assert(fc.property(key, key, text, text, (one, other, a, b) => {
      const fingerprint = createFingerprint(one)
      expect(fingerprint(a)).toBe(createFingerprint(Uint8Array.from(one))(a))
      expect(fingerprint(a)).toHaveLength(16)
      if (Buffer.from(a).equals(Buffer.from(b))) expect(fingerprint(b)).toBe(fingerprint(a))
      else expect(fingerprint(b)).not.toBe(fingerprint(a))
      if (Buffer.compare(one, other) !== 0) expect(createFingerprint(other)(a)).not.toBe(fingerprint(a))
    }))
  })

  it('does not depend on what was fingerprinted before', () => {
    const fingerprint = createFingerprint(new Uint8Array(32).fill(3))
    const before = fingerprint('short')
    fingerprint('long '.repeat(5000))
    expect(fingerprint('short')).toBe(before)
  })
})

describe('the traveller key', () => {
  const master = new Uint8Array(32).fill(9)

  it('is HMAC over its fields with U+001F between them', () => {
    const keys = createTravellerKeys(master)
    const expected = createHmac('sha256', master).update('borderflow/traveller/v1\u001fDEU\u001fpassport\u001fC01X00T47').digest('hex').slice(0, 32)
    expect(hex(keys('DEU', 'passport', 'C01X00T47'))).toBe(expected)
    expect(hex(keys('DEU', 'passport', 'C01X00T47'))).toBe(expected)
  })

  it('is another for another state, type or number, and the same after many others', () => {
    const keys = createTravellerKeys(master)
    const first = keys('DEU', 'passport', 'N1')
    expect(new Set([first, keys('FRA', 'passport', 'N1'), keys('DEU', 'border_pass', 'N1'), keys('DEU', 'passport', 'N2')]).size).toBe(4)
    for (let i = 0; i < 140_000; i++) keys('DEU', 'passport', `X${i}`)
    expect(keys('DEU', 'passport', 'N1')).toBe(first)
    expect(keys('DEU', 'passport', 'X0')).toBe(createTravellerKeys(master)('DEU', 'passport', 'X0'))
  })
})

describe('a document number', () => {
  it.each([
    ['n 123-456', 'N123456'], ['N123456', 'N123456'], ['<<N1<<', 'N1'], ['---', ''], [' ', ''], ['៣៤', ''], ['é1', '1'], ['ß', 'SS'], ['ｎ１', '']
  ])('%j is read as %j', (number, normalised) => {
    expect(normaliseDocumentNumber(number)).toBe(normalised)
  })

  it('keeps only A to Z and digits, and is stable', () => {
    fc.assert(fc.property(fc.string({ maxLength: 64 }), number => {
      const normalised = normaliseDocumentNumber(number)
      expect(normalised).toMatch(/^[A-Z0-9]*$/)
      expect(normaliseDocumentNumber(normalised)).toBe(normalised)
      const lower = number.toLowerCase()
      expect(normaliseDocumentNumber(lower)).toBe(normaliseDocumentNumber(lower.toUpperCase()))
    }))
  })
})
