// Splits chunks of bytes into lines. A line is what stands between line feeds; a final line feed makes no further line;
// an empty line is an empty message; carriage returns are kept.
import { createPartCollector, KEPT_BYTES_MAX } from './part-collector.ts'

const LINE_FEED = 10

export interface LineSplitter {
  /**
   * The lines that this chunk completes, as views of it where possible: the chunk may be used anew when they are done
   * with. Lines over 64 KiB are cut to 64 KiB + 1.
   */
  push(chunk: Uint8Array): Uint8Array[]
  /** The last line, if it did not end in a line feed. */
  end(): Uint8Array[]
}

export function createLineSplitter (): LineSplitter {
  const rest = createPartCollector()
  return {
    push (chunk) {
      const lines: Uint8Array[] = []
      let start = 0
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        const line = chunk.subarray(start, end)
        if (rest.isEmpty() && line.length <= KEPT_BYTES_MAX) {
          lines.push(line)
        } else {
          rest.add(line)
          lines.push(rest.take())
        }
        start = end + 1
      }
      if (start < chunk.length) rest.add(new Uint8Array(chunk.subarray(start)))
      return lines
    },
    end: () => rest.isEmpty() ? [] : [rest.take()]
  }
}
