// The parts that contracts share: a document, a traveller. Each is read, judged and written in steps, because reasons
// have an order of their own: all codes come before any date of birth, and that before the document.
import { setNull, setUuid } from '../../core/column-buffer.ts'
import { enumOrdinals } from '../../schemas/enums.ts'
import { ageBandOrdinal, ageOn } from './age.ts'
import { codeNumber, type NormaliseContext, type RowTarget } from './context.ts'
import { normaliseDocumentNumber } from './traveller-key.ts'

export interface DocumentValue { type: string, issuing_state: string, number: string }
export interface TravellerValue {
  nationality: string
  sex: string
  date_of_birth?: string | null
  country_of_residence?: string | null
}

export const DOCUMENT_TYPE = enumOrdinals('document_type')
export const SEX = enumOrdinals('sex')

/** Sex as reported: `<` is X; absent is U. */
export function reportedSex (sex: string | null | undefined): string {
  return sex == null ? 'U' : sex === '<' ? 'X' : sex
}

/** True if an ISO 3166-1 alpha-3 code is absent or known. */
export function isCountryOrAbsent (context: NormaliseContext, code: string | null | undefined): boolean {
  return code == null || context.lists.isCountry(code)
}

/** Writes type, issuing state and pseudonym of a document whose state and number have been judged. */
export function writeDocument (
  context: NormaliseContext, target: RowTarget, row: number, type: string, state: string, number: string
): void {
  const key = context.travellerKey(state, type, number)
  const { data } = target
  data.document_type![row] = DOCUMENT_TYPE.get(type) ?? 0
  data.issuing_state![row] = codeNumber(context, 'state', state)
  setUuid(data.traveller_key as Uint8Array, row, key)
}

/** Completed years, null where no date of birth is given, or 'invalid'. */
export function travellerAge (dateOfBirth: string | null | undefined, day: number): number | null | 'invalid' {
  if (dateOfBirth == null) return null
  return ageOn(dateOfBirth, day) ?? 'invalid'
}

/** Writes nationality, sex, age and residence of a traveller whose codes and age have been judged. */
export function writeTraveller (
  context: NormaliseContext, target: RowTarget, row: number, nationality: string, traveller: TravellerValue,
  age: number | null
): void {
  const { data } = target
  data.nationality![row] = codeNumber(context, 'state', nationality)
  data.sex![row] = SEX.get(reportedSex(traveller.sex)) ?? 0
  if (age === null) setNull(target.column.age!, row)
  else data.age![row] = age
  data.age_band![row] = age === null ? 0 : ageBandOrdinal(age)
  const residence = traveller.country_of_residence
  data.residence![row] = residence == null ? 0 : codeNumber(context, 'state', residence)
}

/** The normalised number of a document, empty if it is invalid. */
export function documentNumber (document: DocumentValue): string {
  return normaliseDocumentNumber(document.number)
}
