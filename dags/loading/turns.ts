// A queue in which those who wait take turns: whoever was served goes behind the others, and keeps the order of what is
// his.

export interface Turns<T> {
  add (item: T): void
  /** The oldest item of whoever has waited longest for a turn, or of the owner that is named. */
  take (owner?: string): T | undefined
  /** The item that is taken next. */
  next (): T | undefined
  takeAll (): T[]
  count (): number
  /** Those who have an item, in the order of their turns. */
  owners (): Iterable<string>
  has (owner: string): boolean
}

/** An empty queue; `ownerOf` says whose an item is. */
export function createTurns<T> (ownerOf: (item: T) => string): Turns<T> {
  // In the order of their turns; nobody is in it without an item.
  const queues = new Map<string, T[]>()

  return {
    add (item) {
      const queue = queues.get(ownerOf(item))
      if (queue === undefined) queues.set(ownerOf(item), [item])
      else queue.push(item)
    },
    take (owner = firstOf(queues.keys())) {
      const queue = owner === undefined ? undefined : queues.get(owner)
      if (owner === undefined || queue === undefined) return undefined
      const item = queue.shift()
      queues.delete(owner)
      if (queue.length > 0) queues.set(owner, queue)
      return item
    },
    next () {
      return firstOf(queues.values())?.[0]
    },
    takeAll () {
      const all = [...queues.values()].flat()
      queues.clear()
      return all
    },
    count: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0),
    owners: () => queues.keys(),
    has: owner => queues.has(owner)
  }
}

function firstOf<T> (all: Iterable<T>): T | undefined {
  const [first] = all
  return first
}
