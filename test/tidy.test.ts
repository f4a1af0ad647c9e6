// The house rules that a machine can hold: who imports whom, who opens the file, how long things are, what is packed.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { packageFile } from '../core/package-root.ts'
import { folderOf, matches, PRODUCTION, productionFiles, projectFiles, topOf, type ProjectFile } from './tidy/files.ts'
import { bareSql } from './tidy/sql.ts'
import { readSyntax } from './tidy/syntax.ts'

const LINES_MAX = 250
const FUNCTION_LINES_MAX = 70

/** Folder → the folders that it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  schemas: ['core'],
  tables: ['schemas', 'core'],
  ingest: ['schemas', 'core'],
  transforms: ['schemas', 'core'],
  sinks: ['schemas', 'core', 'tables'],
  dags: ['schemas', 'core', 'tables', 'ingest', 'transforms', 'sinks'],
  serve: ['schemas', 'core', 'tables'],
  cli: [...PRODUCTION, 'main.ts'],
  'main.ts': PRODUCTION
}
/** What schemas may use of core: small helpers that know no other stage. Types of core cost nothing and are free. */
const CORE_FOR_SCHEMAS = ['sql', 'package-root', 'errors', 'civil-date', 'instant'].map(name => `core/${name}.ts`)

const production = productionFiles('.ts', '.tsx', '.cts')
const everyCode = projectFiles('.ts', '.tsx', '.cts', '.js', '.mjs', '.sql')
const everyText = projectFiles('.ts', '.tsx', '.cts', '.js', '.mjs', '.sql', '.md', '.json', '.yaml', '.yml', '.html', '.csv', '.css')
  .filter(({ path }) => path !== 'package-lock.json')
/** A pattern from parts, so that this file does not hold what it looks for. */
const pattern = (...parts: string[]): RegExp => new RegExp(parts.join('|').replaceAll('~', ''))

describe('the folders', () => {
  it('import only what they may', () => {
    const wrong = production.flatMap(file => readSyntax(file).imports.flatMap(({ path, typesOnly, line }) => {
      if (path === null || topOf(path) === topOf(file.path)) return []
      const allowed = MAY_IMPORT[topOf(file.path)]?.includes(topOf(path)) === true &&
        (topOf(file.path) !== 'schemas' || typesOnly || CORE_FOR_SCHEMAS.includes(path))
      return allowed ? [] : [`${file.path}:${line} imports ${path}`]
    }))
    expect(wrong).toEqual([])
  })

  it('are all under a rule', () => {
    expect([...new Set(production.map(({ path }) => topOf(path)))].filter(top => !(top in MAY_IMPORT))).toEqual([])
    expect(production.length).toBeGreaterThan(150)
  })

  it('have a README that says what they own', () => {
    const readmes = new Set(projectFiles('README.md').map(({ path }) => folderOf(path)))
    const folders = new Set(production.map(({ path }) => folderOf(path)).filter(folder => folder !== '.'))
    expect([...folders].filter(folder => !readmes.has(folder))).toEqual([])
  })
})

