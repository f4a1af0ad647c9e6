// What normalising needs of a warehouse: its lists, its numbers of codes, its keys.
import { type Warehouse } from '../../sinks/warehouse/warehouse.ts'
import {
  createFingerprint, createFingerprintBuffer, createHmacBuffer, createTravellerKeys, type NormaliseContext
} from '../../transforms/normalise/index.ts'

/** Room for the content of a record: some thirty fields of at most 100 bytes. */
const KEYED_BYTES_MAX = 8192

/** The context for decoding into this warehouse. */
export function normaliseContext (warehouse: Pick<Warehouse, 'lists' | 'codeNumbers' | 'keys'>): NormaliseContext {
  return {
    lists: warehouse.lists,
    codeNumbers: warehouse.codeNumbers,
    travellerKey: createTravellerKeys(warehouse.keys.traveller),
    fingerprint: createFingerprint(warehouse.keys.content),
    travellerKeyBuffer: createHmacBuffer(warehouse.keys.traveller, KEYED_BYTES_MAX),
    fingerprintBuffer: createFingerprintBuffer(warehouse.keys.content, KEYED_BYTES_MAX)
  }
}
