// What decoding hands to the writer: one batch of a partition as columns and outcomes. Typed arrays and plain values
// only, so that it can be made in the same thread or transferred from another.
import type { ColumnBuffer } from '../core/column-buffer.ts'
import type { ReceiptRange, RecordMark } from '../core/stage.ts'
import type { Reason } from './reasons.ts'

/** Rows of one contract, in the order in which their messages came. */
export interface DecodedRows {
  /** Ordinal of the contract in CONTRACTS. */
  contract: number
  count: number
  /** Ordinal of the message in the batch for each row. */
  message: Uint32Array
  /** 1 if the row is a void: only its id, revision and receipt are filled. */
  isVoid: Uint8Array
  /** Columns in the order of FACT_COLUMNS. */
  columns: ColumnBuffer[]
}

/** A message that is to be quarantined. */
export interface DecodedReject {
  /** Ordinal of the message in the batch. */
  message: number
  reason: Reason
  /** Paths that failed, for `schema`; never values. */
  paths: string[]
  /** Ordinal of the contract in CONTRACTS, or −1 if it is not known. */
  contract: number
}

export interface DecodedBatch {
  source: string
  partition: string
  firstOffset: number
  nextOffset: number
  messageCount: number
  offsets: Float64Array
  receivedAtMs: Float64Array
  /** Ordinal of each message's contract in CONTRACTS, or 255. */
  contracts: Uint8Array
  /** 1 for a message that passed `schema` with a field its contract does not know. */
  drift: Uint8Array
  /** By ordinal in CONTRACTS; absent where the batch has no row of the contract. */
  rows: (DecodedRows | undefined)[]
  /** What the rows lie in. */
  memory: ArrayBuffer[]
  rejects: DecodedReject[]
  /** The messages as they came: what is quarantined is sealed from here, and nothing else is read of them. */
  bytes: Uint8Array<SharedArrayBuffer>
  /** Where each message ends in `bytes`. */
  ends: Uint32Array
  receipts: ReceiptRange[]
  lastRecord?: RecordMark
  endsPartition: boolean
}
