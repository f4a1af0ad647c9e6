// The figures of one side of a query: those that are asked for, or those that they are compared with, moved onto their
// time. Names come from declarations only and are quoted; values are bound parameters.
import { formatDay, parseDay } from '../core/civil-date.ts'
import type { TableMeasure } from '../schemas/tables/index.ts'
import { type CheckedQuery, keepsTime, type Key } from './check.ts'
import { isTimeKey } from './extras.ts'
import { groupExpression, groupJoin } from './groups.ts'
import { quotedIdentifier } from './identifier.ts'
import type { BuildOptions } from './query.ts'
import { formatMonth } from './time.ts'

/** Takes a value, gives its place in the statement: $1, $2 … All are text; the statement casts them. */
export type Bind = (value: string) => string

export interface Side {
  by: readonly Key[]
  /** True for the figures that are compared with. */
  moved: boolean
}

export interface Core {
  checked: CheckedQuery
  /** The quoted name of the table. */
  relation: string
  options: BuildOptions
  bind: Bind
  /** The dates of `last` measures, where they were looked up before (tables/last-dates.ts). */
  datesOf?: (side: Side) => readonly string[] | undefined
}

/** No fact is older (docs/method.md §1.3). */
const FIRST_DATE = '2000-01-01'

/** One row per combination of the kept keys, by their names, with the measures; rows of noughts are left out. */
export function coreSql (core: Core, side: Side): string {
  const { checked: { measures, where }, bind } = core
  const { by } = side
  const predicates = [
    ...timeSql(core, side),
    ...where.filter(({ key }) => !isTimeKey(key)).map(({ key, values }) => anyOf(key, values, bind))
  ]
  const dates = lastDatesSql(core, side)
  if (dates !== null && !side.moved) predicates.push(dates)
  const selected = [
    ...by.map(key => `${keySql(key)} as ${quotedIdentifier(key.name)}`),
    ...measures.map(measure => `${measureSql(measure)} as ${quotedIdentifier(measure.name)}`)
  ]
  const source = side.moved ? movedSql(core, dates) : core.relation
  return `select ${selected.join(', ')} from ${source}${joins([...by, ...where.map(({ key }) => key)])}` +
    (predicates.length === 0 ? '' : ` where ${predicates.join(' and ')}`) +
    (by.length === 0 ? '' : ` group by ${by.map((_, index) => index + 1).join(', ')}`) +
    ` having ${notAllZero(core.checked)}`
}

/** True where a side shows the figures of chosen dates only: over time a `last` measure is that of the last date. */
export function takesLastDates ({ measures }: CheckedQuery, { by }: Side): boolean {
  return measures.some(({ summable }) => summable === 'last') && !keepsTime(by)
}

/**
 * Selects the last date of each kept period, by the calendar and not by the rows: a date on which nobody was present
 * has no row, and the figure of its period is nought. No period goes past the date through which the table is computed.
 */
export function calendarSql (core: Core, side: Side): string {
  const { checked, relation, options, bind } = core
  const column = quotedIdentifier(checked.time.name)
  const last = options.asOf === undefined
    ? `(select max(${column}) from ${relation})`
    : `cast(${bind(options.asOf)} as date)`
  const first = `cast(${bind(options.firstFact ?? FIRST_DATE)} as date)`
  const moved = side.moved ? checked.compare!.forward('"~date"') : '"~date"'
  const predicates = timeSql(core, side)
  const periods = side.by.filter(isTimeKey).map(keySql)
  return `select max("~date") as "~last" from (select "~date", ${moved} as ${column} from (select ` +
    `cast(unnest(generate_series(${first}, ${last}, interval 1 day)) as date) as "~date") as days) as calendar` +
    (predicates.length === 0 ? '' : ` where ${predicates.join(' and ')}`) +
    (periods.length === 0 ? '' : ` group by ${periods.join(', ')}`)
}

export function keySql ({ name, dimension, period, group }: Key): string {
  if (group !== undefined) return groupExpression(name)
  const column = quotedIdentifier(dimension.name)
  return period === undefined ? column : period.expression(column)
}

