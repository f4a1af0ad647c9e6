// Chance: a small fast generator of its own, so that the same seed gives the same country on every machine.

export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number 0 to 4,294,967,295. */
  word(): number
  /** A whole number 0 to n − 1. */
  below(n: number): number
  /** A whole number from a to b, both included. */
  between(a: number, b: number): number
  chance(share: number): boolean
  /** A waiting time with this mean. */
  exponential(mean: number): number
  /** A count with this mean; normal above 60. */
  poisson(mean: number): number
}

/** Mixes 32 bits one to one (the finaliser of MurmurHash3). */
export function mix (value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The generator sfc32 (C. Doty-Humphrey, PractRand) started from two words. */
export function createRandom (seed: number, stream: number): Random {
  let a = mix(seed ^ 0x9e3779b9) | 0
  let b = mix(stream ^ 0x243f6a88) | 0
  let c = mix(a ^ b) | 0
  let counter = 1
  function word (): number {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum | 0
    return sum >>> 0
  }
  for (let i = 0; i < 12; i++) word()
  const next = (): number => word() / 4294967296
  function poisson (mean: number): number {
    if (mean <= 0) return 0
    if (mean > 60) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
    }
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = next(); product > limit; product *= next()) count++
    return count
  }
  return {
    next,
    word,
    poisson,
    below: n => Math.floor(next() * n),
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: share => next() < share,
    exponential: mean => -mean * Math.log(1 - next())
  }
}

/** Chooses an index in proportion to its weight, from a number in [0, 1). At least one weight must be above 0. */
export function createChooser (weights: number[]): (u: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  const upTo = Float64Array.from(weights, weight => (sum += weight) / total)
  const last = weights.findLastIndex(weight => weight > 0)
  return u => {
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >> 1
      if (u < upTo[middle]!) high = middle
      else low = middle + 1
    }
    return low
  }
}
