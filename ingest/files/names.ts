// Which file names count as input, and the order in which they are read.

export type Compression = 'none' | 'gzip' | 'zstd'

const INPUT_NAME = /\.(?:ndjson|jsonl)(\.gz|\.zst)?$/
const UNFINISHED_NAME = /^\.|\.(?:partial|part|tmp)$/

/** How a file of this name is compressed; null unless it ends in `.ndjson` or `.jsonl`, then perhaps `.gz`, `.zst`. */
export function compressionOf (name: string): Compression | null {
  if (isUnfinished(name)) return null
  const match = INPUT_NAME.exec(name)
  if (match === null) return null
  if (match[1] === '.gz') return 'gzip'
  return match[1] === '.zst' ? 'zstd' : 'none'
}

/** True for names that a writer uses before the final one: dot files, `.partial`, `.part`, `.tmp`. */
export function isUnfinished (name: string): boolean {
  return UNFINISHED_NAME.test(name)
}

/** Orders names by code point (the order of their UTF-8 bytes), not by locale or UTF-16 unit. */
export function compareNames (a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
