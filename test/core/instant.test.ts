import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseInstant } from '../../core/instant.ts'

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/** The rule in plain words: a regular expression, a date that exists, and JavaScript's own reading of the rest. */
function oracle (text: string): number | null {
  const parts = RFC_3339.exec(text)
  if (parts === null) return null
  const date = Date.parse(`${parts[1]}T00:00:00Z`)
  if (Number.isNaN(date) || !new Date(date).toISOString().startsWith(parts[1] as string)) return null
  const [hours, minutes] = (parts[6] === 'Z' ? '+00:00' : parts[6] as string).slice(1).split(':').map(Number) as [number, number]
  const offset = (hours * 60 + minutes) * 60_000 * (parts[6]?.startsWith('-') === true ? -1 : 1)
  const fraction = (parts[5] ?? '.').slice(1, 4).padEnd(3, '0')
  return Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}.${fraction}Z`) - offset
}

const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map(n => String(n).padStart(2, '0'))
const written = fc.tuple(
  fc.integer({ min: 0, max: 9999 }).map(n => String(n).padStart(4, '0')), two(13), two(32),
  fc.constantFrom('T', 'T', 'T', 'T', 't', ' '), two(25), two(61), two(61),
  fc.oneof(fc.constant(''), fc.constant('.'), fc.integer({ min: 0, max: 10 ** 9 }).map(n => `.${n}`), fc.constant('.000999999'), fc.constant(',5')),
  fc.oneof(fc.constantFrom('Z', 'Z', 'z', '', '+7', '+0700', '+07', 'Z ', '−07:00'), fc.tuple(fc.constantFrom('+', '-'), two(25), two(61))
    .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`))
).map(([year, month, day, t, hour, minute, second, fraction, offset]) =>
  `${year}-${month}-${day}${t}${hour}:${minute}:${second}${fraction}${offset}`)

describe('an instant', () => {
  it('is read as the plain rule reads it', () => {
    fc.assert(fc.property(written, text => { expect(parseInstant(text)).toBe(oracle(text)) }), { numRuns: 5000 })
  })

  it('is what JavaScript writes', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }), date => {
      expect(parseInstant(date.toISOString())).toBe(date.getTime())
    }))
  })

  it('is truncated to the millisecond, never rounded', () => {
    expect(parseInstant('2024-01-01T00:00:00.9999999+07:00')).toBe(Date.parse('2023-12-31T17:00:00.999Z'))
    expect(parseInstant('2024-01-01T00:00:00.1Z')).toBe(Date.parse('2024-01-01T00:00:00.100Z'))
  })

  it.each([
    '2024-01-01T00:00:60Z', '2024-01-01T24:00:00Z', '2024-01-01t00:00:00Z', '2024-01-01T00:00:00z', '2024-01-01T00:00:00',
    '2024-01-01 00:00:00Z', '2024-02-30T00:00:00Z', '2024-01-01T00:00Z', '2024-01-01T00:00:00.Z', '2024-01-01T00:00:00+24:00',
    '2024-01-01T00:00:00+07:60', '2024-01-01T00:00:00+0700', '2024-01-01T00:00:00Z\n', '', 'now', '٢٠٢٤-01-01T00:00:00Z'
  ])('is not %j', text => {
    expect(parseInstant(text)).toBeNull()
    expect(oracle(text)).toBeNull()
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), text => { expect(parseInstant(text)).toBe(oracle(text)) }))
  })
})
