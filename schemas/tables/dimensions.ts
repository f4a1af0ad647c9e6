// The dimensions that the published tables share. Closed sets come from the enums; open ones name their code list.
import { ENUMS } from '../enums.ts'
import type { TableDimension, TableMeasure, Unit } from './declaration.ts'

const UNKNOWN = 'unknown'
const present = (codes: readonly string[]): string[] => codes.filter(code => code !== UNKNOWN)

export const businessDate: TableDimension = { name: 'business_date', type: 'date' }
export const month: TableDimension = { name: 'month', type: 'month' }
export const hour: TableDimension = { name: 'hour', type: 'integer' }
export const checkpoint: TableDimension = { name: 'checkpoint', type: 'code', codeList: 'checkpoints' }
export const nationality: TableDimension = { name: 'nationality', type: 'code', codeList: 'states' }
export const province: TableDimension = { name: 'province', type: 'code', codeList: 'provinces' }
export const visaClass: TableDimension = { name: 'visa_class', type: 'code', codeList: 'visa_classes' }
export const ageBand: TableDimension = { name: 'age_band', type: 'code', codes: ENUMS.age_band }
export const direction: TableDimension = { name: 'direction', type: 'code', codes: ENUMS.direction }
export const decision: TableDimension = { name: 'decision', type: 'code', codes: ENUMS.decision }
export const side: TableDimension = { name: 'side', type: 'code', codes: ['inside', 'abroad'] }
export const mode: TableDimension = {
  name: 'mode', type: 'code', codeList: 'travel_modes', codes: ENUMS.travel_mode
}
export const purpose: TableDimension = {
  name: 'purpose', type: 'code', codeList: 'purposes', codes: ENUMS.purpose
}

/** Sex as a crossing gives it. */
export const sex: TableDimension = { name: 'sex', type: 'code', codeList: 'sexes', codes: ['F', 'M', 'X'] }
/** Sex where tallies count too, which may not say it: `U`. */
export const sexOrUnstated: TableDimension = { name: 'sex', type: 'code', codeList: 'sexes', codes: ENUMS.sex }

/** Accommodation as registered; `unknown` only where there is no registration. */
export const accommodationType: TableDimension = {
  name: 'accommodation_type', type: 'code', codeList: 'accommodation_types', codes: ENUMS.accommodation_type
}
export const accommodationTypeOrUnknown: TableDimension = {
  ...accommodationType, codes: [...present(ENUMS.accommodation_type), UNKNOWN]
}

/** A closed set that only one table uses. */
export function codes (name: string, values: readonly string[]): TableDimension {
  return { name, type: 'code', codes: values }
}

/** A whole number that is added over whatever is left out. */
export function count (name: string, unit: Unit): TableMeasure {
  return { name, unit, summable: 'sum', type: 'integer' }
}
