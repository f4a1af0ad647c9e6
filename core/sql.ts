// SQL lives in .sql files, one statement each, read once when the module that runs them loads: a missing file stops the
// start, not the first use.
import { readFileSync } from 'node:fs'
import { packageFile } from './package-root.ts'

/** The text of a .sql file of the package, given by its path from the package root. Throws if it is missing. */
export function loadSql (relativePath: string): string {
  return readFileSync(packageFile(relativePath), 'utf8')
}
