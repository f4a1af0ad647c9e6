// JSON: an array of objects, or one object a line. Numbers are numbers, whole ones in full however large.
import type { Answer, AnswerChunk, Cell } from '../answer.ts'
import type { AnswerColumn } from '../query.ts'
import { remembered } from './remembered.ts'

/** One array, an object a line, so that a long answer can be read line by line too. */
export async function * encodeJson (answer: Answer): AsyncGenerator<string> {
  const jsonObjects = objectWriter(answer.columns)
  let first = true
  for await (const chunk of answer.chunks) {
    yield (first ? '[\n' : ',\n') + jsonObjects(chunk).join(',\n')
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}

/** Newline-delimited JSON. */
export async function * encodeNdjson (answer: Answer): AsyncGenerator<string> {
  const jsonObjects = objectWriter(answer.columns)
  for await (const chunk of answer.chunks) yield `${jsonObjects(chunk).join('\n')}\n`
}

function objectWriter (columns: readonly AnswerColumn[]): (chunk: AnswerChunk) => string[] {
  const keys = columns.map(({ name }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
  const value = remembered(jsonValue)
  return ({ rowCount, columns: cells }) => Array.from({ length: rowCount }, (_, row) => {
    let text = ''
    for (let i = 0; i < keys.length; i++) text += keys[i]! + value(cells[i]![row]!)
    return `${text}}`
  })
}

function jsonValue (cell: Cell): string {
  return typeof cell === 'string' ? JSON.stringify(cell) : String(cell)
}
