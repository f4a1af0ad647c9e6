// One stream of random numbers for a seed, so that a failing run can be run again.

export interface Random {
  /** In [0, 1). */
  next (): number
  /** A whole number in [0, end). */
  below (end: number): number
  pick<T> (values: readonly T[]): T
}

/** mulberry32: small, fast, the same everywhere. */
export function createRandom (seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return { next, below, pick: values => values[below(values.length)]! }
}
