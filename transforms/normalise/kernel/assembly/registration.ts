// fpcs.registration.v1, scanned → a row of `registrations`. Field by field the counterpart of
// transforms/normalise/registration.ts.
import { isBelieved, isCheckInBelieved } from './believed'
import { accommodationTypes, channels, provinces, reporters } from './codes'
import { putByte, putInstant, putNull, putShort, putText, putWord, uuidAt } from './columns'
import { beginContent, contentEnd, putField, putFreeText, putNumber } from './content'
import { contentStart, digest, keyStart } from './digests'
import {
  fieldAccommodation, fieldAccommodationCommune, fieldAccommodationDistrict, fieldAccommodationId,
  fieldAccommodationProvince, fieldAccommodationType, fieldChannel, fieldCheckIn, fieldCheckOut, fieldRegisteredAt,
  fieldReporter, kindOf, OBJECT
} from './fields'
import { putPerson, putTraveller, readDocument, readTraveller, TEXT_MAX, writeDocument, writeTraveller } from './person'
import { code, day, instant, isGone, isText, isTextOrNone } from './reader'
import { businessDay, NO_DAY, NO_INSTANT } from './times'

// The columns of the batch at hand.
export let registrationFingerprint: usize = 0
export let registrationBusinessDate: usize = 0
export let registrationRegisteredAt: usize = 0
export let registrationChannel: usize = 0
export let registrationReporter: usize = 0
export let registrationAccommodationId: usize = 0
export let registrationAccommodationType: usize = 0
export let registrationProvince: usize = 0
export let registrationDistrict: usize = 0
export let registrationCommune: usize = 0
export let registrationDocumentType: usize = 0
export let registrationIssuingState: usize = 0
export let registrationTravellerKey: usize = 0
export let registrationNationality: usize = 0
export let registrationSex: usize = 0
export let registrationAge: usize = 0
export let registrationAgeValidity: usize = 0
export let registrationAgeBand: usize = 0
export let registrationResidence: usize = 0
export let registrationCheckIn: usize = 0
export let registrationCheckOut: usize = 0
export let registrationCheckOutValidity: usize = 0

// What was judged of the message at hand.
let registeredAtMs: i64 = 0
let checkIn: i32 = 0
let checkOut: i32 = 0
let channel: i32 = 0
let reporter: i32 = 0
let type: i32 = 0
let province: i32 = 0

/** True if the scanned message is plainly right. */
export function judgeRegistration (receivedAtMs: f64): bool {
  registeredAtMs = instant(fieldRegisteredAt)
  checkIn = day(fieldCheckIn)
  checkOut = isGone(fieldCheckOut) ? checkIn : day(fieldCheckOut)
  if (registeredAtMs === NO_INSTANT || checkIn === NO_DAY || checkOut === NO_DAY || checkOut < checkIn) return false
  const date = businessDay(registeredAtMs)
  if (!isBelieved(registeredAtMs, receivedAtMs) || !isCheckInBelieved(checkIn, date)) return false
  return judgeAccommodation() && readDocument() && readTraveller(date)
}

function judgeAccommodation (): bool {
  if (kindOf(fieldAccommodation) !== OBJECT) return false
  channel = code(fieldChannel, channels)
  reporter = code(fieldReporter, reporters)
  type = code(fieldAccommodationType, accommodationTypes)
  province = code(fieldAccommodationProvince, provinces)
  return channel >= 0 && reporter >= 0 && type >= 0 && province >= 0 &&
    isText(fieldAccommodationId, TEXT_MAX) && isTextOrNone(fieldAccommodationDistrict, TEXT_MAX) &&
    isTextOrNone(fieldAccommodationCommune, TEXT_MAX)
}

/** Writes the message that was judged. */
export function writeRegistration (row: usize): void {
  putWord(registrationBusinessDate, row, businessDay(registeredAtMs))
  putInstant(registrationRegisteredAt, row, registeredAtMs)
  putByte(registrationChannel, row, channel)
  putByte(registrationReporter, row, reporter)
  putText(registrationAccommodationId, row, fieldAccommodationId)
  putByte(registrationAccommodationType, row, type)
  putShort(registrationProvince, row, province)
  putText(registrationDistrict, row, fieldAccommodationDistrict)
  putText(registrationCommune, row, fieldAccommodationCommune)
  writeDocument(registrationDocumentType, registrationIssuingState, row)
  writeTraveller(registrationNationality, registrationSex, registrationAge, registrationAgeValidity,
    registrationAgeBand, registrationResidence, row)
  putWord(registrationCheckIn, row, checkIn)
  if (isGone(fieldCheckOut)) putNull(registrationCheckOutValidity, row)
  else putWord(registrationCheckOut, row, checkOut)
  putContent()
  const keyEnd = putTraveller(keyStart())
  digest(uuidAt(registrationFingerprint, row), contentEnd(), uuidAt(registrationTravellerKey, row), keyEnd)
}

function putContent (): void {
  beginContent(contentStart())
  putNumber(registeredAtMs)
  putField(fieldChannel)
  putField(fieldReporter)
  putFreeText(fieldAccommodationId)
  putField(fieldAccommodationType)
  putField(fieldAccommodationProvince)
  putFreeText(fieldAccommodationDistrict)
  putFreeText(fieldAccommodationCommune)
  putPerson()
  putField(fieldCheckIn)
  putField(fieldCheckOut)
}
