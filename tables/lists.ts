// The package's own code lists, read when a query first needs names or groups and was given no others.
import { loadCodeLists } from '../schemas/code-lists/index.ts'
import type { BuildOptions, QueryLists } from './query.ts'

let own: QueryLists | undefined

/** The lists of the options, else those of the package. */
export function listsOf ({ lists }: BuildOptions): QueryLists {
  return lists ?? (own ??= loadCodeLists())
}
