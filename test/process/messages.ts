// Messages that tests send: one crossing made by hand, and a stream of the simulator cut into parts.
import { createHash } from 'node:crypto'
import { eventsOf, simulateDays, type Contract, type SimulatorOptions } from '../../ingest/simulator/index.ts'

/** A crossing that loads, with some fields changed. */
export function crossing (id: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    contract: 'gdi.crossing.v1',
    event_id: id,
    revision: 1,
    action: 'record',
    occurred_at: '2026-01-05T08:00:00+07:00',
    recorded_at: '2026-01-05T08:00:04+07:00',
    checkpoint: 'KHC-BVT',
    direction: 'arrival',
    decision: 'admitted',
    document: { type: 'passport', issuing_state: 'AUS', number: `N${id}` },
    traveller: { nationality: 'AUS', sex: 'F', date_of_birth: '1980-02-03' },
    visa: { class: 'T' },
    purpose: 'holiday',
    ...change
  }
}

/** Messages as lines of a file. */
export function lines (messages: readonly object[]): string {
  return messages.map(message => `${JSON.stringify(message)}\n`).join('')
}

export interface StreamMessage {
  contract: Contract
  /** The message's own id; undefined where a bad message has none. */
  key: string | undefined
  value: Buffer
}

/** A simulated stream in sending order. */
export function stream (options: SimulatorOptions): StreamMessage[] {
  const messages: StreamMessage[] = []
  for (const { events } of simulateDays(options)) {
    for (const { contract, key, json } of eventsOf(events)) messages.push({ contract, key, value: Buffer.from(json) })
  }
  return messages
}

/** True for one half of all ids: all messages of an id go the same way, and so keep their order. */
export function isOdd (key: string | undefined): boolean {
  return ((createHash('sha256').update(key ?? '').digest()[0] ?? 0) & 1) === 1
}
