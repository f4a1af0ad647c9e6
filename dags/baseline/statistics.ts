// Median, spread and dispersion of a handful of counts. Pure.

export interface Summary {
  samples: number
  median: number
  /** 1.4826 × the median absolute deviation: the standard deviation, if counts were normal. */
  deviation: number
  least: number
  most: number
  /** Of four counts or more without the lowest and the highest. */
  mean: number
  /** Sample variance over mean; null where either tells nothing. */
  ratio: number | null
}

/** What a normal distribution's median absolute deviation is multiplied with to give its standard deviation. */
const NORMAL_DEVIATION = 1.4826

/** Sums up at least one count. */
export function summarise (counts: readonly number[]): Summary {
  const samples = counts.length
  const middle = median(counts)
  const sum = counts.reduce((total, count) => total + count, 0)
  const average = sum / samples
  const least = Math.min(...counts)
  const most = Math.max(...counts)
  const squares = counts.reduce((total, count) => total + (count - average) ** 2, 0)
  return {
    samples,
    median: middle,
    deviation: NORMAL_DEVIATION * median(counts.map(count => Math.abs(count - middle))),
    least,
    most,
    mean: samples >= 4 ? (sum - least - most) / (samples - 2) : average,
    ratio: samples < 2 || average === 0 ? null : squares / (samples - 1) / average
  }
}

/** The middle of at least one number: of an even count the mean of the middle two. */
export function median (numbers: readonly number[]): number {
  const ordered = Float64Array.from(numbers).sort()
  const half = ordered.length >> 1
  const upper = ordered[half] ?? NaN
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? NaN) + upper) / 2
}
