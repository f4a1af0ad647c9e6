// A request's body to messages, as it streams in: at no time more of it is in memory than the limits allow.
import { createHash } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { SharedSlices } from '../../core/slices.ts'
import { createLineSplitter } from '../files/line-splitter.ts'
import { createArraySplitter } from './array-splitter.ts'
import { Problem } from './problem.ts'
import { createBodyWriter, type SegmentBody } from './segment-body.ts'

export type BodyFormat = 'ndjson' | 'array'

export interface BodyLimits {
  /** Bytes as sent. */
  wireBytesMax: number
  /** Bytes after decompression. */
  bodyBytesMax: number
  /** Each message costs memory beside its bytes: a body of commas or line feeds must not make millions. */
  requestMessagesMax: number
}

/** A budget that all bodies being received share. */
export interface ByteBudget {
  /** False if there is not that much left. */
  take(bytes: number): boolean
  give(bytes: number): void
}

export interface Body {
  /** As it will be stored. */
  stored: SegmentBody
  /** First 128 bits, hex, of SHA-256 of format and decompressed body. */
  digest: string
  /** What was taken of the budget, to be given back when the messages are let go. */
  bytes: number
}

/**
 * Reads a body to its end. Throws Problem: body-too-large, not-an-array, bad-encoding, incomplete-body, or overloaded
 * if the budget is used up; the budget is given back then.
 */
export async function readBody (
  wire: Readable, format: BodyFormat, isGzip: boolean, limits: BodyLimits,
  { budget, slices }: { budget: ByteBudget, slices: SharedSlices }
): Promise<Body> {
  const splitter = format === 'ndjson' ? createLineSplitter() : createArraySplitter()
  const hash = createHash('sha256').update(format)
  const writer = createBodyWriter()
  let bytes = 0

  function keep (completed: Uint8Array[]): void {
    if (writer.count() + completed.length > limits.requestMessagesMax) throw new Problem('body-too-large')
    for (const message of completed) writer.add(message)
  }

  try {
    for await (const chunk of plainBytes(wire, isGzip, limits.wireBytesMax)) {
      if (bytes + chunk.length > limits.bodyBytesMax) throw new Problem('body-too-large')
      if (!budget.take(chunk.length)) throw new Problem('overloaded')
      bytes += chunk.length
      await slices.run(() => {
        hash.update(chunk)
        keep(splitter.push(chunk))
      })
    }
    keep(splitter.end())
  } catch (error) {
    budget.give(bytes)
    writer.end().release()
    throw error instanceof SyntaxError ? new Problem('not-an-array') : error
  }
  return { stored: writer.end(), digest: hash.digest('hex').slice(0, 32), bytes }
}

function plainBytes (wire: Readable, isGzip: boolean, wireBytesMax: number): AsyncIterable<Uint8Array> {
  const limited = limitWire(wire, wireBytesMax)
  return isGzip ? gunzip(limited) : limited
}

async function * limitWire (wire: Readable, wireBytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    // The socket must outlive a body that is refused in the middle, or the answer could not be sent.
    for await (const chunk of wire.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > wireBytesMax) throw new Problem('body-too-large')
      yield chunk
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('incomplete-body')
  }
}

async function * gunzip (wire: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzipped = createGunzip({ chunkSize: 64 * 1024 })
  // The error, if any, reaches whoever iterates, for the pipeline destroys the last stream with it.
  pipeline(wire, unzipped, () => {})
  try {
    yield * unzipped as AsyncIterable<Uint8Array>
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('bad-encoding')
  }
}
