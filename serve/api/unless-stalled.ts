// An answer whose reader takes nothing for long is given up: what it holds is not to be held for ever.

/** The same pieces; tells if one is not taken in time. */
export async function * unlessStalled (
  pieces: AsyncIterable<string | Uint8Array>, millisecondsMax: number, onStalled: () => void
): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined
  try {
    for await (const piece of pieces) {
      timer = setTimeout(onStalled, millisecondsMax)
      yield typeof piece === 'string' ? Buffer.from(piece) : piece
      clearTimeout(timer)
    }
  } finally {
    clearTimeout(timer)
  }
}
