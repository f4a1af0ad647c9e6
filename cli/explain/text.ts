// The explanation of a table for a terminal.
import type { TableDimension, TableMeasure } from '../../schemas/tables/index.ts'
import type { Explanation } from './explanation.ts'
import type { Lineage } from './lineage.ts'

const SUMMABLE: Readonly<Record<TableMeasure['summable'], string>> = {
  sum: 'added over whatever is left out',
  last: 'added over people and places; over time the last date counts',
  none: 'never added: keep all dimensions'
}

/** Plain text; ends with a line break. */
export function explanationText (table: Explanation): string {
  return [
    `${table.id}: ${table.title.en}`,
    table.title.km,
    '',
    table.description.en,
    ...table.description.km === undefined ? [] : [table.description.km],
    '',
    `Grain        ${table.grain}`,
    `Serves       ${table.objective.join(', ')}`,
    `Frequency    ${table.frequency}`,
    `Population   ${table.population}`,
    `Disclosure   ${table.disclosure}`,
    `Revisions    ${table.revisionPolicy}`,
    `Kept current ${speedText(table)}`,
    '',
    'Dimensions',
    ...table.dimensions.map(dimension => `  ${dimension.name.padEnd(20)} ${valuesText(dimension)}`),
    `  periods: ${table.periods.join(', ')}${table.groups.length === 0 ? '' : `; groups: ${table.groups.join(', ')}`}`,
    '',
    'Measures',
    ...table.measures.map(({ name, unit, summable }) => `  ${name.padEnd(20)} ${unit}; ${SUMMABLE[summable]}`),
    '',
    'Lineage',
    ...lineageText(table.lineage),
    '',
    `SQL (${table.file})`,
    ...table.sql.trimEnd().split('\n').map(line => line === '' ? '' : `  ${line}`),
    ''
  ].join('\n')
}

/** What the values of a dimension are. */
export function valuesText ({ type, codeList, codes }: TableDimension): string {
  if (type === 'date') return 'date, YYYY-MM-DD'
  if (type === 'month') return 'month, YYYY-MM'
  if (type === 'integer') return 'whole number'
  const list = codeList === undefined ? '' : `code list ${codeList}`
  const closed = codes === undefined ? '' : codes.join(', ')
  return [list, closed].filter(text => text !== '').join(': ') || 'code'
}

/** How a measure may be summed, in a sentence. */
export function summableText ({ summable }: TableMeasure): string {
  return SUMMABLE[summable]
}

export function speedText ({ speed }: Explanation): string {
  return speed === 'loading' ? 'in the loading transaction itself' : 'derived within seconds after loading'
}

/** A line for each node: what it is made of, from the contracts down. */
export function lineageText ({ nodes, edges }: Lineage): string[] {
  const sources = (id: string): string[] => edges.filter(({ to }) => to === id).map(({ from }) => from)
  return nodes.map(({ id, kind, file }) => {
    const from = sources(id)
    return `  ${id}${from.length === 0 ? '' : ` <- ${from.join(', ')}`} (${kind}${file === undefined ? '' : `, ${file}`})`
  })
}

/** The select of a model without the comment at its head, which the declaration says better. */
export function bareModelSql (sql: string): string {
  return sql.replace(/^(?:--[^\n]*\n)+/, '')
}
