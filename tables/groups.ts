// Groups of states: ASEAN and the regions of UN M49, as roll-ups and as filters of any dimension of states.
// Membership is that of each state's latest row, for all periods: a series is of the same states throughout.
import { quotedIdentifier, quotedText } from './identifier.ts'
import type { QueryLists } from './query.ts'

export type GroupKind = 'asean' | 'region' | 'sub_region'
/** Behind the name of a dimension of states: `nationality_region`. */
export const GROUP_KINDS: readonly GroupKind[] = ['asean', 'region', 'sub_region']

/** A roll-up of a dimension of states. */
export interface StateGroup {
  kind: GroupKind
  /** Group of every state that is in one; `unknown` is a group of its own, every other state is `other`. */
  groups: ReadonlyMap<string, string>
}

export const OTHER = 'other'
const UNKNOWN = 'unknown'
const ASEAN = 'asean'

/** The group of every state by the lists. */
export function stateGroup (kind: GroupKind, lists: QueryLists): StateGroup {
  const groups = new Map(lists.codes('states').flatMap(({ code, asean, m49Region, m49SubRegion }) => {
    const group = kind === 'asean' ? (asean === 'yes' ? ASEAN : '') : kind === 'region' ? m49Region : m49SubRegion
    return group === '' ? [] : [[code, group] as const]
  }))
  return { kind, groups: groups.set(UNKNOWN, UNKNOWN) }
}

/** Every value that the group's column can have. */
export function groupCodes ({ groups }: StateGroup): string[] {
  return [...new Set([...groups.values(), OTHER])]
}

/** Joins the groups to rows that have the dimension. */
export function groupJoin (name: string, dimension: string, { groups }: StateGroup): string {
  const alias = quotedIdentifier(`~${name}`)
  return ` left join ${mapSql({ '~code': [...groups.keys()], '~group': [...groups.values()] })} as ${alias} ` +
    `on ${quotedIdentifier(dimension)} = ${alias}."~code"`
}

/** The group of a row that `groupJoin` has joined. */
export function groupExpression (name: string): string {
  return `coalesce(${quotedIdentifier(`~${name}`)}."~group", '${OTHER}')`
}

/**
 * The states that a value of a filter stands for: itself, or the members of `asean` or of an M49 code. Null for three
 * digits that are no region: they can be meant for nothing else.
 */
export function statesOf (value: string, lists: QueryLists): readonly string[] | null {
  const isRegion = /^\d{3}$/.test(value)
  if (!isRegion && value.toLowerCase() !== ASEAN) return [value]
  const states = lists.codes('states').filter(state => isRegion
    ? state.m49Region === value || state.m49SubRegion === value
    : state.asean === 'yes')
  return states.length === 0 ? null : states.map(({ code }) => code)
}

/** A small table of constants: columns of equal length. Only names of lists and declarations come here. */
export function mapSql (columns: Readonly<Record<string, readonly (string | null)[]>>): string {
  const selected = Object.entries(columns).map(([name, values]) =>
    `unnest([${values.map(value => value === null ? 'null' : quotedText(value)).join(', ')}]::varchar[]) ` +
    `as ${quotedIdentifier(name)}`)
  return `(select ${selected.join(', ')})`
}
