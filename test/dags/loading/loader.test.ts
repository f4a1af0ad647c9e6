// The loader by itself: what it lets in, how it groups, and how it fails. What it writes to is a real function here and
// a real warehouse in the tests of sinks/.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BorderflowError } from '../../../core/errors.ts'
import { packMessages } from '../../../core/packed-messages.ts'
import type { BatchOutcome, RawBatch } from '../../../core/stage.ts'
import { createLoader, type Loader, type LoaderConfig } from '../../../dags/loading/loader.ts'
import { decodeBatch } from '../../../dags/loading/decode-batch.ts'
import { normaliseContext } from '../../../dags/loading/context.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'
import { crossing, message } from '../../support/histories.ts'
import { codeLists } from '../../support/warehouse.ts'

const DIMENSIONS = ['checkpoint', 'state', 'province', 'visa_class', 'refusal_reason'] as const
const key = new Uint8Array(32).fill(1)
/** Numbers for any code: the loader does not look at what is decoded. */
const numbers = Object.fromEntries(DIMENSIONS.map(dimension =>
  [dimension, Object.assign(new Map([['unknown', 0]]), { get: () => 1 })])) as never
const context = normaliseContext({
  lists: codeLists, codeNumbers: numbers, keys: { traveller: key, content: key, quarantine: key, disclosure: key }
})

let next = 0
function batch (messages: number): RawBatch {
  const firstOffset = next
  next += messages
  const { bytes, receivedAtMs } = message(crossing())
  return {
    source: 'spool',
    partition: '1',
    firstOffset,
    nextOffset: next,
    messages: packMessages(
      Array.from({ length: messages }, (_, i) => ({ offset: firstOffset + i, receivedAtMs, value: bytes })))
  }
}

const outcomeOf = ({ messageCount }: DecodedBatch): BatchOutcome =>
  ({ applied: true, read: messageCount, loaded: messageCount, duplicate: 0, superseded: 0, quarantined: {} })

/** A gate that holds writing back until it is opened. */
function gate (): { open: () => void, opened: Promise<void> } {
  let open!: () => void
  const opened = new Promise<void>(resolve => { open = resolve })
  return { open, opened }
}

interface Watched { loader: Loader, groups: DecodedBatch[][], writes: () => number }

function watched (
  config: LoaderConfig, write: (group: readonly DecodedBatch[], number: number) => Promise<void> = async () => {}
): Watched {
  const groups: DecodedBatch[][] = []
  let writes = 0
  const loader = createLoader(config, {
    decode: async raw => await decodeBatch(context, raw),
    write: async group => {
      expect(++writes, 'one group at a time').toBe(groups.length + 1)
      await write(group, groups.length)
      groups.push([...group])
      return group.map(outcomeOf)
    },
    onGroup: () => {}
  })
  return { loader, groups, writes: () => writes }
}

const soon = async (): Promise<void> => { await new Promise(resolve => setImmediate(resolve)) }

describe('the loader', () => {
  it('keeps every batch in order, whatever the sizes, and never takes in more than its limit and one batch', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 })
    const limits = fc.record({
      groupMessagesMax: fc.integer({ min: 1, max: 40 }), pendingMessagesMax: fc.integer({ min: 1, max: 60 })
    })
    await fc.assert(fc.asyncProperty(sizes, limits, async (all, config) => {
      const { groupMessagesMax, pendingMessagesMax } = config
      const { loader, groups } = watched(config, async () => { await soon() })
      const largest = Math.max(...all)
      const batches = all.map(batch)
      const durable: Promise<BatchOutcome>[] = []
      for (const one of batches) {
        durable.push((await loader.submit(one)).durable)
        expect(loader.pendingMessages()).toBeLessThanOrEqual(Math.max(pendingMessagesMax, largest))
      }
      const outcomes = await Promise.all(durable)
      await loader.drain()
      expect(loader.pendingMessages()).toBe(0)
      expect(outcomes.map(({ read }) => read)).toEqual(all)
      expect(groups.flat().map(({ firstOffset }) => firstOffset)).toEqual(batches.map(({ firstOffset }) => firstOffset))
      for (const group of groups) {
        const messages = group.reduce((sum, { messageCount }) => sum + messageCount, 0)
        expect(group.length === 1 || messages <= groupMessagesMax).toBe(true)
      }
    }), { numRuns: 60 })
  })

  it('holds a batch back while too much waits, and lets it in when that is durable', async () => {
    const writing = gate()
    const { loader } = watched({ groupMessagesMax: 10, pendingMessagesMax: 20 }, async () => { await writing.opened })
    const first = await loader.submit(batch(20))
    let taken = false
    const second = loader.submit(batch(1)).then(accepted => { taken = true; return accepted })
    for (let i = 0; i < 20; i++) await soon()
    expect(taken).toBe(false)
    expect(loader.pendingMessages()).toBe(20)
    writing.open()
    await first.durable
    expect((await (await second).durable).loaded).toBe(1)
  })

  it('takes a batch that is larger than its limit when nothing waits', async () => {
    const { loader } = watched({ groupMessagesMax: 5, pendingMessagesMax: 10 })
    expect((await (await loader.submit(batch(50))).durable).loaded).toBe(50)
  })

  it('decodes while a group is being written, and writes what was decoded by then as one', async () => {
    const writing = gate()
    const limits = { groupMessagesMax: 100, pendingMessagesMax: 1000 }
    const { loader, groups, writes } = watched(limits, async (_group, number) => {
      if (number === 0) await writing.opened
    })
    const durable = [(await loader.submit(batch(60))).durable]
    while (writes() === 0) await soon()
    for (let i = 0; i < 4; i++) durable.push((await loader.submit(batch(10))).durable)
    for (let i = 0; i < 20; i++) await soon()
    writing.open()
    await Promise.all(durable)
    expect(groups.map(group => group.length)).toEqual([1, 4])
  })

  it('has nothing to wait for when it is empty', async () => {
    const { loader } = watched({ groupMessagesMax: 1, pendingMessagesMax: 1 })
    await loader.drain()
    expect((await (await loader.submit(batch(0))).durable).read).toBe(0)
  })
})

