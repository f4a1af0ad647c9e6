// What of an operation goes into the audit log, before it is done: everything but what shows neither a figure nor a
// person and changes nothing.
import type { Runtime } from '../runtime.ts'
import type { Caller } from '../caller.ts'

/** Operations that are not written down. A new one is, until it is named here. */
export const UNAUDITED: ReadonlySet<string> = new Set([
  'tables', 'status', 'verify', 'explain', 'gap.list', 'quarantine.list', 'access.list', 'audit.list', 'audit.verify',
  'alerts.list', 'dag.list', 'dag.runs', 'dag.show', 'dag.plan', 'feeds', 'feeds.list'
])

type Detail = Record<string, string | number | boolean>

/** Writes down that an operation begins, and, should it fail, that it did. */
export async function audited<T> (
  { audit }: Runtime, caller: Caller, name: string, parameters: unknown, run: () => Promise<T>,
  by: 'command' | 'http' = 'command'
): Promise<T> {
  if (UNAUDITED.has(name)) return await run()
  const { target, detail } = described(parameters)
  const action = name === 'query' ? 'table.read' : name
  await audit.append({ ...caller, action, target, detail: { ...detail, by } })
  try {
    return await run()
  } catch (error) {
    const code = (error as { code?: unknown }).code
    await audit.append({
      ...caller, action, target, detail: { by, failed: typeof code === 'string' ? code : 'INTERNAL' }
    })
    throw error
  }
}

/** What an operation is done to, and its other parameters as plain values. */
function described (parameters: unknown): { target: string, detail: Detail } {
  const given = flat(parameters)
  const target = given.table ?? given.id ?? given.name ?? given.folder ?? given.reason ?? ''
  return { target: String(target), detail: given }
}

/** The plain values of an object; what is within its objects by their own names, lists as texts. */
function flat (value: unknown): Detail {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).flatMap(([name, item]: [string, unknown]) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return [[name, item]]
    // `by` is how it was asked; what a query is broken down by is told as such.
    if (Array.isArray(item)) return [[name === 'by' ? 'dimensions' : name, item.join(',')]]
    return Object.entries(flat(item))
  }))
}
