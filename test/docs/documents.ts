// The project's documents as tests read them.
import { readdirSync, readFileSync } from 'node:fs'
import { packageFile, packageRoot } from '../../core/package-root.ts'

/** Folders that are not the project's own. */
const FOREIGN = new Set(['node_modules', 'dist', '.git', 'demo-data', 'borderflow-data', 'test-results'])

/** Every file of the project by path from its root, without what is made or installed. */
export function projectPaths (folder = ''): string[] {
  return readdirSync(packageFile(folder === '' ? '.' : folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return FOREIGN.has(entry.name) ? [] : projectPaths(path)
    return entry.isFile() ? [path] : []
  })
}

/** The text of a file of the project. */
export function readText (path: string): string {
  return readFileSync(`${packageRoot}/${path}`, 'utf8')
}

/** The cells of every row of the first Markdown table under a heading that begins so, without its head. */
export function tableUnder (text: string, heading: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex(line => /^#+ /.test(line) && line.replace(/^#+ /, '').startsWith(heading))
  if (start < 0) throw new Error(`no heading ${heading}`)
  const first = lines.findIndex((line, i) => i > start && line.startsWith('|'))
  const rows: string[][] = []
  for (let i = first; lines[i]?.startsWith('|') === true; i++) rows.push(cells(lines[i] as string))
  return rows.slice(2)
}

/** A `|` that is escaped is text. */
function cells (line: string): string[] {
  return line.replaceAll('\\|', '\u0000').split('|').slice(1, -1).map(cell => cell.trim().replaceAll('\u0000', '|'))
}