describe('a loader whose writing fails', () => {
  it('rejects all that is under way and refuses whatever comes after', async () => {
    const writing = gate()
    const { loader, writes } = watched({ groupMessagesMax: 2, pendingMessagesMax: 6 }, async () => {
      await writing.opened
      throw new Error('disk on fire')
    })
    const durable = [(await loader.submit(batch(2))).durable]
    while (writes() === 0) await soon()
    durable.push((await loader.submit(batch(2))).durable, (await loader.submit(batch(2))).durable)
    const held = loader.submit(batch(2))
    const drained = loader.drain()
    writing.open()
    const ends = await Promise.allSettled([...durable, held, drained, loader.failed])
    expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'rejected'))
    await expect(loader.failed).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    await expect(loader.submit(batch(1))).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    await expect(loader.drain()).rejects.toThrow(BorderflowError)
    expect(writes()).toBe(1)
  })

  it('rejects a batch that was being decoded at that moment, too', async () => {
    const decoding = gate()
    const writing = gate()
    let decodes = 0
    const loader = createLoader({ groupMessagesMax: 2, pendingMessagesMax: 100 }, {
      decode: async raw => {
        if (++decodes === 2) await decoding.opened
        return await decodeBatch(context, raw)
      },
      write: async () => {
        await writing.opened
        throw new Error('disk on fire')
      },
      onGroup: () => {}
    })
    const first = (await loader.submit(batch(2))).durable
    const second = (await loader.submit(batch(2))).durable
    while (decodes < 2) await soon()
    writing.open()
    await expect(first).rejects.toThrow('disk on fire')
    decoding.open()
    await expect(second).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
  })

  it('tells its own error as it is', async () => {
    const stale = new BorderflowError('POSITION_STALE', { expected: 'one', found: 'another' })
    const { loader } = watched({ groupMessagesMax: 2, pendingMessagesMax: 6 }, async () => { throw stale })
    await expect((await loader.submit(batch(1))).durable).rejects.toBe(stale)
    await expect(loader.failed).rejects.toBe(stale)
  })
})

describe('a loader whose decoding fails', () => {
  it('stops, too, and lets the group that is being written end', async () => {
    const writing = gate()
    let decodes = 0
    const loader = createLoader({ groupMessagesMax: 2, pendingMessagesMax: 100 }, {
      decode: async raw => {
        if (++decodes === 2) throw new Error('no memory')
        return await decodeBatch(context, raw)
      },
      write: async group => {
        await writing.opened
        return group.map(outcomeOf)
      },
      onGroup: () => {}
    })
    const first = (await loader.submit(batch(2))).durable
    const second = (await loader.submit(batch(2))).durable
    const third = (await loader.submit(batch(2))).durable
    await expect(second).rejects.toThrow('no memory')
    await expect(third).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
    writing.open()
    expect((await first).loaded).toBe(2)
    await expect(loader.drain()).rejects.toMatchObject({ code: 'LOADER_STOPPED' })
  })
})
