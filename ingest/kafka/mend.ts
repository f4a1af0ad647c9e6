// Changes what stands inside kafkajs' package, which is no longer maintained.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const mended = new Set<string>()

/** Changes a class of kafkajs, given by its module, once in a process. */
export function mendClass<T> (module: string, mend: (prototype: T) => void): void {
  once(module, () => {
    const { prototype } = load(module) as { prototype: T }
    mend(prototype)
  })
}

/** Puts something else in the place of what a module of kafkajs exports, once, for whoever loads it from then on. */
export function replaceModule<T> (module: string, replace: (ordinary: T) => T): void {
  once(module, () => {
    const ordinary = load(module) as T
    const cached = load.cache[load.resolve(module)]
    if (cached) cached.exports = replace(ordinary)
  })
}

function once (module: string, change: () => void): void {
  if (mended.has(module)) return
  change()
  mended.add(module)
}
