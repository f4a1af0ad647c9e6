// gdi.crossing.v1 → a row of `crossings`.
import { businessDay, businessHour, parseDay } from '../../core/civil-date.ts'
import { setInstant, setNull, setText, setUuid } from '../../core/column-buffer.ts'
import { parseInstant } from '../../core/instant.ts'
import type { CrossingRecord } from '../../schemas/contracts/index.ts'
import { enumOrdinals } from '../../schemas/enums.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { codeNumber, contentText, UNIT_SEPARATOR, type NormaliseContext, type RowTarget } from './context.ts'
import {
  documentNumber, isCountryOrAbsent, reportedSex, travellerAge, writeDocument, writeTraveller
} from './person.ts'
import { judgeInstant } from './times.ts'

const DIRECTION = enumOrdinals('direction')
const DECISION = enumOrdinals('decision')
const TRAVEL_MODE = enumOrdinals('travel_mode')
const ACCOMPANIMENT = enumOrdinals('accompaniment')
const PURPOSE = enumOrdinals('purpose')
const RETURNEE_REASON = enumOrdinals('returnee_reason')
const RETURNEE_NEA = enumOrdinals('returnee_nea')

/** Judges a crossing and writes it as row `row`. Returns the first reason that applies, or null if it was written. */
export function normaliseCrossing (
  context: NormaliseContext, crossing: CrossingRecord, receivedAtMs: number, target: RowTarget, row: number
): Reason | null {
  const { lists } = context
  const occurredAtMs = parseInstant(crossing.occurred_at) as number
  const untimely = judgeInstant(occurredAtMs, receivedAtMs)
  if (untimely !== null) return untimely
  const day = businessDay(occurredAtMs)
  const checkpoint = lists.resolveCheckpoint(crossing.checkpoint, day)
  if (typeof checkpoint === 'string') return checkpoint
  const { document, traveller, visa, returnee } = crossing
  const state = lists.reportingState(document.issuing_state)
  const nationality = lists.reportingState(traveller.nationality)
  if (state === null || nationality === null || !knowsCodes(context, crossing)) return 'code_unknown'
  const age = travellerAge(traveller.date_of_birth, day)
  if (age === 'invalid') return 'date_of_birth_invalid'
  const number = documentNumber(document)
  if (number === '') return 'document_invalid'

  const { data, text, column } = target
  const mode = crossing.mode ?? checkpoint.mode
  const visaClass = visa?.class ?? (document.type === 'border_pass' ? 'border_pass' : 'unknown')
  const recordedAtMs = parseInstant(crossing.recorded_at) as number
  data.business_date![row] = day
  data.business_hour![row] = businessHour(occurredAtMs)
  setInstant(data.occurred_at as Uint32Array, row, occurredAtMs)
  setInstant(data.recorded_at as Uint32Array, row, recordedAtMs)
  data.checkpoint![row] = codeNumber(context, 'checkpoint', checkpoint.code)
  data.direction![row] = DIRECTION.get(crossing.direction) ?? 0
  data.decision![row] = DECISION.get(crossing.decision) ?? 0
  data.refusal_reason![row] = optional(context, 'refusal_reason', crossing.refusal_reason)
  data.travel_mode![row] = TRAVEL_MODE.get(mode) ?? 0
  writeDocument(context, target, row, document.type, state, number)
  writeTraveller(context, target, row, nationality, traveller, age)
  data.accompaniment![row] = ACCOMPANIMENT.get(crossing.accompaniment ?? 'unknown') ?? 0
  data.visa_class![row] = codeNumber(context, 'visa_class', visaClass)
  if (visa?.permitted_until == null) setNull(column.permitted_until!, row)
  else data.permitted_until![row] = parseDay(visa.permitted_until) as number
  data.purpose![row] = PURPOSE.get(crossing.purpose ?? 'unknown') ?? 0
  data.other_country![row] = optional(context, 'state', crossing.other_country)
  data.destination_province![row] = optional(context, 'province', crossing.destination_province)
  setText(text.carrier!, row, crossing.carrier)
  data.returnee_from![row] = optional(context, 'state', returnee?.from)
  if (returnee == null) {
    setNull(column.returnee_reason!, row)
    setNull(column.returnee_nea!, row)
  } else {
    data.returnee_reason![row] = RETURNEE_REASON.get(returnee.reason) ?? 0
    data.returnee_nea![row] = RETURNEE_NEA.get(returnee.nea) ?? 0
  }
  setUuid(data.fingerprint as Uint8Array, row, context.fingerprint([
    occurredAtMs, recordedAtMs, checkpoint.code, crossing.direction, crossing.decision, crossing.refusal_reason ?? '',
    mode, document.type, state, number, nationality, reportedSex(traveller.sex), traveller.date_of_birth ?? '',
    traveller.country_of_residence ?? '', crossing.accompaniment ?? '', visaClass, visa?.permitted_until ?? '',
    crossing.purpose ?? '', crossing.other_country ?? '', crossing.destination_province ?? '',
    contentText(crossing.carrier), returnee?.from ?? '', returnee?.reason ?? '', returnee?.nea ?? ''
  ].join(UNIT_SEPARATOR)))
  return null
}

function knowsCodes (context: NormaliseContext, crossing: CrossingRecord): boolean {
  const { lists } = context
  const { visa, refusal_reason: refusal, destination_province: province, returnee } = crossing
  return isCountryOrAbsent(context, crossing.traveller.country_of_residence) &&
    isCountryOrAbsent(context, crossing.other_country) && isCountryOrAbsent(context, returnee?.from) &&
    (visa == null || lists.isVisaClass(visa.class)) && (refusal == null || lists.isRefusalReason(refusal)) &&
    (province == null || lists.isProvince(province))
}

function optional (
  context: NormaliseContext, dimension: 'state' | 'province' | 'refusal_reason', code: string | null | undefined
): number {
  return code == null ? 0 : codeNumber(context, dimension, code)
}
