// The contracts between the stages. A source hands over batches of raw messages with their positions; whoever takes
// them answers when they are durable. Nothing here knows what a message means.
import type { PackedMessages } from './packed-messages.ts'

/** A stretch of messages that belong to one request, so that its outcome can be told to the sender. */
export interface ReceiptRange {
  receipt: string
  firstOffset: number
  nextOffset: number
}

/** What is stored of the last record consumed from a log, to notice that a topic was made anew. */
export interface RecordMark {
  offset: number
  timestampMs: number
  /** Hex digest of key and value. */
  digest: string
}

/** A batch of messages of one partition: [firstOffset, nextOffset), offsets ascending; missing ones hold no message. */
export interface RawBatch {
  /** `kafka`, `spool` or `http`. */
  source: string
  /** `<topic>/<number>`, the number of a file, or `http`. */
  partition: string
  firstOffset: number
  nextOffset: number
  /** The contract that the topic stands for; absent where each message names its own. */
  contract?: string
  /** Handed over with the batch: once it is durable their memory is used for others. */
  messages: PackedMessages
  receipts?: ReceiptRange[]
  lastRecord?: RecordMark
  /** True for the last batch of something finite (a file): its end is recorded with its rows. */
  endsPartition?: boolean
}

/** How many messages of a batch met which end. */
export interface BatchOutcome {
  /** False if the stored position was not the batch's first: the batch was dropped and changed nothing. */
  applied: boolean
  read: number
  loaded: number
  duplicate: number
  superseded: number
  /** Messages by reason. */
  quarantined: Record<string, number>
}

/**
 * Takes batches. Resolves once the batch is accepted for loading (back-pressure); `durable` resolves once
 * committed.
 */
export interface BatchTaker {
  submit(batch: RawBatch): Promise<{ durable: Promise<BatchOutcome> }>
}

/** A stored position: the next offset to read, and the mark of the last record consumed. */
export interface StoredPosition {
  source: string
  partition: string
  startOffset: number
  nextOffset: number
  lastRecord?: RecordMark
}

/** Where sources read what is already loaded, and record what can no longer be read. */
export interface PositionStore {
  /** All positions of a source. */
  positions(source: string): Promise<StoredPosition[]>
  /** Registers a partition at its first offset if it is new; returns the position in force. */
  start(source: string, partition: string, firstOffset: number): Promise<StoredPosition>
  /**
   * Records offsets [from, to) that can no longer be read. The partition stays where it is until the gap is
   * accepted.
   */
  recordLost(source: string, partition: string, fromOffset: number, toOffset: number): Promise<void>
}

/** A source of messages. It ends when the signal is aborted, or when something finite has been read to its end. */
export interface Source {
  readonly name: string
  /**
   * Reads until aborted or finished. Rejects with a BorderflowError when it cannot go on; the process then ends and is
   * restarted by its supervisor. Resolves only when every batch it submitted is durable.
   */
  run(taker: BatchTaker, signal: AbortSignal): Promise<void>
  /** What `status` and `/metrics` say of the source. */
  status(): SourceStatus
}

/** The state of a source, for people and metrics. */
export interface SourceStatus {
  name: string
  state: 'starting' | 'running' | 'stopped' | 'failed'
  /** Messages known to wait at the source, where it can tell. */
  lag?: number
  /** Milliseconds since 1970 of the last sign of life. */
  lastActivityMs?: number
  detail?: Record<string, string | number>
}
