// What changed between two states of a document, and adding it: as JSON merge patch (RFC 7396), except that null is a
// value like any other. So a patch cannot take a key away: where one has gone there is no patch. Runs in the page too.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

/** The patch that makes `after` of `before`: {} where they are equal, null where none can. Arrays are given whole. */
export function diff (before: JsonObject, after: JsonObject): JsonObject | null {
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) return null
  const changed: [string, Json][] = []
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (!isObject(value) || !isObject(old)) {
      // An object in a patch is merged, so it cannot stand for a value that was none.
      if (isObject(value) && old !== undefined) return null
      if (old === undefined || !isEqual(old, value)) changed.push([key, value])
      continue
    }
    const inner = diff(old, value)
    if (inner === null) return null
    if (Object.keys(inner).length > 0) changed.push([key, inner])
  }
  return Object.fromEntries(changed)
}

/** A new document with the patch added; what did not change is shared with the one before. */
export function applyPatch<T> (document: T, patch: JsonObject): T {
  const result: Record<string, Json> = { ...document as JsonObject }
  for (const [key, value] of Object.entries(patch)) {
    const old = Object.hasOwn(result, key) ? result[key] : undefined
    Object.defineProperty(result, key, {
      value: isObject(value) && isObject(old) ? applyPatch(old, value) : value,
      enumerable: true,
      configurable: true,
      writable: true
    })
  }
  return result as T
}

function isObject (value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEqual (a: Json | undefined, b: Json): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b))
}
