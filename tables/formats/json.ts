// JSON: an array of objects, or one object a line. Numbers are numbers, whole ones in full however large.
import { type Answer, type AnswerChunk, type Cell } from '../answer.ts'
import { type AnswerColumn } from '../query.ts'

/** One array, an object a line, so that a long answer can be read line by line too. */
export async function * encodeJson (answer: Answer): AsyncGenerator<string> {
  let first = true
  for await (const chunk of answer.chunks) {
    const objects = jsonObjects(answer.columns, chunk)
    yield (first ? '[\n' : ',\n') + objects.join(',\n')
    first = false
  }
  yield first ? '[]\n' : '\n]\n'
}

/** Newline-delimited JSON. */
export async function * encodeNdjson (answer: Answer): AsyncGenerator<string> {
  for await (const chunk of answer.chunks) yield `${jsonObjects(answer.columns, chunk).join('\n')}\n`
}

function jsonObjects (columns: readonly AnswerColumn[], { rowCount, columns: cells }: AnswerChunk): string[] {
  const keys = columns.map(({ name }, i) => `${i === 0 ? '' : ','}${JSON.stringify(name)}:`)
  return Array.from({ length: rowCount }, (_, row) =>
    `{${keys.map((key, i) => key + jsonValue(cells[i]![row]!)).join('')}}`)
}

function jsonValue (cell: Cell): string {
  return typeof cell === 'string' ? JSON.stringify(cell) : String(cell)
}
