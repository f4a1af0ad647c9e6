// CSV by RFC 4180 with `\n` line ends: a header, plain values, quotes only where a value needs them.
import type { Answer, Cell } from '../answer.ts'
import type { FormatOptions } from './format.ts'
import { remembered } from './remembered.ts'

/**
 * With labels each column of codes is followed by a column `<name>_name`, as SDMX-CSV does with `labels=name`: codes
 * stay where a program looks for them.
 */
export async function * encodeCsv (answer: Answer, { labels }: FormatOptions = {}): AsyncGenerator<string> {
  const labelled = answer.columns.map(column => labels !== undefined && column.coded)
  const header = answer.columns.flatMap(({ name }, i) => labelled[i] === true ? [name, `${name}_name`] : [name])
  yield `${header.map(csvField).join(',')}\n`
  const field = remembered(csvField)
  for await (const { rowCount, columns } of answer.chunks) {
    const written = columns.flatMap((cells, i) => {
      const fields = cells.map(field)
      if (labels === undefined || labelled[i] !== true) return [fields]
      const { name } = answer.columns[i]!
      return [fields, cells.map(cell => csvField(labels(name, String(cell))))]
    })
    let text = ''
    for (let row = 0; row < rowCount; row++) {
      for (let i = 0; i < written.length; i++) text += (i === 0 ? '' : ',') + written[i]![row]!
      text += '\n'
    }
    yield text
  }
}

function csvField (cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
