// Which fields a contract knows. What it does not know is dropped before anything is stored, and counted as drift.
import type * as z from 'zod'
import { objectShape } from '../../schemas/contracts/object-shape.ts'

/** The known fields of an object; those that are objects themselves carry their own. */
export interface KnownFields { [field: string]: KnownFields | null }

/** Reads the known fields out of a zod object schema; `extra` are known at its top level besides. */
export function knownFields (schema: z.ZodType, extra: readonly string[] = []): KnownFields {
  const fields: KnownFields = Object.create(null) as KnownFields
  for (const [name, field] of Object.entries(objectShape(schema) ?? {})) {
    fields[name] = objectShape(field) === null ? null : knownFields(field)
  }
  for (const name of extra) fields[name] = null
  return fields
}

/** True if the value has, at any level that the contract describes, a field that the contract does not know. */
export function hasUnknownField (value: object, known: KnownFields): boolean {
  for (const name in value) {
    const inner = known[name]
    if (inner === undefined) return true
    if (inner !== null) {
      const child = (value as Record<string, unknown>)[name]
      if (typeof child === 'object' && child !== null && hasUnknownField(child, inner)) return true
    }
  }
  return false
}