describe('the code', () => {
  it('opens a DuckDB file in one module only', () => {
    expect(production.filter(({ text }) => text.includes('DuckDBInstance')).map(({ path }) => path)).toEqual(['core/database.ts'])
  })

  it('reads the clock of the machine in one module only', () => {
    const read = production.filter(({ path }) => path !== 'core/clock.ts')
    expect(matches(read, /\bDate\.now\b|new Date\(\s*\)/)).toEqual([])
  })

  it(`has files of at most ${LINES_MAX} lines`, () => {
    expect(everyCode.filter(({ lines }) => lines.length > LINES_MAX).map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([])
  })

  it(`has functions of at most ${FUNCTION_LINES_MAX} lines of their own`, () => {
    const long = production.flatMap(file => readSyntax(file).functions
      .filter(({ ownLines }) => ownLines > FUNCTION_LINES_MAX)
      .map(({ name, line, ownLines }) => `${file.path}:${line} ${name}: ${ownLines}`))
    expect(long).toEqual([])
  })

  it('leaves nothing for later', () => {
    expect(matches(everyText, pattern('\\bTO~DO\\b', '\\bFIX~ME\\b'))).toEqual([])
  })

  it('switches no rule and no test off', () => {
    expect(matches(everyCode, pattern('eslint-~disable', '@ts-~ignore', '@ts-~nocheck'))).toEqual([])
    expect(matches(everyCode, pattern('\\b(it|describe|test)(\\.\\w+)*\\.~only\\b', '\\b(it|describe|test)\\.~skip\\('))).toEqual([])
  })

  it('writes to streams and logs, never to the console', () => {
    expect(matches(production, pattern('console\\.~(log|error|warn|info|debug)'))).toEqual([])
  })

  it('names no path of the machine it was made on', () => {
    expect(matches(everyText, pattern('(?<![\\w.])/~work/', '/~root/', '/~tmp/u', '\\.\\./~shared/'))).toEqual([])
  })

  it('begins every file with what it owns', () => {
    const without = production.filter(({ lines }) => !/^(\/\/|#!|'use strict')/.test(lines[0] ?? ''))
    expect(without.map(({ path }) => path)).toEqual([])
  })
})

describe('the SQL', () => {
  const statements = productionFiles('.sql')

  it('begins with a comment that says what it gives', () => {
    expect(statements.filter(({ text }) => !/^-- \S/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('is one statement a file', () => {
    expect(statements.filter(({ text }) => bareSql(text).includes(';') || bareSql(text) === '').map(({ path }) => path)).toEqual([])
  })

  it('finds a second statement, but none in comments and quoted text', () => {
    expect(bareSql('-- a;b\nselect 1;\nselect 2')).toContain(';')
    expect(bareSql('-- a;b\nselect \'x;y\', ";" /* ; */')).not.toContain(';')
  })
})

describe('the package', () => {
  const packed = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { files: string[] }).files
  // The sources of the page are packed as what Vite makes of them, in dist/web.
  const data = productionFiles('.sql', '.csv', '.html', '.css').filter(({ path }) => !path.startsWith('serve/web/'))

  it('holds every file that code reads', () => {
    expect(data.filter(({ path }) => !packed.some(glob => covers(glob, path))).map(({ path }) => path)).toEqual([])
  })

  it('has no data file that no code reads', () => {
    expect(data.filter(file => !isRead(file)).map(({ path }) => path)).toEqual([])
  })

  it('knows what a glob covers', () => {
    expect(covers('sinks/**/*.sql', 'sinks/a.sql') && covers('sinks/**/*.sql', 'sinks/a/b/c.sql')).toBe(true)
    expect(covers('sinks/**/*.sql', 'sinks/a.csv') || covers('sinks/**/*.sql', 'dags/a.sql')).toBe(false)
    expect(covers('docs', 'docs/a/b.md')).toBe(true)
  })

  /** True if some code names the file, or reads the folder it is in as a whole. */
  function isRead ({ path }: ProjectFile): boolean {
    const folder = folderOf(path)
    const name = path.slice(folder.length + 1)
    const stem = name.slice(0, name.lastIndexOf('.'))
    const named = new RegExp(`\\b${stem}\\.\\w+\\b|'${stem}'|^\\s*${stem}:`, 'm')
    return production.some(({ text }) => named.test(text) ||
      (text.includes('readdirSync(') && [folder, folderOf(folder)].some(parent => text.includes(`'${parent}'`))))
  }
})

/** True if an entry of `files` takes the path in: a folder, or `folder/**` and an ending. */
function covers (glob: string, path: string): boolean {
  if (!glob.includes('*')) return path === glob || path.startsWith(`${glob}/`)
  const [folder = '', name = ''] = glob.split('**/')
  return path.startsWith(folder) && path.endsWith(name.replace('*', ''))
}
