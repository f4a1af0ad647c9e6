import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createColumn, setInstant, setNull, setUuid, type FixedColumn } from '../../core/column-buffer.ts'

describe('a column buffer', () => {
  it('marks exactly the rows that are null', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.nat(299)), (capacity, wanted) => {
      const nulls = new Set(wanted.filter(row => row < capacity))
      const column = createColumn('integer', true, capacity)
      for (const row of nulls) setNull(column, row)
      const validity = column.validity as Uint8Array
      expect(validity.length % 8).toBe(0)
      for (let row = 0; row < validity.length * 8; row++) {
        expect(((validity[row >> 3] as number) >> (row & 7)) & 1).toBe(nulls.has(row) ? 0 : 1)
      }
    }))
  })

  it('refuses a null where none may be', () => {
    expect(() => { setNull(createColumn('integer', false, 8), 0) }).toThrow()
  })

  it('writes an instant as microseconds in two words', () => {
    const range = { min: Date.parse('0000-01-01T00:00:00Z') - 86_400_000, max: Date.parse('9999-12-31T23:59:59Z') + 86_400_000 }
    fc.assert(fc.property(fc.integer(range), fc.nat(5), (instant, row) => {
      const words = new Uint32Array(12)
      setInstant(words, row, instant)
      expect(new BigInt64Array(words.buffer)[row]).toBe(BigInt(instant) * 1000n)
    }))
  })

  it('writes a UUID as a 128-bit integer with its top bit flipped', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(3), (bytes, row) => {
      const column = createColumn('uuid', false, 4) as FixedColumn
      setUuid(column.data as Uint8Array, row, String.fromCharCode(...bytes))
      const stored = [...column.data.subarray(row * 16, row * 16 + 16)].reverse()
      expect([(stored[0] as number) ^ 0x80, ...stored.slice(1)]).toEqual([...bytes])
    }))
  })
})
