// The partitions in hand: how far each is read, and what state it is in. Plain bookkeeping, no requests.
import type { RecordMark } from '../../core/stage.ts'

/** `checking`: not fetched; `verifying`: the last record consumed is read again; the last two are stopped. */
export type PartitionStatus = 'checking' | 'verifying' | 'reading' | 'lost' | 'replaced'

export interface Partition {
  topic: string
  number: number
  /** `<topic>/<number>`, the name of its stored position. */
  name: string
  contract: string
  status: PartitionStatus
  /** First offset that has not been handed over. */
  next: number
  /** Everything below is known to be handed over or to hold nothing for us (control records, aborted messages). */
  covered: number
  /** The broker's ends of the log when last asked: first offset kept, and the one after the last. */
  low: number
  high: number
  mark?: RecordMark
  /** Handed over and not yet settled. They outlive a new assignment. */
  flights: Set<Promise<void>>
  /** The value of `next` from which a jump was read once more to be sure of it. */
  probedAt?: number
  /** Stale answers in a row. */
  staleCount: number
  /** Times in a row that the log's ends did not fit `next`. */
  misfits: number
}

export interface Assignments {
  /** Replaces the assignment; every partition begins as `checking`. Returns them. */
  assign (byTopic: Record<string, number[]>): Partition[]
  get (topic: string, number: number): Partition | undefined
  all (): Partition[]
  /** False once an object has been superseded by a newer assignment. */
  isCurrent (partition: Partition): boolean
  /** Every batch in flight, also those of partitions no longer assigned. */
  flights (): Promise<void>[]
}

/** An empty assignment over these topics (topic by contract). */
export function createAssignments (topics: Record<string, string>): Assignments {
  const contracts = new Map(Object.entries(topics).map(([contract, topic]) => [topic, contract]))
  const flightsByName = new Map<string, Set<Promise<void>>>()
  let current = new Map<string, Partition>()

  const begin = (topic: string, number: number): Partition => {
    const name = partitionName(topic, number)
    const flights = flightsByName.get(name) ?? new Set()
    flightsByName.set(name, flights)
    return {
      topic,
      number,
      name,
      contract: contracts.get(topic) ?? topic,
      status: 'checking',
      next: 0,
      covered: 0,
      low: 0,
      high: 0,
      flights,
      staleCount: 0,
      misfits: 0
    }
  }

  return {
    assign: byTopic => {
      const list = Object.entries(byTopic).flatMap(([topic, numbers]) => numbers.map(number => begin(topic, number)))
      current = new Map(list.map(partition => [partition.name, partition]))
      return list
    },
    get: (topic, number) => current.get(partitionName(topic, number)),
    all: () => [...current.values()],
    isCurrent: partition => current.get(partition.name) === partition,
    flights: () => [...flightsByName.values()].flatMap(flights => [...flights])
  }
}

/** Records known to wait on the broker: everything above what is read, in partitions that go on or may go on. */
export function lagOf (partitions: Partition[]): number {
  return partitions
    .filter(({ status }) => status !== 'replaced' && status !== 'checking')
    .reduce((sum, { covered, low, high }) => sum + Math.max(0, high - Math.max(covered, low)), 0)
}

/** True while fetched records of the partition may be used. */
export function isReadable ({ status }: Partition): boolean {
  return status === 'reading' || status === 'verifying'
}

export function partitionName (topic: string, number: number): string {
  return `${topic}/${number}`
}
