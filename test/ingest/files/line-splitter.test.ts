import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createLineSplitter } from '../../../ingest/files/line-splitter.ts'
import { KEPT_BYTES_MAX, MESSAGE_BYTES_MAX } from '../../../ingest/files/part-collector.ts'

function split (chunks: (string | Uint8Array)[]): string[] {
  const splitter = createLineSplitter()
  const lines = chunks.flatMap(chunk => splitter.push(Buffer.from(chunk)))
  return [...lines, ...splitter.end()].map(line => Buffer.from(line).toString())
}

describe('line splitter', () => {
  it('takes the final line feed as an end, not as the beginning of another line', () => {
    expect(split(['a\nb\n'])).toEqual(['a', 'b'])
    expect(split(['a\nb'])).toEqual(['a', 'b'])
    expect(split([''])).toEqual([])
    expect(split(['\n'])).toEqual([''])
  })

  it('keeps empty lines as empty messages and carriage returns as part of the line', () => {
    expect(split(['a\r\n\n\nb'])).toEqual(['a\r', '', '', 'b'])
  })

  it('gives the same lines however the bytes are cut into chunks', () => {
    fc.assert(fc.property(
      fc.array(fc.constantFrom('a', 'é', '\n', '\r', ' '), { maxLength: 60 }), fc.array(fc.nat(20), { maxLength: 20 }),
      (characters, cuts) => {
        const bytes = Buffer.from(characters.join(''))
        const chunks: Buffer[] = []
        let start = 0
        for (const cut of cuts) {
          chunks.push(bytes.subarray(start, start + cut))
          start += cut
        }
        chunks.push(bytes.subarray(start))
        expect(split(chunks)).toEqual(split([bytes]))
      }))
  })

  it('keeps a line of exactly 64 KiB whole and cuts longer ones to one byte more', () => {
    const [whole, cut, next] = split(['x'.repeat(MESSAGE_BYTES_MAX) + '\n' + 'y'.repeat(MESSAGE_BYTES_MAX * 3) + '\nz'])
    expect(whole).toHaveLength(MESSAGE_BYTES_MAX)
    expect(cut).toHaveLength(KEPT_BYTES_MAX)
    expect(next).toBe('z')
  })

  it('does not let blanks at the limit hide what follows them', () => {
    const [blanksThenText, blanks] = split([' '.repeat(MESSAGE_BYTES_MAX + 10), '{}\n', ' '.repeat(MESSAGE_BYTES_MAX + 9)])
    expect(blanksThenText).toBe(' '.repeat(MESSAGE_BYTES_MAX) + '{')
    expect(blanks?.trim()).toBe('')
  })
})
