// The pseudonym of a traveller: one key for GDI and FPCS, from the document, never reversible without the key file.
import { createHmac128 } from './keyed-hash.ts'

const SEPARATOR = '\u001f'
/** What every key's text begins with. */
export const TRAVELLER_PREFIX = `borderflow/traveller/v1${SEPARATOR}`
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
  // No cache: finding a text among a hundred thousand others costs what hashing it does.
  return function travellerKey (state, type, number) {
    return hmac(`${TRAVELLER_PREFIX}${state}${SEPARATOR}${type}${SEPARATOR}${number}`)
  }
}
