// One query object → one SQL statement: figures, what they are compared with, totals, shares, labels, order.
import type { TableMeasure } from '../schemas/tables/index.ts'
import { type CheckedQuery, checkQuery, type Key } from './check.ts'
import { type Core, coreSql, sqlType } from './core.ts'
import { comparedNames, isTimeKey, shareName } from './extras.ts'
import { quotedIdentifier } from './identifier.ts'
import { codeNames, groupNames, labelled } from './labels.ts'
import type { LastDates } from './last-dates.ts'
import { listsOf } from './lists.ts'
import { type AnswerColumn, type BuildOptions, PUBLISHED_SCHEMA, type TableQuery } from './query.ts'

export interface BuiltQuery {
  sql: string
  /**
   * The same answer followed by one row that is all null but for `true` in a last column more: a reader that has not
   * seen that row has not seen the whole answer (DuckDB ends a stream early and silently when it fails midway).
   */
  streamSql: string
  /** Values of $1, $2 …, all as text: the statement casts them. */
  parameters: string[]
  columns: AnswerColumn[]
}

/** The name of the column that marks the end in `streamSql`. */
const END_MARK = '"~end"'

/**
 * Throws QUERY_INVALID or TABLE_UNKNOWN for a query that cannot be answered; runs nothing.
 * @param datesOf what runQuery looks up before; without it the statement looks by itself, and is slow over `stock`
 */
export function buildQuery (query: TableQuery, options: BuildOptions = {}, datesOf?: LastDates): BuiltQuery {
  const checked = checkQuery(query, options)
  const parameters: string[] = []
  const core: Core = {
    checked, relation: relationOf(query, options), options, bind: value => `$${parameters.push(value)}`, datesOf
  }
  const all = answerSql(core)
  const order = orderKeys(checked)
  const ordered = (keys: readonly string[]): string => keys.length === 0 ? '' : ` order by ${keys.join(', ')}`
  const answer = checked.limit === undefined
    ? all
    : limitedSql(checked, all, `${ordered(order)} limit cast(${core.bind(String(checked.limit))} as bigint)`)
  const columns = ownColumns(checked)
  const outer = columns.map(column =>
    labelled(column, checked.labels === 'code' ? undefined : namesOf(column, checked, options), checked.labels, 'marked'))
  const shown = outer.flatMap(part => part.shown)
  const selected = shown.map(({ column, sql }) => `${sql} as ${quotedIdentifier(column.name)}`).join(', ')
  const joins = outer.map(({ join }) => join).join('')
  const nulls = columns.map(() => 'null').join(', ')
  return {
    sql: `select ${selected} from (${answer}) as marked${joins}${ordered(order)}`,
    streamSql: `select ${selected}, marked.${END_MARK} from (select *, false as ${END_MARK} from (${answer}) as answer ` +
      `union all select ${nulls}, true) as marked${joins}${ordered([`marked.${END_MARK}`, ...order])}`,
    parameters,
    columns: shown.map(({ column }) => column)
  }
}

/** The quoted name of the table asked for. Throws TABLE_UNKNOWN. */
export function relationOf (query: TableQuery, options: BuildOptions): string {
  const { declaration } = checkQuery({ table: query.table }, options)
  return [...(options.schema ?? [PUBLISHED_SCHEMA]), declaration.id].map(quotedIdentifier).join('.')
}

function answerSql (core: Core): string {
  const { checked } = core
  const { by, measures, compare, totals, shares } = checked
  if (compare === undefined && !totals && shares === undefined) return coreSql(core, { by, moved: false })
  const values = measures.flatMap(({ name }) =>
    compare === undefined ? [name] : [name, comparedNames(name, compare.suffix)[0]])
  const columns = (names: readonly string[]): string => names.map(name => `, ${quotedIdentifier(name)}`).join('')
  const parts = [`select 'figure' as row_type${columns([...by.map(({ name }) => name), ...values])} from figures`]
  if (totals) parts.push(...totalsSql(core))
  const shown = measures.flatMap(measure => [
    quotedIdentifier(measure.name),
    ...compare === undefined ? [] : comparedSql(measure.name, compare.suffix),
    ...shares === undefined || measure.summable === 'none' ? [] : [shareSql(measure.name, checked)]
  ])
  return `with figures as materialized (${figuresSql(core, by)}), every_row as (${parts.join(' union all ')}) ` +
    `select ${[...(totals ? ['row_type'] : []), ...by.map(({ name }) => quotedIdentifier(name)), ...shown].join(', ')} ` +
    'from every_row'
}

/** The figures, each beside the one it is compared with. A figure that is nought now stands if it was not before. */
function figuresSql (core: Core, by: readonly Key[]): string {
  const { measures, compare } = core.checked
  const now = coreSql(core, { by, moved: false })
  if (compare === undefined) return now
  const keys = by.map(({ name }) => quotedIdentifier(name))
  const values = measures.map(({ name, summable }) => {
    const column = quotedIdentifier(name)
    const value = summable === 'none' ? `now.${column}` : `coalesce(now.${column}, 0)`
    return `${value} as ${column}, before.${column} as ${quotedIdentifier(comparedNames(name, compare.suffix)[0])}`
  })
  return `select ${[...keys, ...values].join(', ')} from (select *, 1 as "~one" from (${now}) as asked) as now ` +
    `full join (select *, 1 as "~one" from (${coreSql(core, { by, moved: true })}) as earlier) as before ` +
    `using (${[...keys, '"~one"'].join(', ')})`
}

