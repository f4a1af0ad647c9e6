import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KEPT_BYTES_MAX } from '../../../ingest/files/part-collector.ts'
import { createArraySplitter } from '../../../ingest/http/array-splitter.ts'

function split (text: string, chunkBytes = Infinity): string[] {
  const splitter = createArraySplitter()
  const bytes = Buffer.from(text)
  const elements: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    elements.push(...splitter.push(bytes.subarray(start, start + chunkBytes)))
  }
  return [...elements, ...splitter.end()].map(element => Buffer.from(element).toString())
}

describe('array splitter', () => {
  it('gives the exact bytes of each element, whatever they say', () => {
    expect(split(' [ {"a" : 1.0} , [1, 2],"x",null\n] \r\n')).toEqual(['{"a" : 1.0}', '[1, 2]', '"x"', 'null'])
    expect(split('[]')).toEqual([])
    expect(split(' [ ] ')).toEqual([])
  })

  it('does not take brackets, commas and escaped quotes in strings for structure', () => {
    const elements = ['{"a":"]},{[\\"]"}', '"\\\\"', '"],["', '{"ពោធិ៍":"\\u005d"}']
    expect(split(`[${elements.join(',')}]`)).toEqual(elements)
  })

  it('passes on nested garbage as a message, for each is judged alone', () => {
    expect(split('[{"a":1}, {garbage: [tru e}}, nonsense, {"b":2}]'))
      .toEqual(['{"a":1}', '{garbage: [tru e}}', 'nonsense', '{"b":2}'])
    expect(split('['.repeat(50_000) + ']'.repeat(50_000), 1000)[0]).toHaveLength(KEPT_BYTES_MAX)
  })

  it('refuses what is no array or does not close', () => {
    for (const text of [
      '', ' ', '{}', '1', '[', '[1', '[1,', '[1,]', '[,1]', '[,]', '[1,,2]', '[1]]', '[1] 2', '["a]', '[{"a":1]', '[}]',
      '\ufeff[1]', '1]', '[1]['
    ]) expect(() => split(text), text).toThrow(SyntaxError)
  })

  it('agrees with JSON.parse on any array, however it is cut into chunks', () => {
    fc.assert(fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.nat(3), fc.integer({ min: 1, max: 7 }),
      (array, indent, chunkBytes) => {
        const elements = split(JSON.stringify(array, null, indent), chunkBytes)
        expect(elements.map(element => JSON.parse(element) as unknown)).toEqual(JSON.parse(JSON.stringify(array)))
      }))
  })
})
