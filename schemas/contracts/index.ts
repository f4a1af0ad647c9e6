// The four contracts: their names, their schemas and the field that identifies a record.
import type * as z from 'zod'
import { crossingRecord, crossingVoid } from './crossing.ts'
import { extensionRecord, extensionVoid } from './extension.ts'
import { registrationRecord, registrationVoid } from './registration.ts'
import { tallyRecord, tallyVoid } from './tally.ts'

export type { CrossingRecord } from './crossing.ts'
export type { ExtensionRecord } from './extension.ts'
export type { RegistrationRecord } from './registration.ts'
export type { TallyRecord } from './tally.ts'

/** Names of the contracts; the position in this list is how a contract is stored. */
export const CONTRACTS = ['gdi.crossing.v1', 'gdi.tally.v1', 'gdi.extension.v1', 'fpcs.registration.v1'] as const
export type ContractName = (typeof CONTRACTS)[number]

export interface Contract {
  name: ContractName
  title: string
  /** The field that identifies a record of this contract. */
  idField: string
  record: z.ZodType
  void: z.ZodType
}

export const contracts: Readonly<Record<ContractName, Contract>> = {
  'gdi.crossing.v1': {
    name: 'gdi.crossing.v1',
    title: 'One traveller at one checkpoint',
    idField: 'event_id',
    record: crossingRecord,
    void: crossingVoid
  },
  'gdi.tally.v1': {
    name: 'gdi.tally.v1',
    title: 'A count of persons at a local gate on one date',
    idField: 'tally_id',
    record: tallyRecord,
    void: tallyVoid
  },
  'gdi.extension.v1': {
    name: 'gdi.extension.v1',
    title: 'An extension of stay that was granted',
    idField: 'extension_id',
    record: extensionRecord,
    void: extensionVoid
  },
  'fpcs.registration.v1': {
    name: 'fpcs.registration.v1',
    title: 'A foreigner registered at an address',
    idField: 'registration_id',
    record: registrationRecord,
    void: registrationVoid
  }
}

/** True if the text names one of the four contracts. */
export function isContractName (text: unknown): text is ContractName {
  return typeof text === 'string' && (CONTRACTS as readonly string[]).includes(text)
}
