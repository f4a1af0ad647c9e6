// The shape of a payload with its values masked: enough to mend a feed, nothing of a person.

const KEY = /^[a-z][a-z_]{0,39}$/
const DEPTH_MAX = 8
const FIELDS_MAX = 60

/** A JSON-like text of the payload's shape: kinds and lengths for values, and keys that look like field names. */
export function maskPayload (payload: Uint8Array): string {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return `(no JSON, ${payload.length} bytes)`
  }
  return JSON.stringify(mask(value, 0), null, 2)
}

function mask (value: unknown, depth: number): unknown {
  if (value === null) return '(null)'
  if (typeof value === 'string') return `(text of ${Array.from(value).length})`
  if (typeof value === 'number') return Number.isInteger(value) ? '(integer)' : '(number)'
  if (typeof value === 'boolean') return '(true or false)'
  if (depth >= DEPTH_MAX) return '(deeper)'
  if (Array.isArray(value)) return [`(${value.length} items)`]
  const entries = Object.entries(value as object).slice(0, FIELDS_MAX)
  // A key may hold anything, a name too: only what can be a field's name is shown.
  return Object.fromEntries(entries.map(([key, inner], i) =>
    [KEY.test(key) ? key : `(field ${i + 1})`, mask(inner, depth + 1)]))
}
