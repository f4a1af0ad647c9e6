// Messages keep their bytes from when they are collected until they are released, however their memory is used again.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createMessageCollector, messageAt, packMessages, releaseMessages, type PackedMessages, type RawMessage
} from '../../core/packed-messages.ts'
import { giveMemory, takeMemory } from '../../core/shared-memory.ts'
import { rawMessages } from '../support/raw-messages.ts'

const message: fc.Arbitrary<RawMessage> = fc.record({
  offset: fc.nat(), receivedAtMs: fc.nat(), value: fc.uint8Array({ maxLength: 6_000 })
})

describe('packed messages', () => {
  it('are what was packed while others are packed and released', () => {
    const batches = fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 12 })
    fc.assert(fc.property(batches, fc.nat(3), (batches, keep) => {
      const kept: { packed: PackedMessages, messages: RawMessage[] }[] = []
      for (const messages of batches) {
        kept.push({ packed: packMessages(messages), messages })
        if (kept.length > keep) releaseMessages(kept.shift()!.packed)
        for (const { packed, messages } of kept) expect(rawMessages(packed)).toEqual(messages)
      }
      for (const { packed } of kept) releaseMessages(packed)
    }))
  })

  it('can be read from a copy when they are released', () => {
    const packed = packMessages([{ offset: 0, receivedAtMs: 0, value: Buffer.from('one') }])
    const copy = messageAt(packed, 0)
    releaseMessages(packed)
    packMessages([{ offset: 0, receivedAtMs: 0, value: Buffer.from('two') }])
    expect(Buffer.from(copy).toString()).toBe('one')
  })

  it('are collected batch after batch by the same collector', () => {
    const collector = createMessageCollector(1)
    for (const text of ['a', 'bb'.repeat(5_000), '']) {
      expect([collector.count(), collector.byteCount()]).toEqual([0, 0])
      collector.add(1, 2, Buffer.from(text))
      collector.add(2, 3, Buffer.from('end'))
      expect([collector.count(), collector.byteCount()]).toEqual([2, text.length + 3])
      expect(rawMessages(collector.take()).map(({ value }) => Buffer.from(value).toString())).toEqual([text, 'end'])
    }
  })
})

describe('shared memory', () => {
  it('is used again, is never that of two, and not lost by being given twice', () => {
    const first = takeMemory(5_000)
    expect(first.length).toBe(8_192)
    giveMemory(first)
    giveMemory(first)
    const taken = [takeMemory(8_192), takeMemory(4_097), takeMemory(8_000)]
    expect(taken.some(({ buffer }) => buffer === first.buffer)).toBe(true)
    expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(3)
  })

  it('is kept up to a limit', () => {
    const pieces = Array.from({ length: 40 }, () => takeMemory(2 ** 21))
    for (const piece of pieces) giveMemory(piece)
    const again = new Set(Array.from({ length: 40 }, () => takeMemory(2 ** 21).buffer))
    expect(pieces.filter(({ buffer }) => again.has(buffer)).length).toBeLessThanOrEqual(32)
  })
})
