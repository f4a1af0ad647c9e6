// Mutex and semaphore: turns, order, and failures that hold up nobody.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMutex } from '../../core/mutex.ts'
import { createSemaphore } from '../../core/semaphore.ts'

const turns = async (count: number): Promise<void> => { for (let i = 0; i < count; i++) await Promise.resolve() }
const pieces = fc.array(fc.record({ turns: fc.nat(6), fails: fc.boolean() }), { minLength: 1, maxLength: 20 })

describe('a mutex', () => {
  it('does one thing at a time, in the order asked, whoever fails', async () => {
    await fc.assert(fc.asyncProperty(pieces, async work => {
      const mutex = createMutex()
      const order: number[] = []
      let inside = 0
      const results = await Promise.allSettled(work.map(async (piece, number) => await mutex.run(async () => {
        expect(++inside).toBe(1)
        await turns(piece.turns)
        order.push(number)
        inside--
        if (piece.fails) throw new Error(String(number))
        return number
      })))
      expect(order).toEqual(work.map((_, number) => number))
      expect(results.map(({ status }) => status)).toEqual(work.map(({ fails }) => fails ? 'rejected' : 'fulfilled'))
    }))
  })
})

describe('a semaphore', () => {
  it('lets in as many as it has places, in the order asked, and all in the end', async () => {
    await fc.assert(fc.asyncProperty(pieces, fc.integer({ min: 1, max: 5 }), async (work, places) => {
      const semaphore = createSemaphore(places)
      const begun: number[] = []
      let inside = 0
      let most = 0
      const results = await Promise.allSettled(work.map(async (piece, number) => await semaphore.run(async () => {
        begun.push(number)
        most = Math.max(most, ++inside)
        await turns(piece.turns)
        inside--
        if (piece.fails) throw new Error(String(number))
      })))
      expect(begun).toEqual(work.map((_, number) => number))
      expect(most).toBeLessThanOrEqual(places)
      expect(most).toBe(Math.min(places, work.length))
      expect(results).toHaveLength(work.length)
    }))
  })

  it('gives a place back after failures', async () => {
    const semaphore = createSemaphore(1)
    for (let i = 0; i < 3; i++) {
      await expect(semaphore.run(async () => { throw new Error('no') })).rejects.toThrow('no')
    }
    expect(await semaphore.run(async () => 'in')).toBe('in')
  })
})
