// What normalising needs of a warehouse: its lists, its numbers of codes, its keys.
import type { Warehouse } from '../../sinks/warehouse/warehouse.ts'
import { createFingerprint, createTravellerKeys, type NormaliseContext } from '../../transforms/normalise/index.ts'

/** The context for decoding into this warehouse. */
export function normaliseContext (warehouse: Pick<Warehouse, 'lists' | 'codeNumbers' | 'keys'>): NormaliseContext {
  return {
    lists: warehouse.lists,
    codeNumbers: warehouse.codeNumbers,
    travellerKey: createTravellerKeys(warehouse.keys.traveller),
    fingerprint: createFingerprint(warehouse.keys.content),
    keys: { traveller: warehouse.keys.traveller, content: warehouse.keys.content }
  }
}
