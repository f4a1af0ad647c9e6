// What normalising needs besides the value: code lists, the numbers of codes, keys; and the columns of a batch by name.
import type { ColumnBuffer, FixedColumn, PackedTextColumn } from '../../core/column-buffer.ts'
import type { CodeLists } from '../../schemas/code-lists/index.ts'
import type { ColumnSpec, Dimension } from '../../schemas/columns.ts'

export interface NormaliseContext {
  lists: CodeLists
  /** Number of each code, by dictionary; 0 is `unknown`. */
  codeNumbers: Readonly<Record<Dimension, ReadonlyMap<string, number>>>
  /** (reporting code of the issuing state, document type, normalised number) → 16 bytes, one character each. */
  travellerKey: (state: string, type: string, number: string) => string
  /** Normalised content → 16 bytes, keyed, one character each. */
  fingerprint: (content: string) => string
  /** The keys of the two. */
  keys: { traveller: Uint8Array, content: Uint8Array }
}

/** The columns of a batch by name: the arrays to write, and the columns themselves for nulls. */
export interface RowTarget {
  data: Record<string, FixedColumn['data']>
  text: Record<string, PackedTextColumn>
  column: Record<string, ColumnBuffer>
}

/** Names the columns of a batch. */
export function rowTarget (specs: readonly ColumnSpec[], columns: readonly ColumnBuffer[]): RowTarget {
  const target: RowTarget = { data: {}, text: {}, column: {} }
  specs.forEach((spec, index) => {
    const column = columns[index] as ColumnBuffer
    target.column[spec.name] = column
    if (column.kind === 'text') target.text[spec.name] = column
    else target.data[spec.name] = column.data
  })
  return target
}

/** The number of a code that its list is known to hold. */
export function codeNumber (context: NormaliseContext, dimension: Dimension, code: string): number {
  const number = context.codeNumbers[dimension].get(code)
  if (number === undefined) throw new Error(`code without a number in dictionary ${dimension}`)
  return number
}

export const UNIT_SEPARATOR = '\u001f'

/** Free text inside content: its length in front keeps neighbours apart whatever it holds. */
export function contentText (text: string | null | undefined): string {
  return text == null ? '' : `${text.length}:${text}`
}
