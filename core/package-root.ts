// Where the package's own files are: SQL, code lists and documents are read from the package, never from the current
// folder, so a packed and installed copy works as a checkout does.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that holds the package's package.json. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

/** The version in package.json. */
export const packageVersion: string = readVersion()

/** The absolute path of a file of the package, given relative to its root. */
export function packageFile (relativePath: string): string {
  return join(packageRoot, relativePath)
}

function findRoot (start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`)
  }
}

function readVersion (): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}
