// Joins sources to the warehouse: batches are decoded one after the other while the group before them is being written,
// and everything that is decoded by then goes into one transaction. Sources take turns and share smaller groups, so
// that a message that somebody waits for is not behind all of a folder; the batches of one source keep their order.
import { BorderflowError, errorText } from '../../core/errors.ts'
import { releaseMessages } from '../../core/packed-messages.ts'
import { giveRoom } from '../../core/room.ts'
import type { BatchOutcome, BatchTaker, RawBatch } from '../../core/stage.ts'
import type { DecodedBatch } from '../../schemas/decoded-batch.ts'
import { createTurns } from './turns.ts'

export interface LoaderConfig {
  /** Messages of a group at most; a larger batch is a group of its own. */
  groupMessagesMax: number
  /** Messages accepted and not yet durable at most: this bounds the memory of loading. */
  pendingMessagesMax: number
  /** Batches decoded at the same time; 1 unless given. They are written in the order in which they were taken up. */
  decodingMax?: number
}

/** Groups in which several sources meet are smaller, for somebody may wait: halves; quarters cost a fifth of speed. */
const SHARED_GROUP_PARTS = 2

export interface LoaderDeps {
  decode: (batch: RawBatch) => Promise<DecodedBatch>
  write: (batches: readonly DecodedBatch[]) => Promise<BatchOutcome[]>
  /** Told after every group, for metrics. */
  onGroup: (group: LoadedGroup) => void
}

/** A group that is durable. */
export interface LoadedGroup {
  batches: readonly DecodedBatch[]
  outcomes: readonly BatchOutcome[]
  seconds: number
}

export interface Loader extends BatchTaker {
  /** Messages accepted and not yet durable. */
  pendingMessages (): number
  /** Resolves when everything accepted is durable; rejects if loading has failed. */
  drain (): Promise<void>
  /** Rejects when loading fails; never resolves. */
  readonly failed: Promise<never>
}

interface Pending { batch: RawBatch, resolve: (outcome: BatchOutcome) => void, reject: (error: unknown) => void }
interface Decoded extends Pending { decoded: DecodedBatch }

