// Messages spoiled in every way that a desk, a network or an attacker might find: in their bytes, and in their values.
import type { Random } from './random.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Values that have broken parsers before. */
const ODD_VALUES: readonly Json[] = [
  null, true, 0, -0, 1, 1.5, -1, 2147483647, 2147483648, 1e308, Number.MAX_SAFE_INTEGER, '', ' ', '0', 'null',
  '\u0000', '\ud800', '\udfff\ud800', '\u202e', 'ក្រុង', '𝕬', 'é', 'e\u0301', '＜', 'constructor', '__proto__', '2024-02-30', '2024-02-29', '0000-00-00',
  '9999-12-31', '2024-01-01T24:00:00Z', '2024-01-01T23:59:60Z', '2024-01-01T00:00:00+14:00', '2024-01-01T00:00:00-23:59',
  '2024-01-01T00:00:00.123456789Z', '+275760-09-13T00:00:00Z', '1999-12-31T23:59:59+07:00', 'UTO', 'D', '<', 'KHM', 'KH-26', 'KTI',
  [], {}, [[]], { a: { b: 1 } }, 'x'.repeat(64), 'x'.repeat(65), '<<<<', 'A'.repeat(200)
]

const isText = (pattern: RegExp) => (value: Json): boolean => typeof value === 'string' && pattern.test(value)
const FITTING: readonly { keys: RegExp, values: readonly Json[] }[] = [
  { keys: /_at$/, values: ODD_VALUES.filter(isText(/T.*[Z\d]$/)) },
  {
    keys: /date|check_|until/,
    values: ODD_VALUES.filter(isText(/^\d{4}-/)).concat('2024', '2027', '1890', '2024-13', '2026-02-31')
  },
  { keys: /state|nationality|residence|country|from/, values: ['UTO', 'D', 'GBN', 'XXK', 'KHM', 'khm', 'unknown', 'EUE', 'QQQ'] },
  { keys: /checkpoint/, values: ['KTI', 'REP', 'Poipet', 'poi pet', 'ប៉ោយប៉ែត', 'nowhere', 'x'.repeat(101), 'KHC-BVT'] },
  { keys: /number/, values: ['---', 'ab 12-3', '១២៣', 'é', 'x'.repeat(65), '<<<'] }
]

/** Pieces of text that mean something to a parser of JSON. */
const ODD_BYTES: readonly Uint8Array[] = [
  '{', '}', '[', ']', '"', '\\', ':', ',', '\\u', '\\ud83d', '\\u0000', '\n', '\r\n', '\t', 'NaN', 'Infinity', '1e999', '-', '.5', '01',
  'true', '/**/', '\'', '{"a":', '[[[[[[[[[', '\ufeff', '\u2028'
].map(text => Buffer.from(text)).concat([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0]].map(code => Buffer.from(code)))

const KEYS = ['contract', 'event_id', 'revision', 'action', 'document', 'traveller', 'visa', '__proto__', 'toString', 'x', '']

/** A message with one to three faults; now and then with none. */
export function mutate (bytes: Uint8Array, random: Random): Uint8Array {
  let spoiled = bytes
  const faults = random.below(4)
  for (let i = 0; i < faults; i++) spoiled = (random.next() < 0.5 ? mutateBytes : mutateValues)(spoiled, random)
  return spoiled
}

function mutateBytes (bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + random.below(random.next() < 0.8 ? 4 : 200))
  const before = bytes.subarray(0, at)
  switch (random.below(7)) {
    case 0: return join(before, Uint8Array.of(random.below(256)), bytes.subarray(end))
    case 1: return join(before, random.pick(ODD_BYTES), bytes.subarray(at))
    case 2: return join(before, bytes.subarray(end))
    case 3: return join(before, bytes.subarray(at, end), bytes.subarray(at))
    case 4: return before
    case 5: return join(bytes, random.pick(ODD_BYTES))
    default: return join(before, filler(random), bytes.subarray(at))
  }
}

/** So many spaces, brackets, letters or noughts that some messages become too large or too deep. */
const filler = (random: Random): Uint8Array => Buffer.alloc(random.below(70_000), random.pick([0x20, 0x5b, 0x61, 0x30]))

/** The message with a value changed, removed, added, moved, nested or said twice; itself where it is no object. */
function mutateValues (bytes: Uint8Array, random: Random): Uint8Array {
  let message: Json
  try {
    message = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json
  } catch {
    return mutateBytes(bytes, random)
  }
  if (!isObject(message)) return mutateBytes(bytes, random)
  const target = random.pick(objectsIn(message))
  const key = random.pick(Object.keys(target).concat('x'))
  switch (random.below(8)) {
    case 0: case 1: case 2: setOwn(target, key, random.pick(oddFor(key, random))); break
    case 3: Reflect.deleteProperty(target, key); break
    case 4: setOwn(target, random.pick(KEYS), random.pick(ODD_VALUES)); break
    case 5: setOwn(target, key, { a: { b: { c: { d: { e: { f: target[key] ?? null } } } } } }); break
    case 6: return sayTwice(message, key, random)
    default: return Buffer.from(JSON.stringify(shuffled(message, random), null, random.below(3)))
  }
  return Buffer.from(JSON.stringify(message))
}

/** Mostly values that come far before they fail: times for what holds a time, codes for what holds a code. */
function oddFor (key: string, random: Random): readonly Json[] {
  const fitting = random.next() < 0.3 ? undefined : FITTING.find(({ keys }) => keys.test(key))
  return fitting?.values ?? ODD_VALUES
}

/** The same key a second time: the last counts. */
function sayTwice (message: { [key: string]: Json }, key: string, random: Random): Uint8Array {
  const text = JSON.stringify(message)
  return Buffer.from(`${text.slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(random.pick(ODD_VALUES))}}`)
}

function shuffled (message: { [key: string]: Json }, random: Random): Json {
  const entries = Object.entries(message)
  for (let i = entries.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const [a, b] = [entries[i]!, entries[j]!]
    entries[i] = b
    entries[j] = a
  }
  return Object.fromEntries(entries)
}

function objectsIn (value: Json): { [key: string]: Json }[] {
  if (!isObject(value)) return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}

/** `__proto__` as a field of its own, as JSON.parse makes it. */
function setOwn (target: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

function isObject (value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts)
