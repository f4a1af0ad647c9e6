// What is told of a table, and the pages that are generated of it: current, whole, and true of the SQL that runs.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { explain } from '../../cli/explain/explanation.ts'
import { lineageOf, readNames } from '../../cli/explain/lineage.ts'
import { FOLDER, tablePages } from '../../cli/explain/pages.ts'
import { lineageSvg } from '../../cli/explain/picture.ts'
import { explanationText } from '../../cli/explain/text.ts'
import { packageFile } from '../../core/package-root.ts'
import { tables } from '../../schemas/tables/index.ts'

describe('the lineage of a table', () => {
  it.each(tables.map(({ id }) => id))('%s goes down to the contracts, each step after those it comes from', id => {
    const { nodes, edges } = lineageOf(id)
    const place = new Map(nodes.map((node, index) => [node.id, index]))
    expect(nodes.filter(({ kind }) => kind === 'contract').length).toBeGreaterThan(0)
    expect(nodes.at(-1)).toEqual({ id, kind: 'table', file: `transforms/models/${id}.sql` })
    for (const { from, to } of edges) expect(place.get(from), `${from} ${to}`).toBeLessThan(place.get(to)!)
    for (const { id: name, kind } of nodes) {
      const begins = kind === 'contract' || kind === 'reference'
      expect(edges.some(({ to }) => to === name), name).toBe(!begins)
      expect(name === id || edges.some(({ from }) => from === name), name).toBe(true)
    }
  })

  it('is read off the statements', () => {
    const contracts = (id: string) =>
      lineageOf(id).nodes.filter(({ kind }) => kind === 'contract').map(node => node.id).sort()
    expect(contracts('flows')).toEqual(['gdi.crossing.v1', 'gdi.tally.v1'])
    expect(contracts('flows_hourly')).toEqual(['gdi.crossing.v1'])
    expect(contracts('registrations')).toEqual(['fpcs.registration.v1'])
    expect(contracts('stock')).toEqual(['fpcs.registration.v1', 'gdi.crossing.v1', 'gdi.extension.v1'])
    expect(lineageOf('stock').edges).toContainEqual({ from: 'walks', to: 'main.stock_spells' })
    expect(readNames("-- from main.no\nselect 'from main.never' from main.a join published.b using (x) left join temp.c on true"))
      .toEqual(['main.a', 'published.b', 'temp.c'])
  })
})

describe('an explanation', () => {
  it('tells definition, columns, lineage and SQL', () => {
    const text = explanationText(explain('overstay_rate'))
    for (const part of [
      'overstay_rate: Overstay rate', 'ស្នាក់នៅហួសកំណត់', 'One row per month, nationality, visa_class.', 'code list visa_classes',
      'expected_departures  departures; added over whatever is left out', 'main.stays <- walks', 'from main.stays',
      'nationality_sub_region', 'quarter, year'
    ]) expect(text).toContain(part)
    expect(explanationText(explain('stock'))).toContain('over time the last date counts')
    expect(explanationText(explain('feed_health'))).toContain('never added')
  })

  it('of what is no table names the nearest', () => {
    expect(() => explain('visitor')).toThrow('Did you mean visitors?')
  })

  it('has a picture that says in words what it shows, and asks for nothing from elsewhere', () => {
    for (const { id } of tables) {
      const svg = lineageSvg(explain(id))
      const { nodes, edges } = lineageOf(id)
      expect(svg).toContain(`<title id="title">Lineage of ${id}`)
      expect(svg).toMatch(new RegExp(`<desc id="description">.*${id} comes from `))
      expect(svg).toContain('prefers-color-scheme: dark')
      expect(svg.match(/<rect /g)).toHaveLength(nodes.length)
      expect(svg.match(/<path d="M\d+ .*marker-end/g)).toHaveLength(edges.length)
      expect(svg).not.toMatch(/href=|url\((?!#arrow)|@import/)
      expect(overlaps(svg)).toEqual([])
    }
  })
})

describe('the pages of tables', () => {
  const pages = tablePages()

  it('are the files that are committed', () => {
    expect(readdirSync(packageFile(FOLDER)).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages) {
      expect(readFileSync(packageFile(`${FOLDER}/${name}`), 'utf8'), `run \`npm run generate\`: ${name}`).toBe(text)
    }
  })

  it('have every column of their table', () => {
    for (const { id, dimensions, measures } of tables) {
      for (const { name } of [...dimensions, ...measures]) expect(pages.get(`${id}.md`)).toContain(`\n| ${name} | `)
      expect(pages.get('README.md')).toContain(`](${id}.md)`)
    }
  })
})

/** Pairs of boxes of a picture that lie on each other. */
function overlaps (svg: string): string[] {
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="(\d+)" height="(\d+)"/g)]
    .map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])
  return boxes.flatMap(([x, y, width, height], index) => boxes.slice(index + 1)
    .filter(([otherX, otherY]) => Math.abs(x - otherX) < width && Math.abs(y - otherY) < height)
    .map(other => `${x} ${y} and ${other.join(' ')}`))
}
