// The fields of all contracts under small numbers, as the kernel of transforms/normalise finds them in the bytes of a
// message.
import { objectShape } from './object-shape.ts'
import { CONTRACTS, contracts } from './index.ts'

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

function valuePaths (shape: NonNullable<ReturnType<typeof objectShape>>): string[] {
  return Object.entries(shape).flatMap(([name, field]) => {
    const inner = objectShape(field)
    return inner === null ? [name] : Object.keys(inner).map(child => `${name}.${child}`)
  })
}
