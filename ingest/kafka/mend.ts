// Changes what stands inside kafkajs' package, which is no longer maintained.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const mended = new Set<string>()

/** Changes a class of kafkajs, given by its module, once in a process. */
export function mendClass<T> (module: string, mend: (prototype: T) => void): void {
  if (mended.has(module)) return
  const { prototype } = load(module) as { prototype: T }
  mend(prototype)
  mended.add(module)
}
