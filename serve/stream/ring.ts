// The last changes of the board, for readers who come back: bounded in number and bytes.
import type { BoardVersion } from '../board/version.ts'
import { diff, type Json } from './merge-patch.ts'

type Document = { readonly [key: string]: Json }

export interface Ring {
  add (version: BoardVersion): void
  /** The newest version; null before the first. */
  newest (): BoardVersion | null
  /** What a reader has to be sent who has the version of this number; the whole if that is shorter or all there is. */
  since (number: number | null): Buffer
}

interface Change { number: number, frame: Buffer | null }

/** Empty until a version is added. */
export function createRing (limits: { changesMax: number, bytesMax: number }): Ring {
  const changes: Change[] = []
  let bytes = 0
  let newest: BoardVersion | null = null
  let whole: Buffer = Buffer.alloc(0)

  return {
    newest: () => newest,
    add (version) {
      if (newest !== null) {
        const patch = diff(newest.board as unknown as Document, version.board as unknown as Document)
        const event = patch === null ? null : frame('patch', version.id, JSON.stringify(patch))
        changes.push({ number: version.number, frame: event })
        bytes += changes.at(-1)?.frame?.length ?? 0
      }
      while (changes.length > limits.changesMax || bytes > limits.bytesMax) bytes -= changes.shift()?.frame?.length ?? 0
      newest = version
      whole = Buffer.alloc(0)
    },
    since (number) {
      if (newest === null || number === newest.number) return Buffer.alloc(0)
      const missed = number === null ? [] : changes.filter(change => change.number > number)
      const frames = missed.flatMap(change => change.frame ?? [])
      const isComplete = missed[0]?.number === (number ?? 0) + 1 && frames.length === missed.length
      const size = frames.reduce((sum, bytes) => sum + bytes.length, 0)
      if (isComplete && size < newest.body.length) return Buffer.concat(frames)
      if (whole.length === 0) whole = frame('board', newest.id, newest.body.toString())
      return whole
    }
  }
}

/** One server-sent event. The data is one line, as JSON is. */
export function frame (event: string, id: string | null, data: string): Buffer {
  return Buffer.from(`event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${data}\n\n`)
}
