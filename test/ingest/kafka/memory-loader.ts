// A loader in memory with the contract of the real one: positions by compare-and-set, together with the rows.
import type { BatchOutcome, BatchTaker, PositionStore, RawBatch, StoredPosition } from '../../../core/stage.ts'
import { rawMessages } from '../../support/raw-messages.ts'

export interface LoadedRow {
  partition: string
  offset: number
  contract?: string
  receivedAtMs: number
  value: string
}

export interface Gap {
  partition: string
  fromOffset: number
  toOffset: number
}

export interface MemoryLoader {
  taker: BatchTaker
  positions: PositionStore
  rows: LoadedRow[]
  batches: RawBatch[]
  lost: Gap[]
  stored: Map<string, StoredPosition>
  /** Offsets inside loaded ranges that held no message. */
  absent: Map<string, number>
  /** Most batches accepted and not yet durable at once. */
  inFlightMost: number
  /** Holds commits back until the returned function is called. */
  hold(): () => void
  /** Lets commits fail with this error, or no longer. */
  failNext(error: Error | undefined): void
  /** Moves the stored position over a lost gap. */
  accept(gap: Gap): void
}

/** An empty loader. */
export function createMemoryLoader (): MemoryLoader {
  const stored = new Map<string, StoredPosition>()
  let gate = Promise.resolve()
  let chain = Promise.resolve()
  let inFlight = 0
  let failure: Error | undefined

  const commit = (batch: RawBatch): BatchOutcome => {
    const position = stored.get(batch.partition)
    if (position?.nextOffset !== batch.firstOffset) return outcome(false, 0)
    stored.set(batch.partition, { ...position, nextOffset: batch.nextOffset, lastRecord: batch.lastRecord })
    for (const { offset, receivedAtMs, value } of rawMessages(batch.messages)) {
      const { partition, contract } = batch
      loader.rows.push({ partition, offset, contract, receivedAtMs, value: Buffer.from(value).toString() })
    }
    const missing = batch.nextOffset - batch.firstOffset - batch.messages.offsets.length
    loader.absent.set(batch.partition, (loader.absent.get(batch.partition) ?? 0) + missing)
    return outcome(true, batch.messages.offsets.length)
  }

  const durably = async (batch: RawBatch): Promise<BatchOutcome> => {
    const before = chain
    const done = before.then(async () => await gate).then(() => {
      if (failure) throw failure
      return commit(batch)
    }).finally(() => { inFlight-- })
    chain = done.then(() => undefined, () => undefined)
    return await done
  }

  const loader: MemoryLoader = {
    rows: [],
    batches: [],
    lost: [],
    stored,
    absent: new Map(),
    inFlightMost: 0,
    taker: {
      submit: async batch => {
        loader.batches.push(batch)
        loader.inFlightMost = Math.max(loader.inFlightMost, ++inFlight)
        return { durable: durably(batch) }
      }
    },
    positions: {
      positions: async source => [...stored.values()].filter(position => position.source === source),
      start: async (source, partition, firstOffset) => {
        const position = stored.get(partition) ??
          { source, partition, startOffset: firstOffset, nextOffset: firstOffset }
        stored.set(partition, position)
        return position
      },
      recordLost: async (_source, partition, fromOffset, toOffset) => {
        loader.lost.push({ partition, fromOffset, toOffset })
      }
    },
    hold: () => {
      let open: () => void = () => undefined
      gate = new Promise(resolve => { open = resolve })
      return open
    },
    failNext: error => { failure = error },
    accept: ({ partition, toOffset }) => {
      const position = stored.get(partition)
      if (position) stored.set(partition, { ...position, nextOffset: toOffset })
    }
  }
  return loader
}

function outcome (applied: boolean, loaded: number): BatchOutcome {
  return { applied, read: loaded, loaded, duplicate: 0, superseded: 0, quarantined: {} }
}
