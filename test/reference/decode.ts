// Owns the way from bytes to a JSON object of a known contract, and the reasons for which that fails.

export type DecodeReason = 'empty' | 'too_large' | 'not_utf8' | 'too_deep' | 'not_json' | 'unknown_contract'
export type JsonObject = Record<string, unknown>

export const contracts = ['gdi.crossing.v1', 'gdi.tally.v1', 'gdi.extension.v1', 'fpcs.registration.v1'] as const
export type Contract = (typeof contracts)[number]

const bytesMax = 64 * 1024
const levelsMax = 8

/** The object and its contract, or the first reason that applies, in the order of the method page. */
export function decode (bytes: Uint8Array): { contract: Contract, object: JsonObject } | DecodeReason {
  if (bytes.every(byte => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a)) return 'empty'
  if (bytes.length > bytesMax) return 'too_large'
  const text = utf8Text(bytes)
  if (text === undefined) return 'not_utf8'
  if (levels(text) > levelsMax) return 'too_deep'
  const object = jsonObject(text)
  if (object === undefined) return 'not_json'
  const contract = contracts.find(known => known === object['contract'])
  return contract === undefined ? 'unknown_contract' : { contract, object }
}

export function isObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function utf8Text (bytes: Uint8Array): string | undefined {
  try {
    // ignoreBOM keeps a byte order mark in the text, where it is no JSON.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function jsonObject (text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The deepest level of brackets that stand outside text; the outermost is level 1. */
function levels (text: string): number {
  let [level, deepest, inText, escaped] = [0, 0, false, false]
  for (const character of text) {
    if (escaped) escaped = false
    else if (inText && character === '\\') escaped = true
    else if (character === '"') inText = !inText
    else if (!inText && (character === '{' || character === '[')) deepest = Math.max(deepest, ++level)
    else if (!inText && (character === '}' || character === ']')) level--
  }
  return deepest
}
