// Cuts a JSON array into the exact bytes of its elements, streaming and without parsing them: what an element says is
// judged later, message by message. Only the array's own brackets and commas must be right.
import { createPartCollector, isBlank } from '../files/part-collector.ts'

const QUOTE = 34
const COMMA = 44
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

export interface ArraySplitter {
  /** The elements that this chunk completes. Throws SyntaxError where the bytes are no array. */
  push(chunk: Uint8Array): Uint8Array[]
  /** Throws SyntaxError if the array is not closed. */
  end(): Uint8Array[]
}

/** Depth is 0 before and after the array, 1 between its elements, more inside one; brackets in strings do not count. */
export function createArraySplitter (): ArraySplitter {
  const element = createPartCollector()
  let state: 'before' | 'first' | 'between' | 'element' | 'after' = 'before'
  let depth = 0
  let isInString = false
  let isEscaped = false

  function push (chunk: Uint8Array): Uint8Array[] {
    const elements: Uint8Array[] = []
    for (let at = 0; at < chunk.length;) {
      if (state !== 'element') {
        // The first byte of an element is looked at again, as part of it.
        if (isBlank(chunk[at]!) || !outside(chunk[at]!)) at++
        continue
      }
      const end = scanElement(chunk, at)
      element.add(chunk.subarray(at, end))
      at = end
      if (end === chunk.length) break
      elements.push(trimEnd(element.take()))
      state = chunk[at++] === COMMA ? 'between' : 'after'
    }
    return elements
  }

  /** Where the element ends in this chunk (at a comma or the array's bracket), or the chunk's length. */
  function scanElement (chunk: Uint8Array, start: number): number {
    // Local copies: this loop sees every byte of every array.
    let level = depth
    let at = start
    for (; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isInString = false
      } else if (byte === QUOTE) {
        isInString = true
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        level++
      } else if (level === 1 && (byte === COMMA || byte === CLOSE_BRACKET)) {
        break
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (--level < 1) throw new SyntaxError('a bracket too many')
      }
    }
    depth = level
    return at
  }

  /** A byte outside of every element; true if an element begins with it. */
  function outside (byte: number): boolean {
    if (state === 'before' && byte === OPEN_BRACKET) {
      state = 'first'
      depth = 1
      return false
    }
    if (state === 'first' && byte === CLOSE_BRACKET) {
      state = 'after'
      return false
    }
    if ((state !== 'first' && state !== 'between') || byte === COMMA || byte === CLOSE_BRACKET) {
      throw new SyntaxError('not an array')
    }
    state = 'element'
    return true
  }

  return {
    push,
    end () {
      if (state !== 'after') throw new SyntaxError('the array is not closed')
      return []
    }
  }
}

function trimEnd (element: Uint8Array): Uint8Array {
  let end = element.length
  while (end > 0 && isBlank(element[end - 1]!)) end--
  return element.subarray(0, end)
}
