import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../../ingest/decode/decode.ts'
import { CONTRACTS } from '../../../schemas/contracts/index.ts'
import { drifts, fits } from '../../reference/shapes.ts'
import { decode as referenceDecode, isObject } from '../../reference/decode.ts'
import { crossing, extension, registration, tally } from '../../support/histories.ts'

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))

/** What becomes of a text: the reason, or `accepted`, with `+drift` where it has an unknown field. */
function outcome (value: unknown, topic?: (typeof CONTRACTS)[number]): string {
  const decoded = decodeMessage(value instanceof Uint8Array ? value : bytes(value), topic)
  return decoded.accepted ? `accepted${decoded.drift ? '+drift' : ''}` : decoded.reason
}

/** The same by the reference model. */
function referenceOutcome (message: Uint8Array): string {
  const decoded = referenceDecode(message)
  if (typeof decoded === 'string') return decoded
  if (!fits(decoded.contract, decoded.object)) return 'schema'
  return drifts(decoded.contract, decoded.object) ? 'accepted+drift' : 'accepted'
}

/** A crossing whose text is `length` bytes, spaces at its end. */
const padded = (length: number): Uint8Array => bytes(JSON.stringify(crossing()).padEnd(length, ' '))
/** A crossing in which an unknown field nests so that the message has `levels` levels. */
const nested = (levels: number): unknown => ({ ...crossing(), note: JSON.parse('['.repeat(levels - 1) + ']'.repeat(levels - 1)) as unknown })

describe('a message', () => {
  it.each([crossing(), tally(), extension(), registration()])('of each contract is accepted', message => {
    expect(outcome(message)).toBe('accepted')
    expect(decodeMessage(bytes(message))).toMatchObject({ contract: message['contract'], isVoid: false })
  })

  it.each([
    ['', 'empty'], [' \t\r\n', 'empty'], ['\u00a0', 'not_json'], ['\u000b', 'not_json'], ['{}', 'unknown_contract'],
    ['[]', 'not_json'], ['null', 'not_json'], ['"text"', 'not_json'], ['1', 'not_json'], ['NaN', 'not_json'], ['{"a":NaN}', 'not_json'],
    ['{"a":Infinity}', 'not_json'], ['{"a":1,}', 'not_json'], ["{'a':1}", 'not_json'], ['{"a":01}', 'not_json'], ['hello', 'not_json'],
    ['{"a":1} x', 'not_json'], ['\ufeff{}', 'not_json'], ['{"contract":null}', 'unknown_contract'], ['{"contract":7}', 'unknown_contract'],
    ['{"contract":"gdi.crossing.v2"}', 'unknown_contract'], ['{"contract":["gdi.crossing.v1"]}', 'unknown_contract'],
    ['{"contract":"toString"}', 'unknown_contract'], ['{"contract":"__proto__"}', 'unknown_contract'], ['{"__proto__":{"contract":"gdi.tally.v1"}}', 'unknown_contract'],
    ['{"contract":"gdi.crossing.v1"}', 'schema'], ['[[[[[[[[', 'not_json'], ['[[[[[[[[[', 'too_deep'], [']]]]]]]]][', 'not_json'],
    ['{"a":"[[[[[[[[[[["}', 'unknown_contract'], ['{"a":"\\"[[[[[[[[[[["}', 'unknown_contract'], ['"[[[[[[[[[', 'not_json']
  ])('%j is %s', (text, expected) => {
    expect(outcome(text)).toBe(expected)
    expect(referenceOutcome(bytes(text))).toBe(expected)
  })

  it('may be 65,536 bytes long and no more; spaces alone are empty whatever their number', () => {
    expect(outcome(padded(65_536))).toBe('accepted')
    expect(outcome(padded(65_537))).toBe('too_large')
    expect(outcome(bytes(' '.repeat(70_000)))).toBe('empty')
    expect(outcome(Buffer.alloc(65_537, 0xff))).toBe('too_large')
    expect(outcome(Buffer.alloc(65_536, 0xff))).toBe('not_utf8')
  })

  it('may be eight levels deep and no more', () => {
    expect(outcome(nested(8))).toBe('accepted+drift')
    expect(outcome(nested(9))).toBe('too_deep')
  })

  it.each([[0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0xaf], [0x80]])('is UTF-8: not %j', (...broken) => {
    const message = Buffer.concat([bytes('{"a":"'), Uint8Array.from(broken), bytes('"}')])
    expect(outcome(message)).toBe('not_utf8')
    expect(referenceOutcome(message)).toBe('not_utf8')
  })

  it('is of the contract of its topic, whatever it says of itself', () => {
    expect(outcome({ ...crossing(), contract: 'gdi.tally.v1' }, 'gdi.crossing.v1')).toBe('accepted')
    expect(outcome(crossing(), 'gdi.tally.v1')).toBe('schema')
    expect(decodeMessage(bytes(''), 'gdi.tally.v1')).toMatchObject({ contract: 'gdi.tally.v1', reason: 'empty' })
    expect(decodeMessage(bytes('{}'))).toMatchObject({ contract: null })
  })

  it('counts the last of a key that stands twice', () => {
    const text = JSON.stringify(crossing())
    expect(outcome(text.replace('{', '{"event_id":"","direction":"sideways",'))).toBe('accepted')
    expect(outcome(text.replace(/\}$/, ',"direction":"sideways"}'))).toBe('schema')
    const decoded = decodeMessage(bytes(text.replace(/\}$/, ',"event_id":"last"}')))
    expect(decoded.accepted && decoded.value['event_id']).toBe('last')
  })

  it('may hold lone surrogates by escapes', () => {
    expect(outcome(JSON.stringify(crossing()).replace(/\}$/, ',"carrier":"\\ud800"}'))).toBe('accepted')
  })
})

