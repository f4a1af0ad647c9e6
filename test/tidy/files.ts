// The project's own files, as they are in a checkout: what is built, installed or given as an example is left out.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { packageRoot } from '../../core/package-root.ts'

/** Folders that hold production code, from the package root. */
export const PRODUCTION = ['schemas', 'core', 'tables', 'ingest', 'transforms', 'sinks', 'dags', 'serve', 'cli'] as const

const LEFT_OUT = new Set(['node_modules', 'dist', 'demo-data', 'test-results', 'data', 'fixtures'])

export interface ProjectFile {
  /** From the package root, with slashes. */
  path: string
  text: string
  lines: string[]
}

/** Every file whose name ends in one of these, `.ts` and so on, sorted by path. */
export function projectFiles (...endings: string[]): ProjectFile[] {
  return all.filter(path => endings.some(ending => path.endsWith(ending))).map(read)
}

/** The files of the production folders and the entry files beside them. */
export function productionFiles (...endings: string[]): ProjectFile[] {
  return projectFiles(...endings).filter(({ path }) => isProduction(path))
}

/** The first folder of a path; a file at the root is its own. */
export function topOf (path: string): string {
  return path.split('/')[0] as string
}

/** The folder of a file, from the package root; `.` for the root. */
export const folderOf = (path: string): string => dirname(path)

/** Lines of the file that match, as `path:line: text`. */
export function matches (files: readonly ProjectFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, lines }) => lines.flatMap((line, i) =>
    pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : []))
}

const all = walk(packageRoot).map(path => relative(packageRoot, path)).sort()

function walk (folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name.startsWith('.') || LEFT_OUT.has(entry.name) ? [] : walk(path)
    return entry.isFile() ? [path] : []
  })
}

function read (path: string): ProjectFile {
  const text = readFileSync(join(packageRoot, path), 'utf8')
  return { path, text, lines: text.replace(/\n$/, '').split('\n') }
}

function isProduction (path: string): boolean {
  return path === 'main.ts' || (PRODUCTION as readonly string[]).includes(topOf(path))
}
