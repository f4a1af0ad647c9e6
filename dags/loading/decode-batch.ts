// A raw batch becomes a decoded one, in slices that leave the event loop free. Almost every message goes through the
// kernel; one that it stops at is decoded and normalised the ordinary way, and the kernel goes on behind it.
import { messageAt, type PackedMessages } from '../../core/packed-messages.ts'
import { createRoom, takeRoom } from '../../core/room.ts'
import { createSlices } from '../../core/slices.ts'
import type { RawBatch } from '../../core/stage.ts'
import { decodeMessage } from '../../ingest/decode/decode.ts'
import { CONTRACTS, isContractName, type ContractName } from '../../schemas/contracts/index.ts'
import type { DecodedBatch, DecodedReject } from '../../schemas/decoded-batch.ts'
import {
  appendRow, beginKernelBatch, copyRows, createRows, type KernelBatch, type NormaliseContext, type RowsBuilder
} from '../../transforms/normalise/index.ts'
import { giveBackKernel, takeKernel } from './kernels.ts'

/** Messages between two looks at the clock. */
const LOOK_MESSAGES = 64
const NO_CONTRACT = 255

/** Rows take some three tenths of what their messages take; where they take more, a further piece is added. */
const ROOM_SHARE = 0.35

/** What a batch is decoded to, without its messages. */
export type DecodedColumns = Omit<DecodedBatch, keyof PackedMessages>

/** Decodes a batch. Bad messages are rejects, never exceptions. */
export async function decodeBatch (context: NormaliseContext, batch: RawBatch): Promise<DecodedBatch> {
  return { ...await decodeColumns(context, batch, roomFor(batch)), ...batch.messages }
}

/** Memory for the rows of a batch. */
export function roomFor ({ messages }: RawBatch): ArrayBuffer {
  return takeRoom(messages.bytes.length * ROOM_SHARE)
}

/** Decodes a batch into memory that is given, and leaves its messages where they are. */
export async function decodeColumns (
  context: NormaliseContext, batch: RawBatch, memory: ArrayBuffer
): Promise<DecodedColumns> {
  const { offsets } = batch.messages
  const topic = isContractName(batch.contract) ? batch.contract : undefined
  const kernel = takeKernel(context)
  const inKernel = beginKernelBatch(kernel, batch.messages, topic === undefined ? -1 : CONTRACTS.indexOf(topic))
  try {
    const ordinary = createOrdinary(context, batch.messages, topic, inKernel)
    await throughKernel(inKernel, offsets.length, ordinary.decode)
    const contracts = inKernel.contracts()
    for (const [message, contract] of ordinary.contracts) contracts[message] = contract
    const room = createRoom(memory)
    const rows = CONTRACTS.map((_, contract) => {
      const found = inKernel.rows(contract) ?? ordinary.rows(contract)
      return found === undefined ? undefined : copyRows(found, room)
    })
    return {
      source: batch.source,
      partition: batch.partition,
      firstOffset: batch.firstOffset,
      nextOffset: batch.nextOffset,
      messageCount: offsets.length,
      contracts,
      drift: ordinary.drift,
      rows,
      memory: room.pieces,
      rejects: ordinary.rejects,
      receipts: batch.receipts ?? [],
      ...(batch.lastRecord ? { lastRecord: batch.lastRecord } : {}),
      endsPartition: batch.endsPartition ?? false
    }
  } finally {
    inKernel.end()
    giveBackKernel(context, kernel)
  }
}

async function throughKernel (
  inKernel: KernelBatch, count: number, decodeOrdinary: (message: number) => void
): Promise<void> {
  const slices = createSlices()
  for (let next = 0; next < count;) {
    const until = Math.min(count, next + LOOK_MESSAGES)
    const stopped = inKernel.decode(next, until)
    if (stopped < until) decodeOrdinary(stopped)
    next = stopped < until ? stopped + 1 : until
    if (slices.isOver()) await slices.rest()
  }
}

/** The ordinary way for single messages of a batch: decoded by the compiled contracts, normalised value by value. */
function createOrdinary (
  context: NormaliseContext, messages: PackedMessages, topic: ContractName | undefined, inKernel: KernelBatch
) {
  const builders: (RowsBuilder | undefined)[] = []
  const drift = new Uint8Array(messages.offsets.length)
  const contracts = new Map<number, number>()
  const rejects: DecodedReject[] = []

  return {
    drift,
    contracts,
    rejects,
    /** The rows of a contract that the kernel does not write. */
    rows: (contract: number) => builders[contract]?.rows,
    decode (message: number): void {
      const decoded = decodeMessage(messageAt(messages, message), topic)
      const contract = decoded.contract === null ? -1 : CONTRACTS.indexOf(decoded.contract)
      contracts.set(message, contract < 0 ? NO_CONTRACT : contract)
      if (!decoded.accepted) {
        rejects.push({ message, reason: decoded.reason, paths: decoded.paths, contract })
        return
      }
      if (decoded.drift) drift[message] = 1
      const builder = inKernel.builder(contract) ??
        (builders[contract] ??= createRows(decoded.contract, messages.offsets.length))
      const reason = appendRow(context, builder, decoded, messages.receivedAtMs[message] as number, message)
      if (reason !== null) rejects.push({ message, reason, paths: [], contract })
    }
  }
}
