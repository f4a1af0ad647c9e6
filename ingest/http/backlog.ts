// What is stored in segments and not yet durable in the warehouse: by ordinal for the loader, by receipt for answers.
import type { BatchOutcome } from '../../core/stage.ts'
import type { SegmentBody } from './segment-body.ts'
import type { BodyLocation } from './segment-read.ts'

export interface PendingRequest {
  receipt: string
  firstOrdinal: number
  nextOrdinal: number
  receivedAtMs: number
  location: BodyLocation
  /** Absent if memory was short: then it is read from the segment. */
  body?: SegmentBody
}

export interface BacklogConfig {
  /** Stored and undurable bytes above which no more is taken in. */
  backlogBytesMax: number
  /** Bytes of bodies that are kept in memory on their way to the loader. */
  memoryBytesMax: number
}

export interface Backlog {
  add(request: PendingRequest): void
  /** Keeps a body that was read from the segment until it is released. */
  attach(request: PendingRequest, body: SegmentBody): void
  /** Forgets the body of a request that the loader has. */
  release(request: PendingRequest): void
  /** The first pending request that ends above the ordinal. */
  at(ordinal: number): PendingRequest | undefined
  /** Everything below the ordinal is durable (or lost); `exact` is the outcome if it belongs to one request alone. */
  advance(ordinal: number, exact?: { receipt: string, outcome: BatchOutcome }): void
  /** Resolves when the request is durable, at once if it is none of the pending ones. */
  whenDurable(receipt: string): Promise<BatchOutcome | undefined>
  isPending(receipt: string): boolean
  /** Waits until it is not full, at most so long. False if it is full still. */
  whenRoom(waitMs: number): Promise<boolean>
  /** Nobody waits for room any longer, because the process ends. */
  endWaits(): void
  /** Resolves at the next `add`, or when aborted. */
  whenAdded(signal: AbortSignal): Promise<void>
  /** Ordinal after the last stored message, and of the first undurable one. */
  endOrdinal(): number
  durableOrdinal(): number
}

// What a pending request costs in memory beside its body: with one small message each it is not nothing.
const REQUEST_BYTES = 512

export function createBacklog (config: BacklogConfig, durable: number, end: number): Backlog {
  let requests: PendingRequest[] = []
  /** Index of the first pending one: those before it are dropped now and then, not one by one. */
  let first = 0
  const waiting = new Map<string, { promise: Promise<BatchOutcome | undefined>, resolve: (o?: BatchOutcome) => void }>()
  const pending = new Set<string>()
  let storedBytes = 0
  let memoryBytes = 0
  let ring: (() => void) | undefined
  const waitingForRoom = new Set<() => void>()
  let isEnding = false
  const isFull = (): boolean => storedBytes >= config.backlogBytesMax

  function release (request: PendingRequest): void {
    if (request.body === undefined) return
    request.body.release()
    request.body = undefined
    memoryBytes -= request.location.bytes
  }

  function drop (request: PendingRequest, outcome: BatchOutcome | undefined): void {
    release(request)
    storedBytes -= request.location.bytes + REQUEST_BYTES
    pending.delete(request.receipt)
    waiting.get(request.receipt)?.resolve(outcome)
    waiting.delete(request.receipt)
  }

  return {
    release,
    attach (request, body) {
      if (request.body !== undefined) return
      request.body = body
      memoryBytes += request.location.bytes
    },
    add (request) {
      if (request.body !== undefined) memoryBytes += request.location.bytes
      if (memoryBytes > config.memoryBytesMax) release(request)
      requests.push(request)
      pending.add(request.receipt)
      storedBytes += request.location.bytes + REQUEST_BYTES
      end = Math.max(end, request.nextOrdinal)
      ring?.()
    },
    at (ordinal) {
      let low = first
      let high = requests.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (requests[middle]!.nextOrdinal <= ordinal) low = middle + 1
        else high = middle
      }
      return requests[low]
    },
    advance (ordinal, exact) {
      durable = Math.max(durable, ordinal)
      for (; first < requests.length && requests[first]!.nextOrdinal <= ordinal; first++) {
        const request = requests[first]!
        drop(request, exact?.receipt === request.receipt ? exact.outcome : undefined)
      }
      if (!isFull()) for (const wake of waitingForRoom) wake()
      if (first > 1024 && first > requests.length / 2) {
        requests = requests.slice(first)
        first = 0
      }
    },
    whenDurable (receipt) {
      if (!pending.has(receipt)) return Promise.resolve(undefined)
      const known = waiting.get(receipt)
      if (known !== undefined) return known.promise
      let resolve: (outcome?: BatchOutcome) => void = () => {}
      const promise = new Promise<BatchOutcome | undefined>(_resolve => { resolve = _resolve })
      waiting.set(receipt, { promise, resolve })
      return promise
    },
    isPending: receipt => pending.has(receipt),
    endWaits () {
      isEnding = true
      for (const wake of waitingForRoom) wake()
    },
    async whenRoom (waitMs) {
      if (isEnding || !isFull()) return !isFull()
      await new Promise<void>(resolve => {
        const wake = (): void => {
          clearTimeout(timer)
          waitingForRoom.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, waitMs)
        waitingForRoom.add(wake)
      })
      return !isFull()
    },
    whenAdded: signal => new Promise(resolve => {
      const done = (): void => {
        ring = undefined
        signal.removeEventListener('abort', done)
        resolve()
      }
      ring = done
      signal.addEventListener('abort', done)
      if (signal.aborted) done()
    }),
    endOrdinal: () => end,
    durableOrdinal: () => durable
  }
}
