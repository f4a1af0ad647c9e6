// Owns what becomes of each message, and the current images: the highest revision of every id.
import { type Contract, decode } from './decode.ts'
import { normalise } from './normalise.ts'
import type { Crossing, Extension, Fact, Registration, Tally } from './records.ts'
import { drifts, fits, idField } from './shapes.ts'

export interface ReferenceMessage { bytes: Uint8Array, receivedAtMs: number }

export interface ReferenceOutcome {
  /** One of the four contracts, or `unknown`. */
  contract: string
  outcome: 'loaded' | 'duplicate' | 'superseded' | 'quarantined'
  reason?: string
  /** Whether the message fits its contract and holds a field that the contract does not know. */
  drift: boolean
}

/** The current images that count: voided ids are left out. */
export interface Images {
  crossings: Crossing[]
  tallies: Tally[]
  extensions: Extension[]
  registrations: Registration[]
}

interface Image { revision: number, content: string, fact: Fact | Void }
interface Void { isVoid: true }

/** Takes the messages in order. */
export function take (messages: readonly ReferenceMessage[]): { outcomes: ReferenceOutcome[], images: Images } {
  const current = new Map<string, Image>()
  const outcomes = messages.map(message => outcomeOf(message, current))
  return { outcomes, images: imagesOf([...current.values()]) }
}

function outcomeOf (message: ReferenceMessage, current: Map<string, Image>): ReferenceOutcome {
  const decoded = decode(message.bytes)
  if (typeof decoded === 'string') return quarantined('unknown', decoded, false)
  const { contract, object } = decoded
  if (!fits(contract, object)) return quarantined(contract, 'schema', false)
  const drift = drifts(contract, object)
  const fact = object['action'] === 'void'
    ? { isVoid: true as const }
    : normalise(contract, object, message.receivedAtMs)
  if (typeof fact === 'string') return quarantined(contract, fact, drift)

  const key = `${contract} ${String(object[idField[contract]])}`
  const image: Image = { revision: Number(object['revision']), content: JSON.stringify(fact), fact }
  const before = current.get(key)
  if (before === undefined || image.revision > before.revision) {
    current.set(key, image)
    return { contract, outcome: 'loaded', drift }
  }
  if (image.revision < before.revision) return { contract, outcome: 'superseded', drift }
  if (image.content === before.content) return { contract, outcome: 'duplicate', drift }
  return quarantined(contract, 'revision_conflict', drift)
}

function quarantined (contract: Contract | 'unknown', reason: string, drift: boolean): ReferenceOutcome {
  return { contract, outcome: 'quarantined', reason, drift }
}

function imagesOf (current: Image[]): Images {
  const images: Images = { crossings: [], tallies: [], extensions: [], registrations: [] }
  for (const { fact } of current) {
    if ('isVoid' in fact) continue
    if (fact.contract === 'gdi.crossing.v1') images.crossings.push(fact)
    else if (fact.contract === 'gdi.tally.v1') images.tallies.push(fact)
    else if (fact.contract === 'gdi.extension.v1') images.extensions.push(fact)
    else images.registrations.push(fact)
  }
  return images
}
