// Holds the reference model to the worked examples: every outcome count and every table, byte for byte.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { csv, reference, type ReferenceMessage, tables } from './reference/index.ts'

const examples = new URL('./fixtures/examples/', import.meta.url)

describe.each(['small', 'large'])('the reference model on the %s worked example', name => {
  const folder = new URL(`${name}/`, examples)
  const text = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
  const meta = JSON.parse(text('meta.json')) as { as_of: string, received_at: string, messages: number }
  const messages = messagesOf(new URL('events/', folder), Date.parse(meta.received_at))
  const result = reference(messages)

  it('gives every message exactly one outcome', () => {
    expect(messages).toHaveLength(meta.messages)
    expect(result.outcomes).toHaveLength(meta.messages)
  })

  it('gives the accounting of the example', () => {
    expect(result.accounting()).toEqual(JSON.parse(text('expected/accounting.json')))
  })

  it.each(Object.keys(tables))('gives table %s byte for byte', table => {
    expect(csv(result.table(table, meta.as_of))).toBe(text(`expected/${table}.csv`))
  })
})

/** Messages are lines as bytes, in file-name and line order; a final newline makes no further message. */
function messagesOf (folder: URL, receivedAtMs: number): ReferenceMessage[] {
  return readdirSync(folder).sort().flatMap(file => {
    const bytes = readFileSync(new URL(file, folder))
    const lines: ReferenceMessage[] = []
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf('\n', start)
      const end = newline === -1 ? bytes.length : newline
      lines.push({ bytes: bytes.subarray(start, end), receivedAtMs })
      start = end + 1
    }
    return lines
  })
}
