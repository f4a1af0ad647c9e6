import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSeal, PAYLOAD_BYTES_MAX } from '../../../sinks/quarantine/seal.ts'

const key = randomBytes(32)
const { seal, open } = createSeal(key)
const place = { source: 'kafka', partition: 'gdi.crossing.v1/0', offset: 7 }
const failure = expect.objectContaining({ code: 'QUARANTINE_PAYLOAD', message: expect.not.stringContaining('canary') as string }) as Error

describe('a sealed payload', () => {
  it('opens as it was sealed', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), payload => {
      expect([...open(seal(payload, place), place)]).toEqual([...payload])
    }))
  })

  it('is sealed anew each time, and shows nothing of the text', () => {
    const payload = Buffer.from('canary'.repeat(10))
    expect(Buffer.from(seal(payload, place)).equals(Buffer.from(seal(payload, place)))).toBe(false)
    expect(Buffer.from(seal(payload, place)).includes('canary')).toBe(false)
  })

  it('keeps at most 64 KiB', () => {
    const payload = randomBytes(PAYLOAD_BYTES_MAX + 100)
    expect(Buffer.from(open(seal(payload, place), place)).equals(payload.subarray(0, PAYLOAD_BYTES_MAX))).toBe(true)
  })

  it.each([{ source: 'http' }, { partition: 'gdi.crossing.v1/1' }, { offset: 8 }, { source: 'kafka\u001fgdi.crossing.v1/0', partition: '7' }])(
    'does not open at another place: %j', moved => {
      const sealed = seal(Buffer.from('canary'), place)
      expect(() => open(sealed, { ...place, ...moved })).toThrow(failure)
    })

  it('does not open with another key, nor after any of its bytes was changed or cut off', () => {
    const sealed = Buffer.from(seal(Buffer.from('canary'), place))
    expect(() => createSeal(randomBytes(32)).open(sealed, place)).toThrow(failure)
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i] = (changed[i] as number) ^ 1
      expect(() => open(changed, place)).toThrow(failure)
    }
    for (const length of [0, 5, 12, 27, sealed.length - 1]) {
      expect(() => open(sealed.subarray(0, length), place)).toThrow(failure)
    }
  })
})
