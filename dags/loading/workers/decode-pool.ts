// Decodes batches in worker threads, or in this one if there are none. A worker that fails fails the loading.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { BorderflowError, errorText } from '../../../core/errors.ts'
import type { Keys } from '../../../core/keys.ts'
import { packageFile } from '../../../core/package-root.ts'
import type { RawBatch } from '../../../core/stage.ts'
import type { CodeLists } from '../../../schemas/code-lists/index.ts'
import type { CodeListFiles } from '../../../schemas/code-lists/list-files.ts'
import type { DecodedBatch } from '../../../schemas/decoded-batch.ts'
import type { CodeNumbers } from '../../../sinks/warehouse/codes.ts'
import { normaliseContext } from '../context.ts'
import { decodeBatch, roomFor, type DecodedColumns } from '../decode-batch.ts'

/** What a worker starts with. */
export interface DecodeWorkerData {
  codeNumbers: CodeNumbers
  keys: Keys
  /** The lists that were read: the folder may have changed since. */
  listFiles: CodeListFiles
}

export interface DecodePool {
  /** Batches that can be decoded at the same time. */
  readonly width: number
  /** Decodes a batch. Rejects with LOADER_STOPPED once a worker has failed. */
  decode (batch: RawBatch): Promise<DecodedBatch>
  close (): Promise<void>
}

interface Waiting { resolve: (decoded: DecodedColumns) => void, reject: (error: unknown) => void }
interface Member { worker: Worker, waiting: Map<number, Waiting> }

/** More than the one writer can take. */
const WORKERS_MAX = 4

/**
 * Threads for decoding by default. On two cores one: the main thread and DuckDB are busy besides, and loading is a
 * quarter faster than without (docs/performance.md). On one core there is nothing to share.
 */
export function defaultWorkers (cores = availableParallelism()): number {
  return cores === 1 ? 0 : Math.max(1, Math.min(WORKERS_MAX, cores - 2))
}

/** A pool of `workers` threads for a warehouse; none decodes in this thread. */
export function createDecodePool (
  workers: number, warehouse: { lists: CodeLists, codeNumbers: CodeNumbers, keys: Keys }
): DecodePool {
  if (workers === 0) {
    const context = normaliseContext(warehouse)
    return { width: 1, decode: async batch => await decodeBatch(context, batch), close: async () => {} }
  }
  const { codeNumbers, keys, lists } = warehouse
  const data: DecodeWorkerData = { codeNumbers, keys, listFiles: lists.files }
  const members = Array.from({ length: workers }, () => start(data))
  let failure: BorderflowError | undefined
  let closing = false
  let batches = 0

  function fail (error: unknown): void {
    failure ??= new BorderflowError('LOADER_STOPPED', {
      expected: 'worker threads that decode',
      found: errorText(error),
      remedy: 'The process must end and be started again: it goes on from the stored positions.',
      cause: error
    })
    for (const { waiting } of members) {
      for (const { reject } of waiting.values()) reject(failure)
      waiting.clear()
    }
  }

  for (const { worker, waiting } of members) {
    worker.on('message', ({ number, decoded }: { number: number, decoded: DecodedColumns }) => {
      waiting.get(number)?.resolve(decoded)
      waiting.delete(number)
    })
    worker.on('error', fail)
    worker.on('exit', code => { if (!closing) fail(new Error(`a worker thread ended with code ${code}`)) })
  }

  return {
    width: workers,
    async decode (batch) {
      if (failure !== undefined) throw failure
      const { worker, waiting } = members.reduce((least, member) =>
        member.waiting.size < least.waiting.size ? member : least)
      const number = batches++
      const decoded = await new Promise<DecodedColumns>((resolve, reject) => {
        waiting.set(number, { resolve, reject })
        const memory = roomFor(batch)
        worker.postMessage({ number, batch, memory }, [memory])
      })
      return { ...decoded, ...batch.messages }
    },
    async close () {
      closing = true
      await Promise.all(members.map(async ({ worker }) => await worker.terminate()))
    }
  }
}

function start (workerData: DecodeWorkerData): Member {
  // Uncompiled there is none beside this file, and Node 20 runs no TypeScript; joined into another file neither.
  const beside = fileURLToPath(new URL('./decode-worker.js', import.meta.url))
  const file = existsSync(beside) ? beside : packageFile('dist/dags/loading/workers/decode-worker.js')
  const worker = new Worker(file, { workerData })
  worker.unref()
  return { worker, waiting: new Map() }
}
