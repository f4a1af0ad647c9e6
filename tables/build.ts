// One query object → one SQL statement. Names come from declarations only and are quoted; values are bound parameters.
import { formatDay, parseDay } from '../core/civil-date.ts'
import { type TableMeasure } from '../schemas/tables/index.ts'
import { type CheckedQuery, checkQuery, keepsTime, type Key } from './check.ts'
import { quotedIdentifier } from './identifier.ts'
import { type AnswerColumn, type BuildOptions, PUBLISHED_SCHEMA, type TableQuery } from './query.ts'
import { formatMonth } from './time.ts'

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

/** Throws QUERY_INVALID or TABLE_UNKNOWN for a query that cannot be answered; runs nothing. */
export function buildQuery (query: TableQuery, options: BuildOptions = {}): BuiltQuery {
  const checked = checkQuery(query, options)
  const parameters: string[] = []
  const bind = (value: string): string => `$${parameters.push(value)}`
  const relation = [...(options.schema ?? [PUBLISHED_SCHEMA]), checked.declaration.id].map(quotedIdentifier).join('.')
  const core = coreSql(checked, relation, options.asOf, bind)
  const order = orderKeys(checked).join(', ')
  const ordered = order === '' ? '' : ` order by ${order}`
  const limited = checked.limit === undefined ? '' : ` limit cast(${bind(String(checked.limit))} as bigint)`
  const sql = `select * from (${core}) as answer${ordered}${limited}`
  const nulls = [...checked.by, ...checked.measures].map(() => 'null').join(', ')
  const streamSql = `select * from (select *, false as ${END_MARK} from (${limited === '' ? core : sql}) as answer ` +
    `union all select ${nulls}, true) as marked order by ${[END_MARK, ...orderKeys(checked)].join(', ')}`
  return { sql, streamSql, parameters, columns: [...checked.by.map(keyColumn), ...checked.measures.map(measureColumn)] }
}

type Bind = (value: string) => string

function coreSql (checked: CheckedQuery, relation: string, knownAsOf: string | undefined, bind: Bind): string {
  const { by, measures } = checked
  const timePredicates = timeSql(checked, bind)
  const predicates = [...timePredicates,
    ...checked.where.filter(({ key }) => !isTime(key)).map(({ key, values }) => anyOf(key, values, bind))]
  if (measures.some(({ summable }) => summable === 'last') && !keepsTime(by)) {
    predicates.push(lastDates(checked, relation, timePredicates, knownAsOf, bind))
  }
  const selected = [
    ...by.map(key => `${keySql(key)} as ${quotedIdentifier(key.name)}`),
    ...measures.map(measure => `${measureSql(measure)} as ${quotedIdentifier(measure.name)}`)
  ]
  return `select ${selected.join(', ')} from ${relation}` +
    (predicates.length === 0 ? '' : ` where ${predicates.join(' and ')}`) +
    (by.length === 0 ? '' : ` group by ${by.map((_, index) => index + 1).join(', ')}`) +
    ` having ${notAllZero(checked)}`
}

/** Conditions on the time column alone: they choose the dates of `last` measures too. */
function timeSql ({ time, range, cutAt, where }: CheckedQuery, bind: Bind): string[] {
  const column = quotedIdentifier(time.name)
  const bound = (day: number): string =>
    time.type === 'date' ? `cast(${bind(formatDay(day))} as date)` : bind(formatMonth(day))
  return [
    ...(range.first === undefined ? [] : [`${column} >= ${bound(range.first)}`]),
    ...(range.last === undefined ? [] : [`${column} <= ${bound(range.last)}`]),
    ...(cutAt === undefined ? [] : [`${column} <= ${bound(cutAt)}`]),
    ...where.filter(({ key }) => isTime(key)).map(({ key, values }) => anyOf(key, values, bind))
  ]
}

/**
 * Only the last date of each kept period, by the calendar and not by the rows: a date on which nobody was present has
 * no row, and the figure of its period is nought. No period goes past the date through which the table is computed.
 */
function lastDates (checked: CheckedQuery, relation: string, timePredicates: string[], knownAsOf: string | undefined,
  bind: Bind): string {
  const column = quotedIdentifier(checked.time.name)
  const last = knownAsOf === undefined ? `(select max(${column}) from ${relation})` : `cast(${bind(knownAsOf)} as date)`
  const periods = checked.by.filter(key => isTime(key)).map(keySql)
  return `${column} in (select max(${column}) from (select cast(unnest(generate_series(` +
    `(select min(${column}) from ${relation}), ${last}, interval 1 day)) as date) as ${column}) as calendar` +
    (timePredicates.length === 0 ? '' : ` where ${timePredicates.join(' and ')}`) +
    (periods.length === 0 ? '' : ` group by ${periods.join(', ')}`) + ')'
}

function anyOf (key: Key, values: readonly string[], bind: Bind): string {
  const type = key.period?.type ?? key.dimension.type
  const bound = [...new Set(values)].flatMap(value => {
    // What cannot be a value of the column matches nothing; it is no mistake of the query.
    if (type === 'date') return parseDay(value) === null ? [] : [`cast(${bind(value)} as date)`]
    if (type === 'integer') return /^(0|-?[1-9]\d{0,8})$/.test(value) ? [`cast(${bind(value)} as integer)`] : []
    return [bind(value)]
  })
  return bound.length === 0 ? 'false' : `${keySql(key)} in (${bound.join(', ')})`
}

const isTime = ({ dimension }: Key): boolean => dimension.type === 'date' || dimension.type === 'month'

function keySql ({ dimension, period }: Key): string {
  const column = quotedIdentifier(dimension.name)
  return period === undefined ? column : period.expression(column)
}

function measureSql ({ name, summable, type }: TableMeasure): string {
  const column = quotedIdentifier(name)
  // Where a measure cannot be summed all dimensions are kept, and a group is one row.
  const value = summable === 'none' ? `any_value(${column})` : `sum(${column})`
  return `cast(${value} as ${type === 'integer' ? 'bigint' : 'double'})`
}

function notAllZero ({ declaration, measures }: CheckedQuery): string {
  const asked = measures.filter(({ summable }) => summable !== 'none')
  const counted = asked.length > 0 ? asked : declaration.measures.filter(({ summable }) => summable !== 'none')
  return counted.map(({ name }) => `sum(${quotedIdentifier(name)}) <> 0`).join(' or ')
}

function orderKeys ({ by, sort }: CheckedQuery): string[] {
  const asked = sort.map(({ name, descending }) =>
    `${quotedIdentifier(name)} ${descending ? 'desc' : 'asc'} nulls last`)
  const rest = by.filter(({ name }) => !sort.some(key => key.name === name)).map(({ name, dimension }) => {
    // Published files are ordered by code point in every column, so hour 10 stands before hour 9.
    const column = quotedIdentifier(name)
    return `${dimension.type === 'integer' ? `cast(${column} as varchar)` : column} asc nulls last`
  })
  return [...asked, ...rest]
}

function keyColumn ({ name, dimension, period }: Key): AnswerColumn {
  const declared = dimension.type === 'date' || dimension.type === 'integer' ? dimension.type : 'text'
  return {
    name,
    role: 'dimension',
    type: period?.type ?? declared,
    coded: period === undefined && dimension.type === 'code'
  }
}

function measureColumn ({ name, type, unit }: TableMeasure): AnswerColumn {
  return { name, role: 'measure', type, coded: false, unit }
}