/** A row for each kept period, where more is kept, and one for all. */
function totalsSql (core: Core): string[] {
  const { by, measures } = core.checked
  const periods = by.filter(isTimeKey)
  // Over time the last date counts, so the total of all is not the sum of the periods but a figure of its own.
  const isOwn = periods.length > 0 && measures.some(({ summable }) => summable === 'last')
  return [
    ...periods.length > 0 && periods.length < by.length ? [totalSql(core.checked, 'period_total', periods, 'figures')] : [],
    totalSql(core.checked, 'total', [], isOwn ? `(${figuresSql(core, [])}) as whole` : 'figures')
  ]
}

function totalSql ({ by, measures, compare }: CheckedQuery, kind: string, kept: readonly Key[], from: string): string {
  const keys = by.map(key => kept.includes(key) ? quotedIdentifier(key.name) : 'null')
  const sums = measures.flatMap(({ name, summable, type }) => {
    const names = compare === undefined ? [name] : [name, comparedNames(name, compare.suffix)[0]]
    return names.map(one => summable === 'none' ? 'null' : `cast(sum(${quotedIdentifier(one)}) as ${sqlType(type)})`)
  })
  return `select ${[`'${kind}'`, ...keys, ...sums].join(', ')} from ${from}` +
    (kept.length === 0 ? '' : ` group by ${kept.map(({ name }) => quotedIdentifier(name)).join(', ')}`) +
    ' having count(*) > 0'
}

function comparedSql (measure: string, suffix: string): string[] {
  const [before, difference, change] = comparedNames(measure, suffix).map(quotedIdentifier) as [string, string, string]
  const moved = `${quotedIdentifier(measure)} - ${before}`
  return [before, `${moved} as ${difference}`, `round(100.0::double * (${moved}) / nullif(${before}, 0), 4) as ${change}`]
}

/** In percent, to four decimals: of all figures asked for, or of those of the row's period. */
function shareSql (measure: string, { by, shares }: CheckedQuery): string {
  const column = quotedIdentifier(measure)
  const periods = by.filter(isTimeKey).map(({ name }) => quotedIdentifier(name))
  const over = shares === 'period' ? `partition by ${periods.join(', ')}` : ''
  return `round(100.0::double * ${column} / nullif(sum(${column}) filter (where row_type = 'figure') over (${over}), 0), 4) ` +
    `as ${quotedIdentifier(shareName(measure))}`
}

/** Totals stay, whatever the limit. */
function limitedSql ({ totals }: CheckedQuery, all: string, limit: string): string {
  return totals
    ? `with answered as materialized (${all}) (select * from answered as marked where row_type = 'figure'${limit}) ` +
      'union all (select * from answered where row_type <> \'figure\')'
    : `select * from (${all}) as marked${limit}`
}

function orderKeys ({ by, sort, totals }: CheckedQuery): string[] {
  const own = (name: string): string => `marked.${quotedIdentifier(name)}`
  const rank = 'case marked.row_type when \'figure\' then 0 when \'period_total\' then 1 else 2 end'
  const asked = sort.map(({ name, descending }) => `${own(name)} ${descending ? 'desc' : 'asc'} nulls last`)
  const rest = by.filter(({ name }) => !sort.some(key => key.name === name)).map(({ name, dimension }) => {
    // Published files are ordered by code point in every column, so hour 10 stands before hour 9.
    const column = own(name)
    return `${dimension.type === 'integer' ? `cast(${column} as varchar)` : column} asc nulls last`
  })
  return [...totals ? [rank] : [], ...asked, ...rest]
}

function ownColumns ({ by, measures, compare, totals, shares }: CheckedQuery): AnswerColumn[] {
  const rowType: AnswerColumn = { name: 'row_type', role: 'dimension', type: 'text', coded: true }
  return [...totals ? [rowType] : [], ...by.map(keyColumn), ...measures.flatMap(measure => {
    const column = measureColumn(measure)
    const percent = (name: string): AnswerColumn => ({ ...column, name, type: 'number', unit: 'percent' })
    const [before, difference, change] = comparedNames(measure.name, compare?.suffix ?? '')
    return [
      column,
      ...compare === undefined ? [] : [{ ...column, name: before }, { ...column, name: difference }, percent(change)],
      ...shares === undefined || measure.summable === 'none' ? [] : [percent(shareName(measure.name))]
    ]
  })]
}

function namesOf ({ name }: AnswerColumn, { by }: CheckedQuery, options: BuildOptions):
ReturnType<typeof codeNames> | undefined {
  const lists = listsOf(options)
  if (name === 'row_type') return codeNames({ name, type: 'code' }, lists)
  const key = by.find(kept => kept.name === name)
  if (key === undefined) return undefined
  return key.group === undefined ? codeNames(key.dimension, lists) : groupNames(key.group().kind, lists)
}

function keyColumn ({ name, dimension, period, group }: Key): AnswerColumn {
  const declared = dimension.type === 'date' || dimension.type === 'integer' ? dimension.type : 'text'
  return {
    name,
    role: 'dimension',
    type: group === undefined ? period?.type ?? declared : 'text',
    coded: period === undefined && dimension.type === 'code'
  }
}

function measureColumn ({ name, type, unit }: TableMeasure): AnswerColumn {
  return { name, role: 'measure', type, coded: false, unit }
}
