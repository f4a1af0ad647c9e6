// The pseudonym of a traveller: one key for GDI and FPCS, from the document, never reversible without the key file.
import { createHmac128 } from './keyed-hash.ts'

const SEPARATOR = '\u001f'
/** Keys kept in memory: most travellers cross again within days. Two generations bound it at twice this. */
const CACHE_ENTRIES_MAX = 65_536
const NORMALISED = /^[A-Z0-9]+$/
const REMOVED = /[^A-Z0-9]/g

/** Upper case, only A–Z and 0–9 kept (docs/method.md §1.3); empty if nothing is left. */
export function normaliseDocumentNumber (number: string): string {
  return NORMALISED.test(number) ? number : number.toUpperCase().replace(REMOVED, '')
}

/**
 * Makes the function (reporting code of the issuing state, document type, normalised number) → 16 bytes as
 * `binary`.
 */
export function createTravellerKeys (key: Uint8Array): (state: string, type: string, number: string) => string {
  const hmac = createHmac128(key)
  let young = new Map<string, string>()
  let old = new Map<string, string>()
  return function travellerKey (state, type, number) {
    const short = `${number}/${state}/${type}`
    let value = young.get(short)
    if (value !== undefined) return value
    value = old.get(short) ??
      hmac(`borderflow/traveller/v1${SEPARATOR}${state}${SEPARATOR}${type}${SEPARATOR}${number}`)
    if (young.size >= CACHE_ENTRIES_MAX) {
      old = young
      young = new Map()
    }
    young.set(short, value)
    return value
  }
}
