// What a query may say: every name is looked up in the table's declaration, every value is bounded, before any SQL.
import {
  tableDeclaration, type TableDeclaration, type TableDimension, type TableMeasure
} from '../schemas/tables/index.ts'
import { checkExtras, type Extras } from './extras.ts'
import { GROUP_KINDS, groupCodes, type StateGroup, stateGroup, statesOf } from './groups.ts'
import { listsOf } from './lists.ts'
import type { BuildOptions, TableQuery } from './query.ts'
import { invalid, oneOf } from './refusal.ts'
import { parseAsOf, parseRange, type Period, periodsOf, timeDimension } from './time.ts'

/** A dimension of the table, a period over its time dimension, or groups of the states of a dimension. */
export interface Key {
  name: string
  dimension: TableDimension
  period?: Period
  /** Made when it is used: it reads the code lists. */
  group?: () => StateGroup
}

export interface SortKey { name: string, descending: boolean }

/** A query whose every name is one of the declaration. */
export interface CheckedQuery extends Extras {
  declaration: TableDeclaration
  time: TableDimension
  range: { first?: number, last?: number }
  /** A cut at a date that the rows themselves allow, in days since 1970-01-01. */
  cutAt?: number
  where: { key: Key, values: readonly string[] }[]
  by: Key[]
  measures: TableMeasure[]
  sort: SortKey[]
  limit?: number
}

const QUERY_FIELDS = [
  'table', 'from', 'to', 'where', 'by', 'measures', 'asOf', 'sort', 'limit', 'compare', 'totals', 'shares', 'labels'
]
const NAMES_MAX = 64
const VALUES_MAX = 1000

/** Throws QUERY_INVALID or TABLE_UNKNOWN, naming what is allowed. */
export function checkQuery (query: TableQuery, options: BuildOptions = {}): CheckedQuery {
  for (const field of Object.keys(query)) oneOf(field, QUERY_FIELDS, 'query')
  const declaration = (options.declare ?? tableDeclaration)(query.table)
  if (!declaration.available) {
    throw invalid(`a table that is computed (${declaration.id} is declared, but not computed by this version)`,
      declaration.id, 'table', 'See `borderflow tables`.')
  }
  const keys = keysOf(declaration, options)
  const by = query.by === undefined
    ? declaration.dimensions.map(dimension => ({ name: dimension.name, dimension }))
    : names(query.by, 'by').map(name => find(name, keys, 'by'))
  const measures = query.measures === undefined
    ? [...declaration.measures]
    : names(query.measures, 'measures').map(name => find(name, declaration.measures, 'measures'))
  if (measures.length === 0) throw invalid('at least one measure', 'none', 'measures')
  refuseUnsummable(declaration, by, measures)
  const where = Object.entries(query.where ?? {}).map(([name, values]) => {
    const key = find(name, keys, 'where')
    return { key, values: meant(key, checkValues(name, values), options) }
  })
  const range = parseRange(query.from, query.to)
  const extras = checkExtras(query, { declaration, by, measures, where, range })
  const columns = [...by, ...measures, ...extras.added.map(name => ({ name }))]
  return {
    declaration,
    time: timeDimension(declaration),
    range,
    cutAt: checkAsOf(query, declaration, options),
    where,
    by,
    measures,
    ...extras,
    sort: checkSort(query, columns),
    limit: checkLimit(query.limit)
  }
}

/** True if the rows of the answer keep the table's dates or months themselves. */
export function keepsTime (by: readonly Key[]): boolean {
  return by.some(({ dimension, period }) => isTime(dimension) && (period === undefined || period.name === 'day'))
}

const isTime = ({ type }: TableDimension): boolean => type === 'date' || type === 'month'

function keysOf (declaration: TableDeclaration, options: BuildOptions): Key[] {
  const own = declaration.dimensions.map((dimension): Key => ({ name: dimension.name, dimension }))
  const time = timeDimension(declaration)
  const taken = new Set(own.map(({ name }) => name))
  const periods = periodsOf(declaration).filter(({ name }) => !taken.has(name))
  return [
    ...own,
    ...periods.map((period): Key => ({ name: period.name, dimension: time, period })),
    ...declaration.dimensions.filter(({ codeList }) => codeList === 'states').flatMap(dimension =>
      GROUP_KINDS.map((kind): Key =>
        ({ name: `${dimension.name}_${kind}`, dimension, group: () => stateGroup(kind, listsOf(options)) })))
  ]
}

