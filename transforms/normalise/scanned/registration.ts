// fpcs.registration.v1, scanned → a row of `registrations`. Field by field the counterpart of ../registration.ts.
import { NO_DAY } from '../../../core/byte-times.ts'
import { businessDay } from '../../../core/civil-date.ts'
import { setInstant, setNull, setUuid } from '../../../core/column-buffer.ts'
import { fieldNumber, OBJECT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { type NormaliseContext, type RowTarget } from '../context.ts'
import { judgeCheckIn, judgeInstant } from '../times.ts'
import { codesOf, valuesOf } from './code-tables.ts'
import { createContentWriter } from './content-writer.ts'
import { type ScannedWriter } from './crossing.ts'
import { type FieldReader } from './field-reader.ts'
import { TEXT_MAX, type PersonReader } from './person.ts'

const F = {
  registeredAt: fieldNumber('registered_at'),
  channel: fieldNumber('channel'),
  reporter: fieldNumber('reporter'),
  accommodation: fieldNumber('accommodation'),
  accommodationId: fieldNumber('accommodation.id'),
  accommodationType: fieldNumber('accommodation.type'),
  province: fieldNumber('accommodation.province'),
  district: fieldNumber('accommodation.district'),
  commune: fieldNumber('accommodation.commune'),
  checkIn: fieldNumber('check_in'),
  checkOut: fieldNumber('check_out')
}

/** The writer of scanned registrations. */
export function createRegistrationWriter (
  context: NormaliseContext, fields: ScannedFields, reader: FieldReader, person: PersonReader
): ScannedWriter {
  const { kinds } = fields
  const channels = valuesOf('registration_channel')
  const reporters = valuesOf('registration_reporter')
  const types = valuesOf('accommodation_type')
  const provinces = codesOf(context, 'province', code => context.lists.isProvince(code))
  const content = createContentWriter(context.fingerprintBuffer, fields)
  // What was judged of the message at hand.
  let registeredAtMs = 0
  let checkIn = 0
  let checkOut = 0
  let channel = 0
  let reporter = 0
  let type = 0
  let province = 0

  function judge (bytes: Uint8Array, receivedAtMs: number): boolean {
    registeredAtMs = reader.instant(F.registeredAt)
    checkIn = reader.day(F.checkIn)
    checkOut = reader.isGone(F.checkOut) ? checkIn : reader.day(F.checkOut)
    if (Number.isNaN(registeredAtMs) || checkIn === NO_DAY || checkOut === NO_DAY || checkOut < checkIn) return false
    const day = businessDay(registeredAtMs)
    if (judgeInstant(registeredAtMs, receivedAtMs) !== null || judgeCheckIn(checkIn, day) !== null) return false
    return judgeAccommodation() && person.readDocument(bytes) && person.readTraveller(day)
  }

  function judgeAccommodation (): boolean {
    if (kinds[F.accommodation] !== OBJECT) return false
    channel = reader.code(F.channel, channels.table)
    reporter = reader.code(F.reporter, reporters.table)
    type = reader.code(F.accommodationType, types.table)
    province = reader.code(F.province, provinces.table)
    return channel >= 0 && reporter >= 0 && type >= 0 && province >= 0 &&
      reader.isText(F.accommodationId, TEXT_MAX) && reader.isTextOrNone(F.district, TEXT_MAX) &&
      reader.isTextOrNone(F.commune, TEXT_MAX)
  }

  function write (bytes: Uint8Array, target: RowTarget, row: number): void {
    const { data, text, column } = target
    data.business_date![row] = businessDay(registeredAtMs)
    setInstant(data.registered_at as Uint32Array, row, registeredAtMs)
    data.channel![row] = channels.ordinal[channel] as number
    data.reporter![row] = reporters.ordinal[reporter] as number
    reader.copy(F.accommodationId, text.accommodation_id!, row)
    data.accommodation_type![row] = types.ordinal[type] as number
    data.province![row] = provinces.number[province] as number
    reader.copy(F.district, text.district!, row)
    reader.copy(F.commune, text.commune!, row)
    person.writeDocument(target, row, bytes)
    person.writeTraveller(target, row)
    data.check_in![row] = checkIn
    if (reader.isGone(F.checkOut)) setNull(column.check_out!, row)
    else data.check_out![row] = checkOut
    setUuid(data.fingerprint as Uint8Array, row, fingerprint(bytes))
  }

  function fingerprint (bytes: Uint8Array): string {
    content.begin(bytes)
    content.number(registeredAtMs)
    content.field(F.channel)
    content.field(F.reporter)
    content.freeText(F.accommodationId)
    content.field(F.accommodationType)
    content.field(F.province)
    content.freeText(F.district)
    content.freeText(F.commune)
    person.writeContent(content)
    content.field(F.checkIn)
    content.field(F.checkOut)
    return content.digest()
  }

  return { judge, write }
}
