// The numbers of codes: SMALLINT in the facts, by dictionaries that are only appended to. A code that has left its list
// keeps its number, for the facts that carry it.
import type { DuckDBConnection } from '@duckdb/node-api'
import { readRows } from '../../core/database.ts'
import { appendRows, smallint, text } from '../../core/row-appender.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import { DIMENSIONS, type Dimension } from '../../schemas/columns.ts'

export type CodeNumbers = Readonly<Record<Dimension, ReadonlyMap<string, number>>>

/** Number 0 of every dictionary. */
export const UNKNOWN = 'unknown'

/** Gives every code of the lists a number that has none yet, and returns all numbers. */
export async function syncCodes (connection: DuckDBConnection, lists: CodeLists): Promise<CodeNumbers> {
  const numbers = await readCodes(connection)
  const added: { dimension: Dimension, number: number, code: string }[] = []
  for (const dimension of DIMENSIONS) {
    const known = numbers[dimension]
    for (const code of [UNKNOWN, ...listCodes(lists, dimension)]) {
      if (known.has(code)) continue
      added.push({ dimension, number: known.size, code })
      known.set(code, known.size)
    }
  }
  await appendRows(connection, 'codes', added.map(row => [text(row.dimension), smallint(row.number), text(row.code)]))
  return numbers
}

async function readCodes (connection: DuckDBConnection): Promise<Record<Dimension, Map<string, number>>> {
  const rows = await readRows<{ dimension: string, number: number, code: string }>(
    connection, 'select dimension, number, code from main.codes order by dimension, number')
  const numbersOf = (dimension: Dimension): Map<string, number> =>
    new Map(rows.filter(row => row.dimension === dimension).map(row => [row.code, row.number]))
  return Object.fromEntries(DIMENSIONS.map(dimension =>
    [dimension, numbersOf(dimension)])) as Record<Dimension, Map<string, number>>
}

function listCodes (lists: CodeLists, dimension: Dimension): string[] {
  switch (dimension) {
    case 'checkpoint': return lists.checkpoints.map(checkpoint => checkpoint.code)
    case 'state': return lists.codes('states').map(state => state.code)
    case 'province': return lists.codes('provinces').map(province => province.code)
    case 'visa_class': return lists.codes('visa_classes').map(visaClass => visaClass.code)
    case 'refusal_reason': return lists.codes('refusal_reasons').map(reason => reason.code)
  }
}
