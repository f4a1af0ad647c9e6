// A raw batch becomes a decoded one: every message is decoded and normalised, in slices that leave the event loop free.
import { createSlices } from '../../core/slices.ts'
import { type RawBatch } from '../../core/stage.ts'
import { decodeMessage } from '../../ingest/decode/decode.ts'
import { CONTRACTS, isContractName, type ContractName } from '../../schemas/contracts/index.ts'
import { type DecodedBatch, type DecodedReject } from '../../schemas/decoded-batch.ts'
import { fastDecoder } from './fast-decoder.ts'
import { appendRow, createRows, type NormaliseContext, type RowsBuilder } from '../../transforms/normalise/index.ts'

/** Messages between two looks at the clock. */
const LOOK_MESSAGES = 32
const NO_CONTRACT = 255

/** Decodes a batch. Bad messages are rejects, never exceptions. */
export async function decodeBatch (context: NormaliseContext, raw: RawBatch): Promise<DecodedBatch> {
  const { messages } = raw
  const count = messages.length
  const topicContract = isContractName(raw.contract) ? raw.contract : undefined
  const topicOrdinal = topicContract === undefined ? -1 : CONTRACTS.indexOf(topicContract)
  const builders: (RowsBuilder | undefined)[] = CONTRACTS.map(() => undefined)
  const rowsOf = (contract: number): RowsBuilder => {
    builders[contract] ??= createRows(CONTRACTS[contract] as ContractName, count)
    return builders[contract]
  }
  const contracts = new Uint8Array(count).fill(NO_CONTRACT)
  const drift = new Uint8Array(count)
  const offsets = new Float64Array(count)
  const receivedAtMs = new Float64Array(count)
  const rejects: DecodedReject[] = []
  const fast = fastDecoder(context)
  const slices = createSlices()
  for (let i = 0; i < count; i++) {
    if (i % LOOK_MESSAGES === 0 && slices.isOver()) await slices.rest()
    const message = messages[i]!
    offsets[i] = message.offset
    receivedAtMs[i] = message.receivedAtMs
    const plain = fast.decode(message.value, topicOrdinal, rowsOf, message.receivedAtMs, i)
    if (plain >= 0) {
      contracts[i] = plain
      continue
    }
    const decoded = decodeMessage(message.value, topicContract)
    const contract = decoded.contract === null ? -1 : CONTRACTS.indexOf(decoded.contract)
    if (contract >= 0) contracts[i] = contract
    if (!decoded.accepted) {
      rejects.push({ message: i, reason: decoded.reason, paths: decoded.paths, contract })
      continue
    }
    if (decoded.drift) drift[i] = 1
    const reason = appendRow(context, rowsOf(contract), decoded, message.receivedAtMs, i)
    if (reason !== null) rejects.push({ message: i, reason, paths: [], contract })
  }
  return {
    source: raw.source,
    partition: raw.partition,
    firstOffset: raw.firstOffset,
    nextOffset: raw.nextOffset,
    messageCount: count,
    offsets,
    receivedAtMs,
    contracts,
    drift,
    rows: builders.map(builder => builder?.rows),
    rejects,
    values: messages.map(message => message.value),
    receipts: raw.receipts ?? [],
    ...(raw.lastRecord ? { lastRecord: raw.lastRecord } : {}),
    endsPartition: raw.endsPartition ?? false
  }
}
