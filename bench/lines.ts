// The events of the benchmark, line by line.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NEWLINE = 10

/** The lines of the NDJSON files of a folder, in order, without their ends. */
export function linesOf (folder: string): Buffer[] {
  return readdirSync(folder).sort().flatMap(file => {
    const bytes = readFileSync(join(folder, file))
    const lines: Buffer[] = []
    for (let start = 0, end = bytes.indexOf(NEWLINE); end >= 0; start = end + 1, end = bytes.indexOf(NEWLINE, start)) {
      lines.push(bytes.subarray(start, end))
    }
    return lines
  })
}
