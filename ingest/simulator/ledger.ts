// Records that wait for a day: 32-bit words in one growing array per day, so that a year of
// people takes tens of megabytes.

/** The records of one day. `words` is replaced when it grows: read it anew for each record. */
export interface Bucket {
  words: Uint32Array
  count: number
}

export interface Ledger<T> {
  put(day: number, record: T): void
  /** The bucket of a day, which may still grow; undefined if nothing waits. */
  bucket(day: number): Bucket | undefined
  read(bucket: Bucket, index: number, into: T): void
  drop(day: number): void
}

const FIRST_CAPACITY = 32

/** A ledger of records of `width` words; `store` and `load` copy one record from and to its words. */
export function createLedger<T> (
  width: number,
  store: (words: Uint32Array, at: number, record: T) => void,
  load: (words: Uint32Array, at: number, into: T) => void
): Ledger<T> {
  const days = new Map<number, Bucket>()
  return {
    put (day, record) {
      let bucket = days.get(day)
      if (bucket === undefined) {
        bucket = { words: new Uint32Array(FIRST_CAPACITY * width), count: 0 }
        days.set(day, bucket)
      }
      const at = bucket.count * width
      if (at === bucket.words.length) {
        const words = new Uint32Array(at * 2)
        words.set(bucket.words)
        bucket.words = words
      }
      store(bucket.words, at, record)
      bucket.count++
    },
    bucket: day => days.get(day),
    read: (bucket, index, into) => load(bucket.words, index * width, into),
    drop: day => { days.delete(day) }
  }
}
