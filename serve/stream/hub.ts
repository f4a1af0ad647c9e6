// The open event streams: each reader is sent what it lacks when it has room for it. A slow reader gets fewer, larger
// steps; one that takes nothing for long is dropped. What is kept for all of them together is bounded.
import { PassThrough, type Readable } from 'node:stream'
import { BorderflowError } from '../../core/errors.ts'
import type { BoardService } from '../board/board.ts'
import { createRing, frame } from './ring.ts'

export interface HubConfig {
  streamsMax: number
  /** Streams of one person. */
  personStreamsMax: number
  /** Comments go out so often, so that a lost connection is noticed on both sides. */
  heartbeatMs: number
  /** A reader that takes nothing for so long is dropped. */
  blockedMsMax: number
  ring: { changesMax: number, bytesMax: number }
}

export const HUB_DEFAULTS: HubConfig = {
  streamsMax: 500,
  personStreamsMax: 60,
  heartbeatMs: 10_000,
  blockedMsMax: 60_000,
  ring: { changesMax: 120, bytesMax: 1024 * 1024 }
}

export interface Hub {
  /**
   * A new stream, from behind the event of this id if it is still known. Destroying it ends it. Throws RATE_LIMITED if
   * there are too many.
   */
  open (person: string, lastEventId: string | null): Promise<Readable>
  /** Sends a state that is no board (`alerts`) to all, and to those who come later; it replaces the one before. */
  publish (event: string, data: unknown): void
  streams (): number
  /** Ends all streams. */
  close (): void
}

interface Reader {
  person: string
  stream: PassThrough
  /** Number of the version of the board it has; null for none that we know. */
  number: number | null
  /** Since when it takes nothing. */
  blockedSinceMs: number | null
  /** True until it is known which version it has: what comes before that waits. */
  opening: boolean
  /** States that are no board and that it lacks. */
  lacking: Set<string>
}

/** Milliseconds after which a browser comes back. */
const RETRY_MS = 2_000
const HEARTBEAT = Buffer.from(':\n\n')

/** Streams of a board. */
export function createHub (config: HubConfig, board: Pick<BoardService, 'current' | 'touch' | 'subscribe'>): Hub {
  const ring = createRing(config.ring)
  const states = new Map<string, Buffer>()
  const readers = new Set<Reader>()
  let closed = false

  const timer = setInterval(() => {
    if (readers.size > 0) board.touch()
    for (const reader of readers) {
      const blocked = reader.blockedSinceMs
      if (blocked === null) write(reader, HEARTBEAT)
      else if (performance.now() - blocked > config.blockedMsMax) reader.stream.destroy()
    }
  }, config.heartbeatMs)
  timer.unref()

  const unsubscribe = board.subscribe(version => {
    ring.add(version)
    for (const reader of readers) deliver(reader)
  })

  function write (reader: Reader, bytes: Buffer): void {
    if (bytes.length === 0 || reader.stream.write(bytes)) return
    reader.blockedSinceMs ??= performance.now()
    reader.stream.once('drain', () => {
      reader.blockedSinceMs = null
      deliver(reader)
    })
  }

  function deliver (reader: Reader): void {
    if (reader.opening || reader.blockedSinceMs !== null || reader.stream.destroyed) return
    const bytes = [ring.since(reader.number), ...[...reader.lacking].map(event => states.get(event)!)]
    reader.number = ring.newest()?.number ?? null
    reader.lacking.clear()
    write(reader, bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes))
  }

  return {
    async open (person, lastEventId) {
      const ofPerson = [...readers].filter(reader => reader.person === person).length
      if (closed || readers.size >= config.streamsMax || ofPerson >= config.personStreamsMax) {
        throw new BorderflowError('RATE_LIMITED', {
          expected: `at most ${config.personStreamsMax} open streams of one person, ${config.streamsMax} of all`,
          found: 'more',
          where: '/v1/stream',
          remedy: 'Close some, or try again later.'
        })
      }
      const reader: Reader = {
        person,
        stream: new PassThrough(),
        number: null,
        blockedSinceMs: null,
        opening: true,
        lacking: new Set(states.keys())
      }
      readers.add(reader)
      reader.stream.on('close', () => { readers.delete(reader) })
      // A reader that has gone is no fault.
      reader.stream.on('error', () => {})
      try {
        const current = await board.current()
        if (ring.newest()?.id !== current.id) ring.add(current)
        reader.number = numberOf(lastEventId, current.id)
        reader.opening = false
      } catch (error) {
        readers.delete(reader)
        throw error
      }
      write(reader, Buffer.from(`retry: ${RETRY_MS}\n\n`))
      deliver(reader)
      return reader.stream
    },
    publish (event, data) {
      states.set(event, frame(event, null, JSON.stringify(data)))
      for (const reader of readers) {
        reader.lacking.add(event)
        deliver(reader)
      }
    },
    streams: () => readers.size,
    close () {
      closed = true
      clearInterval(timer)
      unsubscribe()
      for (const reader of readers) reader.stream.end()
    }
  }
}

/** The number of the version in an id of this process; null for any other id. */
function numberOf (lastEventId: string | null, currentId: string): number | null {
  const [process, number] = (lastEventId ?? '').split('-')
  const [own, newest] = currentId.split('-')
  if (process !== own || number === undefined || !/^\d{1,15}$/.test(number)) return null
  return Number(number) <= Number(newest) ? Number(number) : null
}
