// Values of the contracts become rows of a decoded batch: one function for all four, so that the caller knows none.
import { createColumn, setInstant, setText } from '../../core/column-buffer.ts'
import { setIdHash } from '../../core/id-hash.ts'
import { FACT_COLUMNS } from '../../schemas/columns.ts'
import {
  CONTRACTS, contracts, type ContractName, type CrossingRecord, type ExtensionRecord, type RegistrationRecord,
  type TallyRecord
} from '../../schemas/contracts/index.ts'
import type { DecodedRows } from '../../schemas/decoded-batch.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { rowTarget, type NormaliseContext, type RowTarget } from './context.ts'
import { normaliseCrossing } from './crossing.ts'
import { normaliseExtension } from './extension.ts'
import { normaliseRegistration } from './registration.ts'
import { normaliseTally } from './tally.ts'

export type { NormaliseContext } from './context.ts'
export { createFingerprint, createHmac128 } from './keyed-hash.ts'
export { createTravellerKeys } from './traveller-key.ts'
export { copyRows } from './copy-rows.ts'
export { beginKernelBatch, type KernelBatch } from './kernel/batch.ts'
export { createKernel } from './kernel/kernel.ts'
export type { KernelInstance } from './kernel/wasm.ts'

/** Rows of one contract while they are being filled. */
export interface RowsBuilder {
  rows: DecodedRows
  target: RowTarget
}

/** A value that decoding accepted. */
export interface AcceptedValue {
  contract: ContractName
  isVoid: boolean
  value: Record<string, unknown>
}

/** An empty set of rows of a contract, for at most `capacity` of them. */
export function createRows (contract: ContractName, capacity: number): RowsBuilder {
  const specs = FACT_COLUMNS[contract]
  const columns = specs.map(spec => createColumn(spec.kind, spec.nullable ?? false, capacity))
  return {
    rows: {
      contract: CONTRACTS.indexOf(contract),
      count: 0,
      message: new Uint32Array(capacity),
      isVoid: new Uint8Array(capacity),
      columns
    },
    target: rowTarget(specs, columns)
  }
}

/**
 * Judges an accepted value (docs/method.md §1.3: the reasons `in_future` to `document_invalid`) and appends it.
 * @param message ordinal of the message in its batch
 * @returns the first reason that applies, or null if the row was appended
 */
export function appendRow (
  context: NormaliseContext, builder: RowsBuilder, accepted: AcceptedValue, receivedAtMs: number, message: number
): Reason | null {
  const { rows, target } = builder
  const row = rows.count
  if (!accepted.isVoid) {
    const reason = normalise(context, accepted, receivedAtMs, target, row)
    if (reason !== null) return reason
  }
  const id = accepted.value[contracts[accepted.contract].idField] as string
  setText(target.text.record_id!, row, id)
  setIdHash(target.data.id_hash as Uint32Array, row, rows.contract, id)
  target.data.revision![row] = accepted.value['revision'] as number
  setInstant(target.data.received_at as Uint32Array, row, receivedAtMs)
  rows.message[row] = message
  rows.isVoid[row] = accepted.isVoid ? 1 : 0
  rows.count = row + 1
  return null
}

function normalise (
  context: NormaliseContext, { contract, value }: AcceptedValue, receivedAtMs: number, target: RowTarget, row: number
): Reason | null {
  switch (contract) {
    case 'gdi.crossing.v1':
      return normaliseCrossing(context, value as CrossingRecord, receivedAtMs, target, row)
    case 'gdi.tally.v1':
      return normaliseTally(context, value as TallyRecord, receivedAtMs, target, row)
    case 'gdi.extension.v1':
      return normaliseExtension(context, value as ExtensionRecord, receivedAtMs, target, row)
    case 'fpcs.registration.v1':
      return normaliseRegistration(context, value as RegistrationRecord, receivedAtMs, target, row)
  }
}
