import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from 'node:zlib'
import { checkBody, createBodyWriter, messagesFrom, type SegmentBody } from '../../../ingest/http/segment-body.ts'

/** From empty ones to some that take more than a part each. */
const message = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 3_000, max: 66_000 }).map(length => new Uint8Array(length).fill(length)) }
)
const messages = fc.array(message, { maxLength: 60 })

function written (all: readonly Uint8Array[]): SegmentBody {
  const writer = createBodyWriter()
  for (const each of all) writer.add(each)
  expect(writer.count()).toBe(all.length)
  return writer.end()
}

/** Copies: what is read are views. */
function read (body: SegmentBody, first = 0): number[][] {
  const next = messagesFrom(body, first)
  const found: number[][] = []
  for (let value = next(); value !== null; value = next()) found.push([...value])
  return found
}

describe('the body of a segment', () => {
  it('gives back its messages from any of them on, before it was stored and after', async () => {
    await fc.assert(fc.asyncProperty(messages, fc.nat(80), async (all, first) => {
      const body = written(all)
      const expected = all.slice(first).map(each => [...each])
      const bytes = Buffer.concat(body.parts)
      expect(bytes.length).toBe(body.bytes)
      expect(crc32(bytes)).toBe(body.crc)
      expect(read(body, first)).toEqual(expected)
      const again = await checkBody(bytes, body.crc, body.count)
      expect(again === null ? null : read(again, first)).toEqual(expected)
    }), { numRuns: 60 })
  })

  it('is none when a byte of it, its length or its count is another', async () => {
    await fc.assert(fc.asyncProperty(messages.filter(all => all.length > 0), fc.nat(), async (all, at) => {
      const { parts, crc, count } = written(all)
      const bytes = Buffer.concat(parts)
      expect(await checkBody(bytes, crc, count + 1)).toBe(null)
      expect(await checkBody(bytes.subarray(1), crc, count)).toBe(null)
      bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ 1, at % bytes.length)
      expect(await checkBody(bytes, crc, count)).toBe(null)
    }), { numRuns: 60 })
  })

  it('has its memory to itself until it is released', () => {
    const large = Array.from({ length: 100 }, (_, index) => new Uint8Array(2_000).fill(index))
    const first = written(large)
    const second = written(large.toReversed())
    expect(read(first)[0]).toEqual([...large[0]!])
    first.release()
    const third = written(large.map(each => each.map(() => 255)))
    // Its memory is another's by now: nobody else is given it.
    first.release()
    written(large)
    expect(read(second)).toEqual(large.toReversed().map(each => [...each]))
    expect(read(third)[0]![0]).toBe(255)
  })
})