function lastDatesSql (core: Core, side: Side): string | null {
  if (!takesLastDates(core.checked, side)) return null
  const column = quotedIdentifier(core.checked.time.name)
  const dates = core.datesOf?.(side)
  if (dates === undefined) return `${column} in (${calendarSql(core, side)})`
  // Constants, which DuckDB carries into the view: of all its dates it then makes these only.
  if (dates.length === 0) return 'false'
  return `${column} in (${dates.map(date => `cast(${core.bind(date)} as date)`).join(', ')})`
}

/** The rows of earlier times, with the times that they are compared with in place of their own. */
function movedSql (core: Core, dates: string | null): string {
  const { checked: { time, range, compare }, relation, bind } = core
  const column = quotedIdentifier(time.name)
  const { forward, daysMin, daysMax } = compare!
  const bound = (day: number): string => boundSql(time.type, day, bind)
  // The exact bounds are those of the moved times; these let a scan leave out what is far from them.
  const near = [
    ...(range.first === undefined ? [] : [`${column} >= ${bound(range.first - daysMax)}`]),
    ...(range.last === undefined ? [] : [`${column} <= ${bound(range.last - daysMin + 31)}`]),
    ...(dates === null ? [] : [dates])
  ]
  return `(select * replace (${forward(column)} as ${column}) from ${relation}` +
    `${near.length === 0 ? '' : ` where ${near.join(' and ')}`}) as moved`
}

/** Conditions on the time alone: they choose the dates of `last` measures too. */
function timeSql ({ checked, relation, options, bind }: Core, { moved }: Side): string[] {
  const { time, range, cutAt, where } = checked
  const column = quotedIdentifier(time.name)
  const bound = (day: number): string => boundSql(time.type, day, bind)
  // What was moved must not go past what there is: a month that is not over is compared with as many days.
  const end = (): string => time.type === 'date' && options.asOf !== undefined
    ? `cast(${bind(options.asOf)} as date)`
    : `(select max(${column}) from ${relation})`
  return [
    ...(moved ? [`${column} <= ${end()}`] : []),
    ...(range.first === undefined ? [] : [`${column} >= ${bound(range.first)}`]),
    ...(range.last === undefined ? [] : [`${column} <= ${bound(range.last)}`]),
    ...(cutAt === undefined ? [] : [`${column} <= ${bound(cutAt)}`]),
    ...where.filter(({ key }) => isTimeKey(key)).map(({ key, values }) => anyOf(key, values, bind))
  ]
}

function boundSql (type: string, day: number, bind: Bind): string {
  return type === 'date' ? `cast(${bind(formatDay(day))} as date)` : bind(formatMonth(day))
}

function anyOf (key: Key, values: readonly string[], bind: Bind): string {
  const type = key.group === undefined ? key.period?.type ?? key.dimension.type : 'code'
  const bound = [...new Set(values)].flatMap(value => {
    // What cannot be a value of the column matches nothing; it is no mistake of the query.
    if (type === 'date') return parseDay(value) === null ? [] : [`cast(${bind(value)} as date)`]
    if (type === 'integer') return /^(0|-?[1-9]\d{0,8})$/.test(value) ? [`cast(${bind(value)} as integer)`] : []
    return [bind(value)]
  })
  return bound.length === 0 ? 'false' : `${keySql(key)} in (${bound.join(', ')})`
}

function joins (keys: readonly Key[]): string {
  const byName = new Map(keys.map(key => [key.name, key]))
  return [...byName.values()].map(({ name, dimension, group }) =>
    group === undefined ? '' : groupJoin(name, dimension.name, group())).join('')
}

function measureSql ({ name, summable, type }: TableMeasure): string {
  const column = quotedIdentifier(name)
  // Where a measure cannot be summed all dimensions are kept, and a group is one row.
  const value = summable === 'none' ? `any_value(${column})` : `sum(${column})`
  return `cast(${value} as ${sqlType(type)})`
}

export function sqlType (type: TableMeasure['type']): string {
  return type === 'integer' ? 'bigint' : 'double'
}

function notAllZero ({ declaration, measures }: CheckedQuery): string {
  const asked = measures.filter(({ summable }) => summable !== 'none')
  const counted = asked.length > 0 ? asked : declaration.measures.filter(({ summable }) => summable !== 'none')
  return counted.map(({ name }) => `sum(${quotedIdentifier(name)}) <> 0`).join(' or ')
}
