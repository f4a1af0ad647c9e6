// The operating page knows every error, metric, exit code and problem that the code can give.
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../cli/program.ts'
import { readText, tableUnder } from './documents.ts'

const page = readText('docs/operating.md')

describe('the operating page', () => {
  it('tells cause and remedy of every error code, whether to try again, and of no other', () => {
    const coded = [...readText('core/errors.ts').matchAll(/^ {2}([A-Z_]+): \{ retryable: (true|false) \}/gm)]
      .map(([, code, retryable]) => [code, retryable === 'true' ? 'yes' : 'no'])
    expect(coded.length).toBeGreaterThan(20)
    const rows = tableUnder(page, 'Errors')
    expect(rows.map(([code, again]) => [code, again])).toEqual(coded)
    for (const [code, , cause, remedy] of rows) expect([cause, remedy].every(text => text !== ''), code).toBe(true)
  })

  it('tells what every metric means, and of no other', () => {
    const names = [...readText('serve/metrics.ts').matchAll(/'(borderflow_\w+)'/g)].map(([, name]) => name as string)
    const told = tableUnder(page, 'Metrics').flatMap(([cell]) => (cell as string).split(', '))
    expect(names.length).toBeGreaterThan(8)
    expect(told.sort()).toEqual([...new Set(names)].sort())
  })

  it('tells every exit code', () => {
    const codes = [...readText('cli/exit.ts').matchAll(/export const EXIT_\w+ = (\d+)/g)].map(([, code]) => code)
    expect(tableUnder(page, 'Exit codes').map(([code]) => code)).toEqual(codes)
    const usage = /USAGE_CODES = new Set\(\[(.*?)\]\)/.exec(readText('cli/exit.ts'))?.[1]?.match(/[A-Z_]+/g) ?? []
    const told = tableUnder(page, 'Exit codes')[2]?.[1] ?? ''
    expect(usage.length).toBeGreaterThan(1)
    for (const code of usage) expect(told).toContain(code)
  })

  it('tells every problem of the intake with its status', () => {
    const source = readText('ingest/http/problem.ts')
    const problems = [...source.matchAll(/^ {2}'?([a-z-]+)'?: \[(\d{3}), /gm)]
      .map(([, name, status]) => `${name} ${status}`)
    const told = tableUnder(page, 'HTTP intake').flatMap(([names, status]) =>
      (names as string).split(', ').map(name => `${name} ${status}`))
    expect(problems.length).toBeGreaterThan(8)
    expect(told.sort()).toEqual(problems.sort())
  })

  it('speaks only of commands that exist', async () => {
    const known = new Set((await buildProgram()).commands.flatMap(command =>
      [command.name(), ...command.commands.map(child => `${command.name()} ${child.name()}`)]))
    for (const path of ['README.md', 'docs/operating.md', 'docs/architecture.md', 'docs/method.md']) {
      const used = codeOf(readText(path)).flatMap(code => [...code.matchAll(/^borderflow ([a-z]+)(?: ([a-z]+)\b)?/gm)])
      expect(used.length, path).toBeGreaterThan(0)
      for (const [, command = '', child] of used) {
        const isGroup = child !== undefined && [...known].some(name => name.startsWith(`${command} `))
        const name = isGroup ? `${command} ${child}` : command
        expect(known.has(name), `${path}: borderflow ${name}`).toBe(true)
      }
    }
  })
})

/** Blocks and spans of code. */
function codeOf (text: string): string[] {
  return [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, span]) => (block ?? span) as string)
}
