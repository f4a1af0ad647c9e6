// Names in place of codes, or beside them: of code lists, of closed sets, and of the columns themselves.
import {
  bandName, CODE_NAMES, COLUMN_NAMES, type Name, SUFFIX_NAMES, UNKNOWN_NAME
} from '../schemas/tables/names.ts'
import type { TableDimension } from '../schemas/tables/index.ts'
import { GROUP_KINDS, type GroupKind, mapSql } from './groups.ts'
import { quotedIdentifier } from './identifier.ts'
import type { AnswerColumn, LabelMode, QueryLists } from './query.ts'

const UNKNOWN = 'unknown'
const BANDS: Readonly<Record<string, Name>> = {
  age_band: { en: 'years', km: 'ឆ្នាំ' }, length_band: { en: 'days', km: 'ថ្ងៃ' }
}

/** Names of the codes of a dimension, those that have one. An empty Khmer name is one that nobody has confirmed. */
export function codeNames (dimension: TableDimension, lists: QueryLists): Map<string, Name> {
  const names = new Map<string, Name>(Object.entries(CODE_NAMES[dimension.name] ?? {}))
  for (const code of dimension.codes ?? []) {
    const band = BANDS[dimension.name]
    const named = band === undefined ? null : bandName(code, band)
    if (named !== null) names.set(code, named)
  }
  if (dimension.codeList !== undefined) {
    for (const { code, nameEn, nameKm } of lists.codes(dimension.codeList as Parameters<QueryLists['codes']>[0])) {
      names.set(code, { en: nameEn, km: nameKm })
    }
  }
  return names.set(UNKNOWN, UNKNOWN_NAME)
}

/** Names of the groups of a dimension of states. */
export function groupNames (kind: GroupKind, lists: QueryLists): Map<string, Name> {
  return codeNames({ name: kind, type: 'code', ...(kind === 'asean' ? {} : { codeList: 'regions' }) }, lists)
}

/** What people read at the head of a column: a dimension, a period, a group, a measure or what is worked out of one. */
export function columnHeading (column: string, language: 'en' | 'km'): string {
  const own = COLUMN_NAMES[column]
  if (own !== undefined) return spoken(own, language)
  const suffix = Object.keys(SUFFIX_NAMES).sort((a, b) => b.length - a.length).find(end => column.endsWith(`_${end}`))
  if (suffix === undefined) return column
  const base = columnHeading(column.slice(0, -suffix.length - 1), language)
  const behind = spoken(SUFFIX_NAMES[suffix]!, language)
  return (GROUP_KINDS as readonly string[]).includes(suffix) ? `${base}: ${behind}` : `${base}, ${behind}`
}

/** The columns that an answer shows for one of its own, and the SQL expression of each over `from`. */
export function labelled (
  column: AnswerColumn, names: ReadonlyMap<string, Name> | undefined, mode: LabelMode, from: string
): { shown: { column: AnswerColumn, sql: string }[], join: string } {
  const { name } = column
  const own = `${from}.${quotedIdentifier(name)}`
  if (mode === 'code') return { shown: [{ column, sql: own }], join: '' }
  const heading = (language: 'en' | 'km'): string => columnHeading(name, language)
  if (names === undefined || !column.coded) {
    const language = mode === 'km' ? 'km' : 'en'
    return { shown: [{ column: { ...column, heading: heading(language) }, sql: own }], join: '' }
  }
  const alias = quotedIdentifier(`~names_${name}`)
  const codes = [...names.keys()]
  const join = ` left join ${mapSql({
    '~code': codes,
    '~en': codes.map(code => names.get(code)!.en),
    '~km': codes.map(code => names.get(code)!.km === '' ? null : names.get(code)!.km)
  })} as ${alias} on ${own} = ${alias}."~code"`
  const english = `coalesce(${alias}."~en", ${own})`
  const inPlace = { ...column, coded: false }
  if (mode === 'en') return { shown: [{ column: { ...inPlace, heading: heading('en') }, sql: english }], join }
  if (mode === 'km') {
    const sql = `coalesce(${alias}."~km", ${english})`
    return { shown: [{ column: { ...inPlace, heading: heading('km') }, sql }], join }
  }
  return {
    shown: [
      { column: { ...column, heading: `${heading('en')} (code)` }, sql: own },
      { column: { ...inPlace, name: `${name}_en`, heading: heading('en') }, sql: english },
      { column: { ...inPlace, name: `${name}_km`, heading: heading('km') }, sql: `${alias}."~km"` }
    ],
    join
  }
}

function spoken ({ en, km }: Name, language: 'en' | 'km'): string {
  return language === 'km' && km !== '' ? km : en
}
