// Several sources before one loader: what one brings does not wait for all that another has.
import { describe, expect, it } from 'vitest'
import { packMessages } from '../../../core/packed-messages.ts'
import type { BatchOutcome, RawBatch } from '../../../core/stage.ts'
import { createLoader, type Loader } from '../../../dags/loading/loader.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'

const MESSAGES = 10

interface Watched {
  loader: Loader
  /** Sources of the batches of each group that was written. */
  groups: string[][]
  decoded: string[]
  open: () => void
}

/** A loader that decodes what it is given at once, and writes nothing before it is opened. */
function watched (groupMessagesMax: number): Watched {
  let open!: () => void
  const opened = new Promise<void>(resolve => { open = resolve })
  const groups: string[][] = []
  const decoded: string[] = []
  const loader = createLoader({ groupMessagesMax, pendingMessagesMax: 1_000 }, {
    decode: async ({ source, messages }) => {
      decoded.push(source)
      return { source, messageCount: messages.offsets.length, memory: [] as ArrayBuffer[] } as DecodedBatch
    },
    write: async group => {
      await opened
      groups.push(group.map(({ source }) => source))
      return group.map((): BatchOutcome =>
        ({ applied: true, read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }))
    },
    onGroup: () => {}
  })
  return { loader, groups, decoded, open }
}

function batch (source: RawBatch['source'], messages = MESSAGES): RawBatch {
  return {
    source,
    partition: '1',
    firstOffset: 0,
    nextOffset: messages,
    messages: packMessages(
      Array.from({ length: messages }, (_, offset) => ({ offset, receivedAtMs: 0, value: Buffer.alloc(0) })))
  }
}

/** Submits batches of a source one after the other; gives when they are durable. */
async function submit ({ loader }: Watched, source: RawBatch['source'], batches: number): Promise<Promise<unknown>[]> {
  const durable: Promise<unknown>[] = []
  for (let i = 0; i < batches; i++) durable.push((await loader.submit(batch(source))).durable)
  return durable
}

async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve))
}

describe('several sources', () => {
  it('take turns: one batch of another does not wait for all of a folder', async () => {
    const all = watched(1)
    const durable = await submit(all, 'spool', 4)
    durable.push(...await submit(all, 'http', 1))
    all.open()
    await Promise.all(durable)
    expect(all.groups.flat()).toEqual(['spool', 'spool', 'http', 'spool', 'spool'])
  })

  it('have a batch each in the next group, which is a smaller one', async () => {
    const all = watched(4 * MESSAGES)
    const durable = await submit(all, 'spool', 1)
    // More than the next group takes is decoded while the first is being written, and no more than that.
    durable.push(...await submit(all, 'spool', 9))
    await until(() => all.decoded.length === 5)
    durable.push(...await submit(all, 'http', 1))
    await until(() => all.decoded.includes('http'))
    expect(all.decoded).toHaveLength(6)
    all.open()
    await Promise.all(durable)
    expect(all.groups[1]).toEqual(['spool', 'http'])
    // Alone again, the folder has large ones.
    expect(Math.max(...all.groups.slice(2).map(group => group.length))).toBe(4)
  })
})
