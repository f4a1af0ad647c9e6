import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../core/package-root.ts'
import { answerOf, folderOfFile, jsonOf } from '../support/program.ts'
import { example, type Totals } from './folders.ts'

const run = promisify(execFile)
const folder = folderOfFile()
const small = example('small')
let files: string[]
let program: string

// The tarball is unpacked where npm would put it, with what it depends on beside it and nothing else of the checkout.
beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder()], { cwd: packageRoot })
  const packed = (JSON.parse(stdout) as { filename: string, files: { path: string }[] }[])[0]
  files = packed?.files.map(({ path }) => path) ?? []
  const modules = join(folder(), 'node_modules')
  mkdirSync(join(modules, 'borderflow'), { recursive: true })
  await run('tar', ['-xzf', join(folder(), packed?.filename ?? ''), '-C', join(modules, 'borderflow'), '--strip-components=1'])
  for (const path of dependencies()) {
    mkdirSync(dirname(join(folder(), path)), { recursive: true })
    symlinkSync(join(packageRoot, path), join(folder(), path))
  }
  program = join(modules, 'borderflow/dist/cli/bin.cjs')
})

describe('the packed program', () => {
  it('is what is run and nothing else: no test, no source, no data', () => {
    expect(files).toContain('dist/cli/bin.cjs')
    expect(files.filter(path => /^(test|bench|node_modules)\/|\.c?ts$|\.duckdb|\.key$/.test(path))).toEqual([])
  })

  it('loads an example and answers from it, installed in an empty folder', async () => {
    const options = { program, cwd: folder() }
    const totals = await jsonOf<Totals>(['ingest', small.events, '--received-at', small.receivedAt], options)
    expect(totals).toEqual(small.totals)
    for (const table of ['flows', 'stock', 'data_quality']) {
      const csv = await answerOf(['query', table, '--as-of', small.asOf, '--format', 'csv'], options)
      expect(csv, table).toBe(small.expected(table))
    }
    expect((await jsonOf<{ ok: boolean }>(['verify'], options)).ok).toBe(true)
    expect(existsSync(join(folder(), 'borderflow-data/warehouse.duckdb'))).toBe(true)
  })

  it('plays the demo to the end of its history', async () => {
    const said = await answerOf(['demo', '--until-loaded', '--days', '2', '--scale', '0.02', '--data', join(folder(), 'demo')], {
      program, cwd: folder(), env: { BORDERFLOW_HTTP_PORT: '0' }
    })
    expect(said).toContain('SIMULATED: 2 days of history loaded')
  })
})

/** Folders of what an installation without development tools has. */
function dependencies (): string[] {
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as
    { packages: Record<string, { dev?: boolean }> }
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true)
    .map(([path]) => path)
    .filter(path => existsSync(join(packageRoot, path)))
}
