// gdi.crossing.v1, scanned → a row of `crossings`. Field by field the counterpart of transforms/normalise/crossing.ts.
import {
  accompaniments, borderPassClass, borderPassLength, borderPassText, checkpointCode, checkpointCodeLength,
  checkpointMode, checkpointModeLength, checkpointNumber, decisions, directions, findCheckpoint, modes, provinces,
  purposes, refusalReasons, refusedDecision, returneeNeas, returneeReasons, unknownLength, unknownText, visaClasses
} from './codes'
import { putByte, putInstant, putNull, putShort, putText, putWord, uuidAt } from './columns'
import { beginContent, contentEnd, put, putField, putFreeText, putNumber } from './content'
import { contentStart, digest, keyStart } from './digests'
import {
  fieldAccompaniment, fieldCarrier, fieldCheckpoint, fieldDecision, fieldDestinationProvince, fieldDirection, fieldMode,
  fieldOccurredAt, fieldOtherCountry, fieldPurpose, fieldRecordedAt, fieldRefusalReason, fieldReturnee,
  fieldReturneeFrom, fieldReturneeNea, fieldReturneeReason, fieldVisa, fieldVisaClass, fieldVisaPermittedUntil, kindOf,
  lengthOf, startOf, TEXT
} from './fields'
import { country, isBorderPass, putPerson, putTraveller, readDocument, readTraveller, TEXT_MAX, writeDocument, writeTraveller } from './person'
import { code, codeOrNone, day, instant, isGone, isText, isTextOrNone, NONE, optionalObject } from './reader'
import { BAD } from './tables'
import { isBelieved } from './believed'
import { businessDay, businessHour, NO_DAY, NO_INSTANT } from './times'

const CHECKPOINT_TEXT_MAX: usize = 100

// The columns of the batch at hand.
export let crossingFingerprint: usize = 0
export let crossingBusinessDate: usize = 0
export let crossingBusinessHour: usize = 0
export let crossingOccurredAt: usize = 0
export let crossingRecordedAt: usize = 0
export let crossingCheckpoint: usize = 0
export let crossingDirection: usize = 0
export let crossingDecision: usize = 0
export let crossingRefusalReason: usize = 0
export let crossingTravelMode: usize = 0
export let crossingDocumentType: usize = 0
export let crossingIssuingState: usize = 0
export let crossingTravellerKey: usize = 0
export let crossingNationality: usize = 0
export let crossingSex: usize = 0
export let crossingAge: usize = 0
export let crossingAgeValidity: usize = 0
export let crossingAgeBand: usize = 0
export let crossingResidence: usize = 0
export let crossingAccompaniment: usize = 0
export let crossingVisaClass: usize = 0
export let crossingPermittedUntil: usize = 0
export let crossingPermittedUntilValidity: usize = 0
export let crossingPurpose: usize = 0
export let crossingOtherCountry: usize = 0
export let crossingDestinationProvince: usize = 0
export let crossingCarrier: usize = 0
export let crossingReturneeFrom: usize = 0
export let crossingReturneeReason: usize = 0
export let crossingReturneeReasonValidity: usize = 0
export let crossingReturneeNea: usize = 0
export let crossingReturneeNeaValidity: usize = 0

// What was judged of the message at hand.
let occurredAtMs: i64 = 0
let recordedAtMs: i64 = 0
let checkpoint: i32 = 0
let direction: i32 = 0
let decision: i32 = 0
let refusal: i32 = NONE
let mode: i32 = NONE
let accompaniment: i32 = NONE
let purpose: i32 = NONE
let province: i32 = NONE
let otherCountry: i32 = 0
let visa: i32 = 0
let visaClass: i32 = NONE
let permittedUntil: i32 = 0
let isPassClass: bool = false
let returnee: i32 = 0
let from: i32 = 0
let reason: i32 = NONE
let nea: i32 = NONE

/** True if the scanned message is plainly right. */
export function judgeCrossing (receivedAtMs: f64): bool {
  occurredAtMs = instant(fieldOccurredAt)
  recordedAtMs = instant(fieldRecordedAt)
  if (occurredAtMs === NO_INSTANT || recordedAtMs === NO_INSTANT) return false
  if (!isBelieved(occurredAtMs, receivedAtMs)) return false
  const date = businessDay(occurredAtMs)
  if (!isText(fieldCheckpoint, CHECKPOINT_TEXT_MAX)) return false
  checkpoint = findCheckpoint(startOf(fieldCheckpoint), lengthOf(fieldCheckpoint), date)
  return checkpoint >= 0 && judgeCodes() && judgeVisa() && judgeReturnee() && readDocument() && readTraveller(date) &&
    judgePassClass()
}

