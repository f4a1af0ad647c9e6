// The way of almost every message: scanned and normalised from its bytes. What it refuses goes the ordinary way.
import { createByteTable } from '../../core/byte-table.ts'
import { createScanner } from '../../ingest/decode/scanner.ts'
import { CONTRACTS } from '../../schemas/contracts/index.ts'
import { fieldNumber, TEXT } from '../../schemas/contracts/scanned-fields.ts'
import { createScannedRows, type NormaliseContext, type RowsBuilder } from '../../transforms/normalise/index.ts'

export interface FastDecoder {
  /**
   * Decodes a message and appends its row.
   * @param topicContract ordinal of the contract that the topic stands for, or −1 where the message names its own
   * @returns the ordinal of its contract, or −1, with nothing appended, if it has to go the ordinary way
   */
  decode (
    bytes: Uint8Array, topicContract: number, rowsOf: (contract: number) => RowsBuilder, receivedAtMs: number,
    message: number
  ): number
}

const CONTRACT = fieldNumber('contract')
const decoders = new WeakMap<NormaliseContext, FastDecoder>()

/** The decoder of a context, made once: its tables fill as codes are met. */
export function fastDecoder (context: NormaliseContext): FastDecoder {
  let decoder = decoders.get(context)
  if (decoder === undefined) decoders.set(context, decoder = createFastDecoder(context))
  return decoder
}

function createFastDecoder (context: NormaliseContext): FastDecoder {
  const scanner = createScanner()
  const { fields } = scanner
  const scannedRows = createScannedRows(context, fields)
  const names = createByteTable(CONTRACTS)
  let current: (contract: number) => RowsBuilder
  let contract = -1
  const rows = (): RowsBuilder => current(contract)

  return {
    decode (bytes, topicContract, rowsOf, receivedAtMs, message) {
      if (!scanner.scan(bytes)) return -1
      contract = topicContract
      if (contract < 0) {
        if (fields.kinds[CONTRACT] !== TEXT) return -1
        contract = names.find(bytes, fields.starts[CONTRACT] as number, fields.ends[CONTRACT] as number)
      }
      if (contract < 0 || !scanner.isOf(contract)) return -1
      current = rowsOf
      return scannedRows.append(contract, bytes, rows, receivedAtMs, message) ? contract : -1
    }
  }
}
