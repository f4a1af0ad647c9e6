// Messages by hand, for cases of a few travellers.
import type { TestMessage } from '../../support/warehouse.ts'

type Fields = Record<string, unknown>

const RECEIVED_MS = Date.parse('2035-01-01T00:00:00Z')

export const message = (fields: Fields): TestMessage =>
  ({ bytes: Buffer.from(JSON.stringify(fields)), receivedAtMs: RECEIVED_MS })

/** A crossing of the traveller with a passport of Germany and this number. */
export function crossing (
  id: string, at: string, direction: 'arrival' | 'exit', number: string, more: Fields = {}
): TestMessage {
  return message({
    contract: 'gdi.crossing.v1',
    event_id: id,
    revision: 1,
    action: 'record',
    occurred_at: `${at}+07:00`,
    recorded_at: `${at}+07:00`,
    checkpoint: 'KHC-BVT',
    direction,
    decision: 'admitted',
    document: { type: 'passport', issuing_state: 'DEU', number },
    traveller: { nationality: 'DEU', sex: 'F' },
    visa: { class: 'T' },
    ...more
  })
}
