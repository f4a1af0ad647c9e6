// Runs of the simulator for tests, parsed.
import { eventsOf, simulateDays, type SimulatorOptions } from '../../../ingest/simulator/index.ts'
import type { Message } from './check-message.ts'

export interface Sent {
  atMs: number
  text: string
  message: Message
}

/** Every event of a run in sending order. */
export function simulate (options: SimulatorOptions): Sent[] {
  const sent: Sent[] = []
  for (const { events } of simulateDays(options)) {
    for (const { atMs, json } of eventsOf(events)) {
      const text = json.toString()
      sent.push({ atMs, text, message: JSON.parse(text) as Message })
    }
  }
  return sent
}

/** Crossings of a run without corrections, re-sends and losses: what happened, each once. */
export function crossingsOf (options: SimulatorOptions): Message[] {
  return simulate({ ...options, correctionShare: 0, duplicateShare: 0, lostShare: 0 })
    .map(({ message }) => message).filter(message => message.contract === 'gdi.crossing.v1')
}

export const isForeign = (message: Message): boolean => message.traveller.nationality !== 'KHM'

/** Part of the messages for which the test holds. */
export const shareOf = (messages: Message[], test: (message: Message) => boolean): number =>
  messages.filter(test).length / messages.length

/** Messages by a key. */
export function groupBy<T> (items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
