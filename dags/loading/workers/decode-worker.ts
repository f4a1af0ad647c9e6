// The worker thread of decoding: takes packed batches one after the other and answers with their columns.
import { parentPort, workerData } from 'node:worker_threads'
import { runInBackground } from '../../../core/background-threads.ts'
import { assert } from '../../../core/errors.ts'
import type { RawBatch } from '../../../core/stage.ts'
import { loadCodeLists } from '../../../schemas/code-lists/index.ts'
import { normaliseContext } from '../context.ts'
import { decodeColumns } from '../decode-batch.ts'
import type { DecodeWorkerData } from './decode-pool.ts'
import { decodedMemory } from './decoded-memory.ts'

const { codeNumbers, keys, listsFolder, listsDigest } = workerData as DecodeWorkerData
const lists = loadCodeLists(listsFolder)
// Read once more from the folder: they must be the ones that the main thread has numbered.
assert(lists.digest === listsDigest, 'the code lists have not changed since the start')
const context = normaliseContext({ lists, codeNumbers, keys })
const port = parentPort
assert(port !== null, 'decoding runs in a worker thread')

runInBackground()
port.on('message', ({ number, batch }: { number: number, batch: RawBatch }) => {
  void decodeColumns(context, batch).then(decoded => {
    port.postMessage({ number, decoded }, decodedMemory(decoded))
  })
})
