// In-memory stand-ins for what the warehouse gives the sources: positions by compare-and-set, and the file registry.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fixedClock } from '../../../core/clock.ts'
import type { BatchOutcome, BatchTaker, PositionStore, RawBatch, StoredPosition } from '../../../core/stage.ts'
import { rawMessages } from '../../support/raw-messages.ts'
import type { FileRegistry, RegisteredFile } from '../../../ingest/files/registry.ts'

export const START_MS = Date.UTC(2026, 0, 5)

export interface MemoryLoader extends BatchTaker, PositionStore {
  batches: RawBatch[]
  /** Text of every loaded message, in order, as `partition:offset=value`. */
  loaded: string[]
  lost: { partition: string, from: number, to: number }[]
  /** Moves a stored position, as accepting a gap or a restored backup does. */
  setPosition(source: string, partition: string, nextOffset: number): void
  /** Called before a batch is committed: a test can hold it there or throw. */
  beforeCommit: (batch: RawBatch) => Promise<void>
  /** Called after a batch is committed, before it is told. */
  afterCommit: (batch: RawBatch, outcome: BatchOutcome) => void
}

/** Commits batches one after the other; an empty message is quarantined, any other is loaded. */
export function createMemoryLoader (): MemoryLoader {
  const stored = new Map<string, StoredPosition>()
  let last: Promise<unknown> = Promise.resolve()
  const loader: MemoryLoader = {
    batches: [],
    loaded: [],
    lost: [],
    beforeCommit: async () => {},
    afterCommit: () => {},
    async submit (batch) {
      const durable = last.then(() => commit(batch))
      last = durable.catch(() => {})
      return { durable }
    },
    positions: async source => [...stored.values()].filter(position => position.source === source).map(copy),
    async start (source, partition, firstOffset) {
      const key = `${source} ${partition}`
      if (!stored.has(key)) {
        stored.set(key, { source, partition, startOffset: firstOffset, nextOffset: firstOffset })
      }
      return copy(stored.get(key)!)
    },
    recordLost: async (_source, partition, from, to) => { loader.lost.push({ partition, from, to }) },
    setPosition (source, partition, nextOffset) {
      stored.set(`${source} ${partition}`, { source, partition, startOffset: 0, nextOffset })
    }
  }

  async function commit (batch: RawBatch): Promise<BatchOutcome> {
    await loader.beforeCommit(batch)
    const position = stored.get(`${batch.source} ${batch.partition}`)
    const outcome: BatchOutcome =
      { applied: false, read: 0, loaded: 0, duplicate: 0, superseded: 0, quarantined: {} }
    if (position?.nextOffset !== batch.firstOffset) return outcome
    position.nextOffset = batch.nextOffset
    loader.batches.push(batch)
    for (const { offset, value } of rawMessages(batch.messages)) {
      loader.loaded.push(`${batch.partition}:${offset}=${Buffer.from(value).toString('latin1')}`)
    }
    const empty = rawMessages(batch.messages).filter(message => message.value.length === 0).length
    outcome.applied = true
    outcome.read = rawMessages(batch.messages).length
    outcome.loaded = outcome.read - empty
    if (empty > 0) outcome.quarantined.empty = empty
    loader.afterCommit(batch, outcome)
    return outcome
  }

  return loader
}

function copy (position: StoredPosition): StoredPosition {
  return { ...position }
}

export interface MemoryRegistry extends FileRegistry {
  files: RegisteredFile[]
  reasons: Map<number, string | undefined>
}

export function createMemoryRegistry (): MemoryRegistry {
  const files: RegisteredFile[] = []
  const reasons = new Map<number, string | undefined>()
  return {
    files,
    reasons,
    find: async (_source, name) => files.filter(file => file.name === name).map(file => ({ ...file })),
    async register (identity, receivedAtMs) {
      const file: RegisteredFile = { ...identity, number: files.length + 1, receivedAtMs, state: 'open' }
      files.push(file)
      return { ...file }
    },
    async setState (number, state, reason) {
      files[number - 1]!.state = state
      reasons.set(number, reason)
    },
    list: async () => files.map(file => ({ ...file }))
  }
}

/** Everything a source needs, in memory, with a log that is kept. */
export function createFileBench () {
  const loader = createMemoryLoader()
  const registry = createMemoryRegistry()
  const clock = fixedClock(START_MS)
  const logged: string[] = []
  const keep = (fields: object, text: string): void => { logged.push(`${text} ${JSON.stringify(fields)}`) }
  const deps = { files: registry, positions: loader, clock, log: { info: keep, warn: keep } }
  return { loader, registry, clock, logged, deps }
}

/** A temporary folder that is removed when the test ends. */
export async function temporaryFolder (): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'borderflow-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Waits until a condition holds; fails after ten seconds. */
export async function until (condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (await condition()) return
    await new Promise(resolve => { setTimeout(resolve, 5) })
  }
  throw new Error(`not within ten seconds: ${what}`)
}
