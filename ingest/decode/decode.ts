// One message: bytes → object → contract → checked value. A bad message is a value, not an exception.
import * as z from 'zod'
import { CONTRACTS, contracts, isContractName, type ContractName } from '../../schemas/contracts/index.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { parseObject } from './json-text.ts'
import { hasUnknownField, knownFields, type KnownFields } from './known-fields.ts'

/** A message that is what its contract says. */
export interface Accepted {
  accepted: true
  contract: ContractName
  isVoid: boolean
  /** The checked value; for a void only its id, revision and action. */
  value: Record<string, unknown>
  /**
   * True if the message had a field that its contract does not know. Voids never drift: all else in them is
   * ignored.
   */
  drift: boolean
}

/** A message that is not, with the first reason that applies. */
export interface Rejected {
  accepted: false
  contract: ContractName | null
  reason: Reason
  /** The paths that failed, for `schema`; never values. */
  paths: string[]
}

interface CompiledContract {
  record: { safeParse (value: unknown): { success: boolean, data?: unknown, error?: z.ZodError } }
  void: { safeParse (value: unknown): { success: boolean, data?: unknown, error?: z.ZodError } }
  known: KnownFields
}

/** Paths kept of one message: enough to mend a feed, bounded whatever the message. */
const PATHS_MAX = 20

const compiled = new Map<ContractName, CompiledContract>(CONTRACTS.map(name => [name, {
  record: z.compile(contracts[name].record),
  void: z.compile(contracts[name].void),
  known: knownFields(contracts[name].record, ['contract'])
}]))

/**
 * Decodes one message (docs/method.md §1, §1.4: the reasons `empty` to `schema`, in their order).
 * @param topicContract the contract that the message's topic stands for; absent where the message names its own
 */
export function decodeMessage (bytes: Uint8Array, topicContract?: ContractName): Accepted | Rejected {
  const object = parseObject(bytes)
  if (typeof object === 'string') {
    return { accepted: false, contract: topicContract ?? null, reason: object, paths: [] }
  }
  const contract = topicContract ?? object['contract']
  if (!isContractName(contract)) return { accepted: false, contract: null, reason: 'unknown_contract', paths: [] }
  const schema = compiled.get(contract) as CompiledContract
  const isVoid = object['action'] === 'void'
  const result = (isVoid ? schema.void : schema.record).safeParse(object)
  if (!result.success) {
    return { accepted: false, contract, reason: 'schema', paths: failedPaths(result.error) }
  }
  const drift = !isVoid && hasUnknownField(object, schema.known)
  return { accepted: true, contract, isVoid, value: result.data as Record<string, unknown>, drift }
}

function failedPaths (error: z.ZodError | undefined): string[] {
  const paths = new Set((error?.issues ?? []).map(issue => issue.path.map(String).join('.')))
  return [...paths].slice(0, PATHS_MAX)
}
