// The method page and the code name the same fields, reasons, tables and columns, in the same order.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { CONTRACTS, contracts } from '../../schemas/contracts/index.ts'
import { REASONS } from '../../schemas/reasons.ts'
import { describeTables } from '../../tables/index.ts'
import { projectPaths, readText, tableUnder } from './documents.ts'

const page = readText('docs/method.md')

describe('the method page', () => {
  it('has sections 1 to 12, and every section that code cites', () => {
    const sections = [...page.matchAll(/^##+ ([\d.]+) /gm)].map(([, number]) => (number as string).replace(/\.$/, ''))
    for (let number = 1; number <= 12; number++) expect(sections).toContain(String(number))
    const code = projectPaths().filter(path => /\.(ts|cts|sql|md)$/.test(path) && path !== 'docs/method.md')
    const cited = code.flatMap(path => [...readText(path).matchAll(/method\.md\)? §(\d+(?:\.\d+)?)/g)])
      .map(([, number]) => number as string)
    expect(cited.length).toBeGreaterThan(20)
    expect([...new Set(cited)].filter(number => !sections.includes(number))).toEqual([])
  })

  it('names the fields of the crossing in the order of its contract', () => {
    const told = tableUnder(page, '1.1').flatMap(([names]) => (names as string).split(', '))
    expect(told).toEqual(fieldsOf('gdi.crossing.v1'))
  })

  it('names the fields of the other contracts', () => {
    const rows = new Map(tableUnder(page, '1.2').map(([name, fields]) => [name?.replaceAll('`', ''), fields as string]))
    for (const name of CONTRACTS.slice(1)) {
      const told = withoutNotes(rows.get(name) ?? '').split(', ').map(field => field.trim())
      expect(told, name).toEqual(fieldsOf(name))
    }
  })

  it('names the reasons in the order in which they are tried', () => {
    const text = page.slice(page.indexOf('One reason, the first that applies'))
    const told = [...text.slice(0, text.indexOf('## 2.')).matchAll(/^\| `(\w+)` \|/gm)].map(([, reason]) => reason)
    expect(told).toEqual(REASONS.slice(1))
  })

  it('names every table with its columns, as they are declared', () => {
    const told = tableUnder(page, '11.')
      .map(([table, columns]) => `${table as string}: ${withoutNotes(columns as string)}`)
    const declared = describeTables().map(({ id, dimensions, measures }) =>
      `${id}: ${dimensions.map(({ name }) => name).join(', ')} | ${measures.map(({ name }) => name).join(', ')}`)
    expect(told.sort()).toEqual(declared.sort())
  })
})

/** The fields of a contract; those that may be absent with a question mark. */
function fieldsOf (name: (typeof CONTRACTS)[number]): string[] {
  const { shape } = contracts[name].record as z.ZodObject
  return Object.entries(shape).map(([field, type]) => `${field}${type instanceof z.ZodOptional ? '?' : ''}`)
}

/** What stands in brackets explains. */
function withoutNotes (text: string): string {
  return text.replace(/ ?\{[^}]*\}/g, '').replace(/ ?\([^)]*\)/g, '').replace(/ +/g, ' ').trim()
}
