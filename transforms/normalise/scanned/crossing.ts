// gdi.crossing.v1, scanned → a row of `crossings`. Field by field the counterpart of ../crossing.ts.
import { NO_DAY } from '../../../core/byte-times.ts'
import { businessDay, businessHour } from '../../../core/civil-date.ts'
import { setInstant, setNull, setUuid } from '../../../core/column-buffer.ts'
import { fieldNumber, NULL, OBJECT, ABSENT, TEXT, type ScannedFields } from '../../../schemas/contracts/scanned-fields.ts'
import { type NormaliseContext, type RowTarget } from '../context.ts'
import { judgeInstant } from '../times.ts'
import { checkpointFinder, codesOf, valuesOf, type FoundCheckpoint } from './code-tables.ts'
import { createContentWriter } from './content-writer.ts'
import { BAD, NONE, type FieldReader } from './field-reader.ts'
import { TEXT_MAX, type PersonReader } from './person.ts'

const F = {
  occurredAt: fieldNumber('occurred_at'),
  recordedAt: fieldNumber('recorded_at'),
  checkpoint: fieldNumber('checkpoint'),
  direction: fieldNumber('direction'),
  decision: fieldNumber('decision'),
  refusalReason: fieldNumber('refusal_reason'),
  mode: fieldNumber('mode'),
  accompaniment: fieldNumber('accompaniment'),
  visa: fieldNumber('visa'),
  visaClass: fieldNumber('visa.class'),
  permittedUntil: fieldNumber('visa.permitted_until'),
  purpose: fieldNumber('purpose'),
  otherCountry: fieldNumber('other_country'),
  province: fieldNumber('destination_province'),
  carrier: fieldNumber('carrier'),
  returnee: fieldNumber('returnee'),
  returneeFrom: fieldNumber('returnee.from'),
  returneeReason: fieldNumber('returnee.reason'),
  returneeNea: fieldNumber('returnee.nea')
}
const CHECKPOINT_TEXT_MAX = 100
const NO_CHECKPOINT: FoundCheckpoint = {
  number: 0, modeOrdinal: 0, mode: new Uint8Array(0), code: new Uint8Array(0)
}
const UNKNOWN_CLASS = new Uint8Array(Buffer.from('unknown'))
const BORDER_PASS_CLASS = new Uint8Array(Buffer.from('border_pass'))

/** Judges the message that was scanned last, and writes it if it was judged to be plainly right. */
export interface ScannedWriter {
  judge (bytes: Uint8Array, receivedAtMs: number): boolean
  write (bytes: Uint8Array, target: RowTarget, row: number): void
}

