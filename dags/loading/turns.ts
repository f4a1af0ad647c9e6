// A queue in which those who wait take turns: whoever was served goes behind the others, and keeps the order of what is
// his.

export interface Turns<T> {
  add (item: T): void
  /** The oldest item of whoever has waited longest for a turn. */
  take (): T | undefined
  takeAll (): T[]
  count (): number
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
    take () {
      const [next] = queues
      if (next === undefined) return undefined
      const [owner, queue] = next
      const item = queue.shift()
      queues.delete(owner)
      if (queue.length > 0) queues.set(owner, queue)
      return item
    },
    takeAll () {
      const all = [...queues.values()].flat()
      queues.clear()
      return all
    },
    count: () => [...queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }
}
