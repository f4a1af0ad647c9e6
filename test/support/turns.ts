// Turns of the event loop, counted.

export interface Turns {
  count (): number
  end (): void
}

/** Counts the turns from now on until the end. */
export function countTurns (): Turns {
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  return { count: () => turns, end () { isOver = true } }
}