/** A loader over a warehouse. After a failure every batch is refused: the process has to end. */
export function createLoader (config: LoaderConfig, deps: LoaderDeps): Loader {
  const arrived = createTurns<Pending>(({ batch }) => batch.source)
  const decoded = createTurns<Decoded>(({ batch }) => batch.source)
  const waiting: (() => void)[] = []
  let decodedMessages = 0
  let pending = 0
  const inDecoding: { item: Pending, decoded: Promise<DecodedBatch> }[] = []
  let decoding = false
  let writing = false
  let failure: BorderflowError | undefined
  let fail!: (error: unknown) => void
  const failed = new Promise<never>((_resolve, reject) => { fail = reject })
  failed.catch(() => {})

  async function submit (batch: RawBatch): Promise<{ durable: Promise<BatchOutcome> }> {
    const messages = batch.messages.offsets.length
    while (failure === undefined && pending > 0 && pending + messages > config.pendingMessagesMax) {
      await new Promise<void>(resolve => waiting.push(resolve))
    }
    if (failure !== undefined) throw failure
    pending += messages
    const durable = new Promise<BatchOutcome>((resolve, reject) => { arrived.add({ batch, resolve, reject }) })
    // Whoever submitted may look later; a failure is told to everyone through `failed` as well.
    durable.catch(() => {})
    void decodeArrived()
    return { durable }
  }

  async function decodeArrived (): Promise<void> {
    beginDecoding()
    if (decoding) return
    decoding = true
    try {
      for (let next = inDecoding[0]; next !== undefined && failure === undefined; next = inDecoding[0]) {
        try {
          const item = { ...next.item, decoded: await next.decoded }
          inDecoding.shift()
          decoded.add(item)
          decodedMessages += item.decoded.messageCount
        } catch (error) {
          stop(error)
          return
        }
        // Writing may have failed meanwhile: whoever waits for this batch must hear of it, too.
        if (failure !== undefined) stop(failure)
        else void writeDecoded()
        beginDecoding()
      }
    } finally {
      decoding = false
    }
  }

  /** Only the next group is decoded ahead, and of every source at least a batch: it is in that group. */
  function beginDecoding (): void {
    const isWanted = (source: string): boolean => decodedMessages < config.groupMessagesMax || !decoded.has(source)
    while (failure === undefined && inDecoding.length < (config.decodingMax ?? 1)) {
      const source = [...arrived.owners()].find(isWanted)
      if (source === undefined) return
      const item = arrived.take(source) as Pending
      const promise = deps.decode(item.batch)
      // Awaited in its turn.
      promise.catch(() => {})
      inDecoding.push({ item, decoded: promise })
    }
  }

  async function writeDecoded (): Promise<void> {
    if (writing) return
    writing = true
    try {
      while (isGroupDue() && failure === undefined) await writeNextGroup()
    } finally {
      writing = false
    }
  }

  /** While more is on its way, small groups wait for company: a transaction costs the same for few as for many. */
  function isGroupDue (): boolean {
    if (decoded.count() === 0) return false
    return decodedMessages >= groupMessagesMax() / 2 || (arrived.count() === 0 && inDecoding.length === 0)
  }

  function groupMessagesMax (): number {
    const beingDecoded = inDecoding.map(({ item }) => item.batch.source)
    const sources = new Set([...decoded.owners(), ...arrived.owners(), ...beingDecoded])
    return sources.size > 1 ? config.groupMessagesMax / SHARED_GROUP_PARTS : config.groupMessagesMax
  }

  /** The next batches in turn; one of every source as far as they fit into a large group. */
  function takeGroup (): Decoded[] {
    const messagesMax = groupMessagesMax()
    const group: Decoded[] = []
    const sources = new Set<string>()
    let messages = 0
    for (let item = decoded.next(); item !== undefined; item = decoded.next()) {
      const max = sources.has(item.batch.source) ? messagesMax : config.groupMessagesMax
      if (group.length > 0 && messages + item.decoded.messageCount > max) break
      decoded.take()
      sources.add(item.batch.source)
      group.push(item)
      messages += item.decoded.messageCount
    }
    decodedMessages -= messages
    return group
  }

  async function writeNextGroup (): Promise<void> {
    const group = takeGroup()
    void decodeArrived()
    const started = performance.now()
    try {
      const outcomes = await deps.write(group.map(item => item.decoded))
      group.forEach((item, i) => item.resolve(outcomes[i] as BatchOutcome))
      deps.onGroup({
        batches: group.map(item => item.decoded), outcomes, seconds: (performance.now() - started) / 1000
      })
      for (const item of group) {
        releaseMessages(item.batch.messages)
        giveRoom(item.decoded.memory)
      }
    } catch (error) {
      for (const item of group) item.reject(error)
      stop(error)
    } finally {
      pending -= group.reduce((sum, item) => sum + item.batch.messages.offsets.length, 0)
      for (const wake of waiting.splice(0)) wake()
    }
  }

  function stop (error: unknown): void {
    failure ??= error instanceof BorderflowError
      ? error
      : new BorderflowError('LOADER_STOPPED', {
        expected: 'batches that can be loaded', found: errorText(error), remedy: 'Start the process again.', cause: error
      })
    const waiters = [...inDecoding.splice(0).map(({ item }) => item), ...arrived.takeAll(), ...decoded.takeAll()]
    decodedMessages = 0
    for (const item of waiters) {
      pending -= item.batch.messages.offsets.length
      item.reject(failure)
    }
    for (const wake of waiting.splice(0)) wake()
    fail(failure)
  }

  return {
    submit,
    pendingMessages: () => pending,
    failed,
    async drain () {
      while (failure === undefined && pending > 0) await new Promise<void>(resolve => waiting.push(resolve))
      if (failure !== undefined) throw failure
    }
  }
}