describe('drift', () => {
  const text = JSON.stringify(crossing())
  const withField = (field: string): string => text.replace(/\}$/, `,${field}}`)

  it.each(['"note":1', '"note":null', '"__proto__":{}', '"constructor":1', '"toString":"x"', '"hasOwnProperty":{}', '"":0', '"Contract":1'])(
    'is a field that the contract does not know: %s', field => {
      expect(outcome(withField(field))).toBe('accepted+drift')
      expect(referenceOutcome(bytes(withField(field)))).toBe('accepted+drift')
    })

  it.each([
    { document: { ...crossing()['document'] as object, note: 1 } }, { traveller: { ...crossing()['traveller'] as object, name: 'x' } },
    { visa: { class: 'T', note: 1 } }, { returnee: { from: 'THA', reason: 'crisis', nea: 'requested', extra: {} } }
  ])('is found inside, too: %j', fields => {
    expect(outcome({ ...crossing(), ...fields })).toBe('accepted+drift')
  })

  it('is found as __proto__ inside', () => {
    expect(outcome(text.replace('"document":{', '"document":{"__proto__":{"x":1},'))).toBe('accepted+drift')
    expect(outcome(text.replace('"document":{', '"document":{"constructor":{"x":1},'))).toBe('accepted+drift')
  })

  it('is no drift where a field is absent or null, or in a void', () => {
    expect(outcome({ ...crossing(), visa: null, returnee: null, carrier: null })).toBe('accepted')
    expect(outcome({ ...crossing(), action: 'void', note: 1, document: 7 })).toBe('accepted')
  })

  it('is dropped: what is handed on holds known fields only', () => {
    const decoded = decodeMessage(bytes(withField('"note":"canary","__proto__":{"polluted":1}')))
    expect(JSON.stringify(decoded)).not.toContain('canary')
    expect(decoded.accepted && (decoded.value as { polluted?: number }).polluted).toBeUndefined()
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('a message that fails its schema', () => {
  it.each([
    [{ document: { type: 'canary', issuing_state: 'DEU', number: 'canary' } }, ['document.type']],
    [{ occurred_at: 'canary', recorded_at: 7 }, ['occurred_at', 'recorded_at']],
    [{ event_id: 'canary canary' }, ['event_id']],
    [{ traveller: { nationality: '', sex: 'canary' } }, ['traveller.nationality', 'traveller.sex']],
    [{ refusal_reason: 'canary' }, ['refusal_reason']]
  ])('says the paths and never the values: %j', (fields, paths) => {
    const decoded = decodeMessage(bytes({ ...crossing(), ...fields }))
    expect(decoded).toMatchObject({ accepted: false, reason: 'schema', paths })
    expect(JSON.stringify(decoded)).not.toContain('canary')
  })

  it('says only paths that the contract knows, whatever its keys', () => {
    const known = /^(?:[a-z_]+(?:\.[a-z_]+)*)?$/
    const anything = fc.object({ key: fc.oneof(fc.constantFrom('document', 'traveller', 'visa', 'canary', '__proto__'), fc.string()), maxDepth: 3 })
    fc.assert(fc.property(fc.constantFrom(...CONTRACTS), anything, (contract, object) => {
      const decoded = decodeMessage(bytes({ ...object, contract }))
      if (!decoded.accepted) for (const path of decoded.paths) expect(path).toMatch(known)
      expect(decoded.accepted ? '' : decoded.paths.join()).not.toContain('canary')
    }))
  })
})

describe('any bytes', () => {
  it('are judged as the reference judges them, and never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), message => {
      expect(outcome(message)).toBe(referenceOutcome(message))
    }), { numRuns: 300 })
  })

  it('of JSON are, too', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 12 }), text => {
      expect(outcome(text)).toBe(referenceOutcome(bytes(text)))
    }), { numRuns: 200 })
  })

  it('of messages with one part changed are, too', () => {
    const part = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(
      null, 0, -0, 1, 1.5, 1e21, -1, 2147483647, 2147483648, 1_000_000, 1_000_001, '', ' ', 'a'.repeat(64), 'a'.repeat(65), '😀'.repeat(64),
      '😀'.repeat(65), 'x'.repeat(100), 'x'.repeat(101), '2024-02-29', '2023-02-29', '2024-02', '2024', '24', '<', 'X', 'U', 'unknown', 'void', 'record',
      '2024-01-01T00:00:00Z', '2024-01-01T00:00:60Z', [], {}, true, 'air', 'a.b:c_d-e', 'é'))
    const right = fc.constantFrom(crossing(), tally(), extension(), registration())
    fc.assert(fc.property(right, fc.nat(), fc.nat(), part, fc.boolean(),
      (message, which, inner, value, removes) => {
        const changed = structuredClone(message)
        const names = Object.keys(changed)
        const name = names[which % names.length] as string
        const child = changed[name]
        const target = isObject(child) && inner % 2 === 0 ? child : changed
        const fields = Object.keys(target)
        const field = target === changed ? name : fields[inner % fields.length] as string
        if (removes && inner % 5 === 0) Reflect.deleteProperty(target, field)
        else target[field] = value
        expect(outcome(changed), JSON.stringify(changed)).toBe(referenceOutcome(bytes(changed)))
      }), { numRuns: 3000 })
  })
})
