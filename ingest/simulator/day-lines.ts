// Looking into a simulated day: its lines, their keys, and the stretch between two instants.
import { CONTRACTS, type Contract } from './codes.ts'
import type { SimulatedDay } from './days.ts'

export interface SimulatedEvent {
  contract: Contract
  /** When the desk system sends it, milliseconds since 1970. */
  atMs: number
  /** One line of JSON without its newline, contract included. A view of the day's bytes. */
  json: Buffer
  /** The message's own id, the same for all its revisions; undefined where a bad message has none. */
  key: string | undefined
}

/** The events of a day in sending order. */
export function * eventsOf (day: SimulatedDay): Generator<SimulatedEvent> {
  for (let i = 0; i < day.count; i++) yield eventAt(day, i)
}

/** The i-th event of a day. */
export function eventAt (day: SimulatedDay, i: number): SimulatedEvent {
  const json = day.bytes.subarray(startOf(day, i), day.ends[i]! - 1)
  return { contract: CONTRACTS[day.contracts[i]!]!, atMs: day.atMs[i]!, json, key: keyOf(json) }
}

/** Index of the first event sent at or after an instant. */
export function firstAt (day: SimulatedDay, instantMs: number): number {
  let low = 0
  let high = day.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (day.atMs[middle]! < instantMs) low = middle + 1
    else high = middle
  }
  return low
}

/** The lines of events [first, next), newlines included. A view of the day's bytes. */
export function linesOf (day: SimulatedDay, first: number, next: number): Buffer {
  return day.bytes.subarray(startOf(day, first), next <= first ? startOf(day, first) : day.ends[next - 1]!)
}

const startOf = (day: SimulatedDay, i: number): number => i === 0 ? 0 : day.ends[i - 1]!

const QUOTE = 34

/** The id is the second value of every line: the text between the seventh and the eighth quotation mark. */
function keyOf (json: Buffer): string | undefined {
  let at = -1
  for (let quotes = 0; quotes < 7; quotes++) at = json.indexOf(QUOTE, at + 1)
  const end = json.indexOf(QUOTE, at + 1)
  return end > at + 1 ? json.toString('latin1', at + 1, end) : undefined
}
