// Changes what stands inside kafkajs' package, which is no longer maintained.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const mended = new Set<string>()

/** What a module of kafkajs exports. */
export function loadModule<T> (module: string): T {
  return load(module) as T
}

/** Changes a class of kafkajs, given by its module, once in a process. */
export function mendClass<T> (module: string, mend: (prototype: T) => void): void {
  once(module, () => {
    mend(loadModule<{ prototype: T }>(module).prototype)
  })
}

/** Puts something else in the place of what a module of kafkajs exports, once, for whoever loads it from then on. */
export function replaceModule<T> (module: string, replace: (ordinary: T) => T): void {
  once(module, () => {
    const ordinary = loadModule<T>(module)
    const cached = load.cache[load.resolve(module)]
    if (cached) cached.exports = replace(ordinary)
  })
}

function once (module: string, change: () => void): void {
  if (mended.has(module)) return
  change()
  mended.add(module)
}