function refuseUnsummable (declaration: TableDeclaration, by: readonly Key[], measures: readonly TableMeasure[]): void {
  const unsummable = measures.filter(({ summable }) => summable === 'none')
  if (unsummable.length === 0) return
  const left = declaration.dimensions.filter(dimension =>
    isTime(dimension) ? !keepsTime(by) : !by.some(({ name }) => name === dimension.name))
  if (left.length === 0) return
  const summable = declaration.measures.filter(measure => measure.summable !== 'none').map(({ name }) => name)
  throw invalid(
    `all dimensions, because ${unsummable.map(({ name }) => name).join(', ')} cannot be summed`,
    `${left.map(({ name }) => name).join(', ')} left out`, 'by',
    summable.length === 0 ? 'Keep them.' : `Keep them, or ask for the measures ${summable.join(', ')} only.`)
}

function checkAsOf (query: TableQuery, declaration: TableDeclaration, options: BuildOptions): number | undefined {
  if (query.asOf === undefined) return undefined
  const day = parseAsOf(query.asOf)
  if (declaration.cutAtAsOf === true) return day
  if (options.asOf === query.asOf) return undefined
  const computed = options.asOf === undefined ? '' : `, ${options.asOf}`
  throw invalid(`the date through which ${declaration.id} is computed${computed}`, query.asOf, 'asOf',
    'Compute the tables as of that date first.')
}

function checkValues (name: string, values: unknown): readonly string[] {
  if (!Array.isArray(values) || values.length === 0 || values.length > VALUES_MAX ||
    values.some(value => typeof value !== 'string')) {
    const found = Array.isArray(values) ? `${values.length} values` : typeof values
    throw invalid(`a list of 1 to ${VALUES_MAX} texts`, found, `where.${name}`)
  }
  return values as string[]
}

/** Values of states with groups replaced by their members; values of groups that exist. */
function meant ({ name, dimension, group }: Key, values: readonly string[], options: BuildOptions): readonly string[] {
  if (group !== undefined) {
    const codes = groupCodes(group())
    for (const value of values) oneOf(value, codes, `where.${name}`)
    return values
  }
  if (dimension.codeList !== 'states' || !values.some(value => value.length > 3 || /^\d/.test(value))) return values
  return values.flatMap(value => {
    const states = statesOf(value, listsOf(options))
    if (states !== null) return states
    const regions = listsOf(options).codes('regions').map(({ code, nameEn }) => `${code} (${nameEn})`)
    throw invalid(`a state, asean, or a region of ${regions.join(', ')}`, JSON.stringify(value), `where.${name}`)
  })
}

function checkSort (query: TableQuery, columns: readonly { name: string }[]): SortKey[] {
  const keys = texts(query.sort ?? [], 'sort').map(text => {
    const descending = text.startsWith('-')
    return { name: find(descending ? text.slice(1) : text, columns, 'sort').name, descending }
  })
  names(keys.map(({ name }) => name), 'sort')
  return keys
}

function checkLimit (limit: unknown): number | undefined {
  if (limit === undefined) return undefined
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 1) return limit
  throw invalid('a whole number of rows, 1 or more', JSON.stringify(limit) ?? typeof limit, 'limit')
}

function names (value: unknown, where: string): string[] {
  const list = texts(value, where)
  const twice = list.find((name, index) => list.indexOf(name) !== index)
  if (twice !== undefined) throw invalid('each name once', `${JSON.stringify(twice.slice(0, 64))} twice`, where)
  return list
}

function texts (value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.length <= NAMES_MAX && value.every(name => typeof name === 'string')) return value
  throw invalid(`a list of at most ${NAMES_MAX} names`, Array.isArray(value) ? 'another list' : typeof value, where)
}

function find<T extends { name: string }> (name: string, among: readonly T[], where: string): T {
  oneOf(name, among.map(item => item.name), where)
  return among.find(item => item.name === name)!
}
