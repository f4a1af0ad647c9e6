// The worker thread of decoding: takes packed batches one after the other and answers with their columns.
import { parentPort, workerData } from 'node:worker_threads'
import { runInBackground } from '../../../core/background-threads.ts'
import { assert } from '../../../core/errors.ts'
import type { RawBatch } from '../../../core/stage.ts'
import { createCodeLists } from '../../../schemas/code-lists/code-lists.ts'
import { normaliseContext } from '../context.ts'
import { decodeColumns } from '../decode-batch.ts'
import type { DecodeWorkerData } from './decode-pool.ts'

const { codeNumbers, keys, listFiles } = workerData as DecodeWorkerData
const context = normaliseContext({ lists: createCodeLists(listFiles), codeNumbers, keys })
const port = parentPort
assert(port !== null, 'decoding runs in a worker thread')

runInBackground()
port.on('message', ({ number, batch, memory }: { number: number, batch: RawBatch, memory: ArrayBuffer }) => {
  void decodeColumns(context, batch, memory).then(decoded => {
    // The room changes hands: nothing of it is copied.
    port.postMessage({ number, decoded }, decoded.memory)
  })
})
