// Compressed bytes to plain bytes, streaming: a chunk in, a few chunks out, whatever the file's size.
import { pipeline } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import type { Compression } from './names.ts'

const CHUNK_BYTES = 64 * 1024
// fzstd hands over all blocks that one push completes. A block is at least 4 bytes and at most 128 KiB, so 512 bytes
// make at most 16 MiB, even where the file is built to explode.
const ZSTD_PUSH_BYTES = 512
// Zstandard is decompressed on the main thread, at 100 MB/s or more: the event loop gets its turn every 2 ms or so.
const ZSTD_TURN_BYTES = 256 * 1024

/** The plain bytes of a stream. Throws what the decompressor throws on a damaged or truncated stream. */
export function decompress (stream: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === 'gzip') return gunzip(stream)
  return compression === 'zstd' ? unzstd(stream) : stream
}

/** Members that follow one another (concatenated gzip files) are one stream. */
function gunzip (stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const unzipped = createGunzip({ chunkSize: CHUNK_BYTES })
  // The error, if any, reaches whoever iterates, for the pipeline destroys the last stream with it.
  pipeline(stream, unzipped, () => {})
  return unzipped
}

async function * unzstd (stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let turnBytes = 0
  const frames = new Decompress(block => {
    turnBytes += block.length
    if (block.length > 0) ready.push(Buffer.from(block.buffer, block.byteOffset, block.length))
  })
  for await (const chunk of stream) {
    for (let start = 0; start < chunk.length; start += ZSTD_PUSH_BYTES) {
      frames.push(chunk.subarray(start, start + ZSTD_PUSH_BYTES))
      yield * ready
      ready = []
      if (turnBytes >= ZSTD_TURN_BYTES) {
        turnBytes = 0
        await setImmediate()
      }
    }
  }
  frames.push(new Uint8Array(0), true)
  yield * ready
}
