// fpcs.registration.v1 → a row of `registrations`.
import { businessDay, parseDay } from '../../core/civil-date.ts'
import { setInstant, setNull, setText, setUuid } from '../../core/column-buffer.ts'
import { parseInstant } from '../../core/instant.ts'
import type { RegistrationRecord } from '../../schemas/contracts/index.ts'
import { enumOrdinals } from '../../schemas/enums.ts'
import type { Reason } from '../../schemas/reasons.ts'
import { codeNumber, contentText, UNIT_SEPARATOR, type NormaliseContext, type RowTarget } from './context.ts'
import {
  documentNumber, isCountryOrAbsent, reportedSex, travellerAge, writeDocument, writeTraveller
} from './person.ts'
import { judgeCheckIn, judgeInstant } from './times.ts'

const CHANNEL = enumOrdinals('registration_channel')
const REPORTER = enumOrdinals('registration_reporter')
const ACCOMMODATION_TYPE = enumOrdinals('accommodation_type')

/**
 * Judges a registration and writes it as row `row`. Returns the first reason that applies, or null if it was
 * written.
 */
export function normaliseRegistration (
  context: NormaliseContext, registration: RegistrationRecord, receivedAtMs: number, target: RowTarget, row: number
): Reason | null {
  const { lists } = context
  const registeredAtMs = parseInstant(registration.registered_at) as number
  const day = businessDay(registeredAtMs)
  const checkIn = parseDay(registration.check_in) as number
  const untimely = firstReason(judgeInstant(registeredAtMs, receivedAtMs), judgeCheckIn(checkIn, day))
  if (untimely !== null) return untimely
  const { accommodation, document, traveller } = registration
  const state = lists.reportingState(document.issuing_state)
  const nationality = lists.reportingState(traveller.nationality)
  if (state === null || nationality === null || !lists.isProvince(accommodation.province) ||
    !isCountryOrAbsent(context, traveller.country_of_residence)) return 'code_unknown'
  const age = travellerAge(traveller.date_of_birth, day)
  if (age === 'invalid') return 'date_of_birth_invalid'
  const number = documentNumber(document)
  if (number === '') return 'document_invalid'

  const { data, text, column } = target
  data.business_date![row] = day
  setInstant(data.registered_at as Uint32Array, row, registeredAtMs)
  data.channel![row] = CHANNEL.get(registration.channel) ?? 0
  data.reporter![row] = REPORTER.get(registration.reporter) ?? 0
  setText(text.accommodation_id!, row, accommodation.id)
  data.accommodation_type![row] = ACCOMMODATION_TYPE.get(accommodation.type) ?? 0
  data.province![row] = codeNumber(context, 'province', accommodation.province)
  setText(text.district!, row, accommodation.district)
  setText(text.commune!, row, accommodation.commune)
  writeDocument(context, target, row, document.type, state, number)
  writeTraveller(context, target, row, nationality, traveller, age)
  data.check_in![row] = checkIn
  if (registration.check_out == null) setNull(column.check_out!, row)
  else data.check_out![row] = parseDay(registration.check_out) as number
  setUuid(data.fingerprint as Uint8Array, row, context.fingerprint([
    registeredAtMs, registration.channel, registration.reporter, contentText(accommodation.id), accommodation.type,
    accommodation.province, contentText(accommodation.district), contentText(accommodation.commune), document.type,
    state, number, nationality, reportedSex(traveller.sex), traveller.date_of_birth ?? '',
    traveller.country_of_residence ?? '', registration.check_in, registration.check_out ?? ''
  ].join(UNIT_SEPARATOR)))
  return null
}

/** `in_future` comes before `too_old`, whichever of the two times it is of. */
function firstReason (a: Reason | null, b: Reason | null): Reason | null {
  return a === 'in_future' || b === null ? a : b === 'in_future' ? b : a ?? b
}
