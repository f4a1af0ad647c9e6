// The fields of all contracts under small numbers, as the byte scanner finds them and normalising reads them: where a
// value lies in the bytes of its message, instead of a copy of it.
import { objectShape } from './object-shape.ts'
import { CONTRACTS, contracts } from './index.ts'

/** What was found of a field. */
export const ABSENT = 0
export const TEXT = 1
export const NULL = 2
export const INTEGER = 3
export const OBJECT = 4

/** One message as it was scanned, by number of the field. Filled anew for every message. */
export interface ScannedFields {
  kinds: Uint8Array
  /** Where a text begins in the message, and the place after its end. */
  starts: Uint32Array
  ends: Uint32Array
  /** The value of an INTEGER. */
  integers: Float64Array
}

const shapes = CONTRACTS.map(name => objectShape(contracts[name].record) ?? {})

/** Names of the fields that are objects, over all contracts. */
export const OBJECT_FIELDS: readonly string[] = [...new Set(shapes.flatMap(shape =>
  Object.keys(shape).filter(name => objectShape(shape[name]!) !== null)))]

/** Paths of the fields that hold a value, over all contracts. */
export const VALUE_FIELDS: readonly string[] = [...new Set(['contract', ...shapes.flatMap(valuePaths)])]

/** The path of every number. Objects stand behind the values. */
export const SCANNED_FIELDS: readonly string[] = [...VALUE_FIELDS, ...OBJECT_FIELDS]

/** The number of a field, given by its path as `document.type`. */
export function fieldNumber (path: string): number {
  const number = SCANNED_FIELDS.indexOf(path)
  if (number < 0) throw new Error(`no contract has a field ${path}`)
  return number
}

/** The numbers of the fields that a contract knows, given by its ordinal; `contract` itself is among them. */
export function knownFieldNumbers (contract: number): number[] {
  const shape = shapes[contract] ?? {}
  const objects = Object.keys(shape).filter(name => OBJECT_FIELDS.includes(name))
  return ['contract', ...valuePaths(shape), ...objects].map(fieldNumber)
}

/** Arrays for one message. */
export function createScannedFields (): ScannedFields {
  const count = SCANNED_FIELDS.length
  return {
    kinds: new Uint8Array(count),
    starts: new Uint32Array(count),
    ends: new Uint32Array(count),
    integers: new Float64Array(count)
  }
}

function valuePaths (shape: NonNullable<ReturnType<typeof objectShape>>): string[] {
  return Object.entries(shape).flatMap(([name, field]) => {
    const inner = objectShape(field)
    return inner === null ? [name] : Object.keys(inner).map(child => `${name}.${child}`)
  })
}
