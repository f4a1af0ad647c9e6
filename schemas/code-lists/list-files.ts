// The lists as they were read: plain data, which can change threads.
import type { ListEntry, ListFileName } from './list-schemas.ts'

/** An entry with the line that it ends on, for faults found later. */
export interface ListRow<Name extends ListFileName> {
  line: number
  entry: ListEntry<Name>
}

/** A list as it was read; `path` is what faults name, `whole` is false if rows were left out because of faults. */
export interface CodeList<Name extends ListFileName> {
  path: string
  whole: boolean
  rows: ListRow<Name>[]
}

/** All lists, by name. */
export type CodeListFiles = { [Name in ListFileName]: CodeList<Name> }

/** Whether a list has a code. One that is not whole is given every code, so that a bad row makes no second fault. */
export function knownCodes ({ whole, rows }: CodeList<ListFileName>): (code: string) => boolean {
  const codes = new Set(rows.map(row => row.entry.code))
  return code => !whole || codes.has(code)
}