/** The writer of scanned crossings. */
export function createCrossingWriter (
  context: NormaliseContext, fields: ScannedFields, reader: FieldReader, person: PersonReader
): ScannedWriter {
  const { lists, codeNumbers } = context
  const { kinds, starts, ends } = fields
  const checkpoints = checkpointFinder(context)
  const directions = valuesOf('direction')
  const decisions = valuesOf('decision')
  const modes = valuesOf('travel_mode')
  const accompaniments = valuesOf('accompaniment')
  const purposes = valuesOf('purpose')
  const reasons = valuesOf('returnee_reason')
  const neas = valuesOf('returnee_nea')
  const refusals = codesOf(context, 'refusal_reason', code => lists.isRefusalReason(code))
  const classes = codesOf(context, 'visa_class', code => lists.isVisaClass(code))
  const provinces = codesOf(context, 'province', code => lists.isProvince(code))
  const borderPassClass = codeNumbers.visa_class.get('border_pass')
  const content = createContentWriter(context.fingerprintBuffer, fields)
  const refused = decisions.table.find(Buffer.from('refused'), 0, 7)

  /** An object that may be missing: 1 if it is there, 0 if it is not, BAD if it is something else. */
  const optionalObject = (field: number): number =>
    kinds[field] === OBJECT ? 1 : kinds[field] === ABSENT || kinds[field] === NULL ? 0 : BAD

  // What was judged of the message at hand.
  let occurredAtMs = 0
  let recordedAtMs = 0
  let checkpoint: FoundCheckpoint = NO_CHECKPOINT
  let direction = 0
  let decision = 0
  let refusal = NONE
  let mode = NONE
  let accompaniment = NONE
  let purpose = NONE
  let province = NONE
  let otherCountry = 0
  let visa = 0
  let visaClass = NONE
  let permittedUntil = 0
  let isPassClass = false
  let returnee = 0
  let from = 0
  let reason = NONE
  let nea = NONE

  function judge (bytes: Uint8Array, receivedAtMs: number): boolean {
    occurredAtMs = reader.instant(F.occurredAt)
    recordedAtMs = reader.instant(F.recordedAt)
    if (Number.isNaN(occurredAtMs) || Number.isNaN(recordedAtMs)) return false
    if (judgeInstant(occurredAtMs, receivedAtMs) !== null) return false
    const day = businessDay(occurredAtMs)
    if (!reader.isText(F.checkpoint, CHECKPOINT_TEXT_MAX)) return false
    const found = checkpoints.find(bytes, starts[F.checkpoint] as number, ends[F.checkpoint] as number, day)
    if (found === null) return false
    checkpoint = found
    return judgeCodes() && judgeVisa() && judgeReturnee() && person.readDocument(bytes) &&
      person.readTraveller(day) && judgePassClass()
  }

  function judgeCodes (): boolean {
    direction = reader.code(F.direction, directions.table)
    decision = reader.code(F.decision, decisions.table)
    refusal = reader.codeOrNone(F.refusalReason, refusals.table)
    mode = reader.codeOrNone(F.mode, modes.table)
    accompaniment = reader.codeOrNone(F.accompaniment, accompaniments.table)
    purpose = reader.codeOrNone(F.purpose, purposes.table)
    province = reader.codeOrNone(F.province, provinces.table)
    otherCountry = person.country(F.otherCountry)
    return direction >= 0 && decision >= 0 && refusal !== BAD && mode !== BAD && accompaniment !== BAD &&
      purpose !== BAD && province !== BAD && otherCountry >= 0 && (refusal === NONE || decision === refused) &&
      reader.isTextOrNone(F.carrier, TEXT_MAX)
  }

  function judgeVisa (): boolean {
    visa = optionalObject(F.visa)
    visaClass = visa === 1 ? reader.code(F.visaClass, classes.table) : NONE
    permittedUntil = visa === 1 && !reader.isGone(F.permittedUntil) ? reader.day(F.permittedUntil) : 0
    return visa >= 0 && visaClass !== BAD && permittedUntil !== NO_DAY
  }

  function judgeReturnee (): boolean {
    returnee = optionalObject(F.returnee)
    from = returnee === 1 ? person.country(F.returneeFrom) : 0
    reason = returnee === 1 ? reader.code(F.returneeReason, reasons.table) : NONE
    nea = returnee === 1 ? reader.code(F.returneeNea, neas.table) : NONE
    return returnee >= 0 && from >= 0 && reason !== BAD && nea !== BAD &&
      (returnee === 0 || kinds[F.returneeFrom] === TEXT)
  }

  /** Without a visa, a border pass is a visa class of its own. */
  function judgePassClass (): boolean {
    isPassClass = visa === 0 && person.isBorderPass()
    return !isPassClass || borderPassClass !== undefined
  }

  function write (bytes: Uint8Array, target: RowTarget, row: number): void {
    const { data, text, column } = target
    data.business_date![row] = businessDay(occurredAtMs)
    data.business_hour![row] = businessHour(occurredAtMs)
    setInstant(data.occurred_at as Uint32Array, row, occurredAtMs)
    setInstant(data.recorded_at as Uint32Array, row, recordedAtMs)
    data.checkpoint![row] = checkpoint.number
    data.direction![row] = directions.ordinal[direction] as number
    data.decision![row] = decisions.ordinal[decision] as number
    data.refusal_reason![row] = refusal === NONE ? 0 : refusals.number[refusal] as number
    data.travel_mode![row] = mode === NONE ? checkpoint.modeOrdinal : modes.ordinal[mode] as number
    person.writeDocument(target, row, bytes)
    person.writeTraveller(target, row)
    data.accompaniment![row] = accompaniment === NONE ? 0 : accompaniments.ordinal[accompaniment] as number
    data.visa_class![row] = visa === 1
      ? classes.number[visaClass] as number
      : isPassClass ? borderPassClass as number : 0
    if (visa === 1 && kinds[F.permittedUntil] === TEXT) data.permitted_until![row] = permittedUntil
    else setNull(column.permitted_until!, row)
    data.purpose![row] = purpose === NONE ? 0 : purposes.ordinal[purpose] as number
    data.other_country![row] = otherCountry
    data.destination_province![row] = province === NONE ? 0 : provinces.number[province] as number
    reader.copy(F.carrier, text.carrier!, row)
    data.returnee_from![row] = from
    if (returnee === 1) {
      data.returnee_reason![row] = reasons.ordinal[reason] as number
      data.returnee_nea![row] = neas.ordinal[nea] as number
    } else {
      setNull(column.returnee_reason!, row)
      setNull(column.returnee_nea!, row)
    }
    setUuid(data.fingerprint as Uint8Array, row, fingerprint(bytes))
  }

  function fingerprint (bytes: Uint8Array): string {
    content.begin(bytes)
    content.number(occurredAtMs)
    content.number(recordedAtMs)
    content.put(checkpoint.code)
    content.field(F.direction)
    content.field(F.decision)
    content.field(F.refusalReason)
    if (mode === NONE) content.put(checkpoint.mode)
    else content.field(F.mode)
    person.writeContent(content)
    content.field(F.accompaniment)
    if (visa === 1) content.field(F.visaClass)
    else content.put(isPassClass ? BORDER_PASS_CLASS : UNKNOWN_CLASS)
    content.field(F.permittedUntil)
    content.field(F.purpose)
    content.field(F.otherCountry)
    content.field(F.province)
    content.freeText(F.carrier)
    content.field(F.returneeFrom)
    content.field(F.returneeReason)
    content.field(F.returneeNea)
    return content.digest()
  }

  return { judge, write }
}
