// What a published table declares of itself: everything that asking, publishing and documenting it needs.

/** `persons` are movements across the border unless the title says people: one person may cross many times. */
export type Unit = 'persons' | 'stays' | 'nights' | 'days' | 'USD' | 'departures' | 'visits' | 'crossings' |
  'extensions' | 'registrations' | 'messages' | 'seconds'

export interface TableDimension {
  name: string
  /** `date` is DATE, `month` is text `YYYY-MM`, `integer` is INTEGER, `code` is text. No value is ever null. */
  type: 'date' | 'month' | 'integer' | 'code'
  /** The list under `schemas/lists/` that names the codes; `unknown` may stand beside them. */
  codeList?: string
  /** All codes, where the set is closed. */
  codes?: readonly string[]
}

export interface TableMeasure {
  name: string
  unit: Unit
  /** Over dimensions left out: added; added, but over time the last date; or refused. */
  summable: 'sum' | 'last' | 'none'
  type: 'integer' | 'number'
}

/** What is protected together: each population is published by one method only. */
export type Population = 'arrivals and exits' | 'refusals' | 'minors' | 'returnees' | 'stays' | 'extensions' |
  'registrations' | 'processing'

export interface TableDeclaration {
  id: string
  title: { en: string, km: string }
  description: { en: string, km?: string }
  /** The objectives of the Global Compact for Migration that it serves (`GCM 1` …), or a national user. */
  objective: readonly string[]
  unit: Unit
  /** In the published order; together they identify a row. */
  dimensions: readonly TableDimension[]
  /** In the published order, after the dimensions. */
  measures: readonly TableMeasure[]
  frequency: 'hourly' | 'daily' | 'monthly'
  population: Population
  disclosure: string
  revisionPolicy: string
  /** Changed in the loading transaction itself, or derived within seconds after it. */
  speed: 'loading' | 'derived'
  /** True where the table for an earlier as-of date is simply its rows up to that date. */
  cutAtAsOf?: true
  /** False while the table is declared but not computed by this version. */
  available: boolean
}
