// One thing at a time, in the order in which it was asked for.

export interface Mutex {
  run<T> (work: () => Promise<T>): Promise<T>
}

/** A mutex; a failure of one piece of work does not hold up the next. */
export function createMutex (): Mutex {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async run (work) {
      const result = last.then(work, work)
      last = result.catch(() => {})
      return await result
    }
  }
}