function judgeCodes (): bool {
  direction = code(fieldDirection, directions)
  decision = code(fieldDecision, decisions)
  refusal = codeOrNone(fieldRefusalReason, refusalReasons)
  mode = codeOrNone(fieldMode, modes)
  accompaniment = codeOrNone(fieldAccompaniment, accompaniments)
  purpose = codeOrNone(fieldPurpose, purposes)
  province = codeOrNone(fieldDestinationProvince, provinces)
  otherCountry = country(fieldOtherCountry)
  return direction >= 0 && decision >= 0 && refusal !== BAD && mode !== BAD && accompaniment !== BAD &&
    purpose !== BAD && province !== BAD && otherCountry >= 0 && (refusal === NONE || decision === refusedDecision) &&
    isTextOrNone(fieldCarrier, TEXT_MAX)
}

function judgeVisa (): bool {
  visa = optionalObject(fieldVisa)
  visaClass = visa === 1 ? code(fieldVisaClass, visaClasses) : NONE
  permittedUntil = visa === 1 && !isGone(fieldVisaPermittedUntil) ? day(fieldVisaPermittedUntil) : 0
  return visa >= 0 && visaClass !== BAD && permittedUntil !== NO_DAY
}

function judgeReturnee (): bool {
  returnee = optionalObject(fieldReturnee)
  from = returnee === 1 ? country(fieldReturneeFrom) : 0
  reason = returnee === 1 ? code(fieldReturneeReason, returneeReasons) : NONE
  nea = returnee === 1 ? code(fieldReturneeNea, returneeNeas) : NONE
  return returnee >= 0 && from >= 0 && reason !== BAD && nea !== BAD &&
    (returnee === 0 || kindOf(fieldReturneeFrom) === TEXT)
}

/** Without a visa, a border pass is a visa class of its own. */
function judgePassClass (): bool {
  isPassClass = visa === 0 && isBorderPass()
  return !isPassClass || borderPassClass >= 0
}

/** Writes the message that was judged. */
export function writeCrossing (row: usize): void {
  putWord(crossingBusinessDate, row, businessDay(occurredAtMs))
  putByte(crossingBusinessHour, row, businessHour(occurredAtMs))
  putInstant(crossingOccurredAt, row, occurredAtMs)
  putInstant(crossingRecordedAt, row, recordedAtMs)
  putShort(crossingCheckpoint, row, checkpointNumber(checkpoint))
  putByte(crossingDirection, row, direction)
  putByte(crossingDecision, row, decision)
  putShort(crossingRefusalReason, row, orUnknown(refusal))
  putByte(crossingTravelMode, row, mode === NONE ? checkpointMode(checkpoint) : mode)
  writeDocument(crossingDocumentType, crossingIssuingState, row)
  writeTraveller(crossingNationality, crossingSex, crossingAge, crossingAgeValidity, crossingAgeBand, crossingResidence,
    row)
  putByte(crossingAccompaniment, row, orUnknown(accompaniment))
  putShort(crossingVisaClass, row, visa === 1 ? visaClass : isPassClass ? borderPassClass : 0)
  if (visa === 1 && kindOf(fieldVisaPermittedUntil) === TEXT) putWord(crossingPermittedUntil, row, permittedUntil)
  else putNull(crossingPermittedUntilValidity, row)
  putByte(crossingPurpose, row, orUnknown(purpose))
  putShort(crossingOtherCountry, row, otherCountry)
  putShort(crossingDestinationProvince, row, orUnknown(province))
  putText(crossingCarrier, row, fieldCarrier)
  writeReturnee(row)
  putContent()
  const keyEnd = putTraveller(keyStart())
  digest(uuidAt(crossingFingerprint, row), contentEnd(), uuidAt(crossingTravellerKey, row), keyEnd)
}

function writeReturnee (row: usize): void {
  putShort(crossingReturneeFrom, row, from)
  if (returnee === 1) {
    putByte(crossingReturneeReason, row, reason)
    putByte(crossingReturneeNea, row, nea)
  } else {
    putNull(crossingReturneeReasonValidity, row)
    putNull(crossingReturneeNeaValidity, row)
  }
}

/** In sets and dictionaries with a value for what is absent, that is 0. */
function orUnknown (value: i32): i32 { return value === NONE ? 0 : value }

function putContent (): void {
  beginContent(contentStart())
  putNumber(occurredAtMs)
  putNumber(recordedAtMs)
  put(checkpointCode(checkpoint), checkpointCodeLength(checkpoint))
  putField(fieldDirection)
  putField(fieldDecision)
  putField(fieldRefusalReason)
  if (mode !== NONE) putField(fieldMode)
  else put(checkpointCode(checkpoint) + checkpointCodeLength(checkpoint), checkpointModeLength(checkpoint))
  putPerson()
  putField(fieldAccompaniment)
  if (visa === 1) putField(fieldVisaClass)
  else if (isPassClass) put(borderPassText, borderPassLength)
  else put(unknownText, unknownLength)
  putField(fieldVisaPermittedUntil)
  putField(fieldPurpose)
  putField(fieldOtherCountry)
  putField(fieldDestinationProvince)
  putFreeText(fieldCarrier)
  putField(fieldReturneeFrom)
  putField(fieldReturneeReason)
  putField(fieldReturneeNea)
}
