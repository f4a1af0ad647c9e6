// Sequences as few ranges: a scan that is given a range passes over all groups of rows outside of it, a join does not.

/** Inclusive. */
export interface Range { from: number, to: number }

/** About the rows that can be scanned in the time that another statement takes. */
const GAP_MIN = 100_000
const RANGES_MAX = 32

/** Ranges that hold all the sequences and leave out the widest stretches between them; none for none. */
export function rangesOf (sequences: readonly number[]): Range[] {
  const sorted = Float64Array.from(sequences).sort()
  if (sorted.length === 0) return []
  const cuts: number[] = []
  for (let i = 1; i < sorted.length; i++) if (gapBefore(sorted, i) > GAP_MIN) cuts.push(i)
  const widest = cuts.sort((a, b) => gapBefore(sorted, b) - gapBefore(sorted, a)).slice(0, RANGES_MAX - 1)
  const begins = [0, ...widest.sort((a, b) => a - b)]
  return begins.map((begin, i) => ({
    from: sorted[begin] as number, to: sorted[(begins[i + 1] ?? sorted.length) - 1] as number
  }))
}

function gapBefore (sorted: Float64Array, i: number): number {
  return (sorted[i] as number) - (sorted[i - 1] as number)
}
