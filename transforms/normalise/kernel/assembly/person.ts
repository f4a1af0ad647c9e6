// What contracts share: document and traveller, judged in one step and written in another.
import {
  borderPassType, countryNumber, documentTypes, findState, sexes, sexLength, sexText, stateLength, stateNumber,
  stateText
} from './codes'
import { putByte, putNull, putShort } from './columns'
import { put, putField } from './content'
import {
  endOf, fieldDocument, fieldDocumentIssuingState, fieldDocumentNumber, fieldDocumentType, fieldTraveller,
  fieldTravellerCountryOfResidence, fieldTravellerDateOfBirth, fieldTravellerNationality, fieldTravellerSex, kindOf,
  lengthOf, OBJECT, startOf, TEXT
} from './fields'
import { copyText } from './memory'
import { age as readAge, code, isGone, isText, NO_AGE } from './reader'
import { BAD } from './tables'

/** Longest free text of a contract. */
export const TEXT_MAX: usize = 64

const SEPARATOR: u32 = 0x1f
const CASE_BIT: u32 = 0x20

const normalised = memory.data(64 + 8, 16)
const ageBands = memory.data(256, 16)

let numberLength: usize = 0
let type: i32 = 0
let issuingState: i32 = 0
let nationality: i32 = 0
let sex: i32 = 0
let residence: i32 = 0
let age: i32 = NO_AGE

/** The ordinal of the band of an age. */
export function setAgeBand (years: i32, ordinal: i32): void {
  store<u8>(ageBands + <usize>years, ordinal)
}

/** The number of an optional country; 0 if it is not there, BAD if it is none. */
export function country (field: u32): i32 {
  if (isGone(field)) return 0
  const place = stateOf(field)
  return place < 0 ? BAD : countryNumber(place)
}

function stateOf (field: u32): i32 {
  return kindOf(field) === TEXT ? findState(startOf(field), lengthOf(field)) : BAD
}

/** True if the document is right. */
export function readDocument (): bool {
  if (kindOf(fieldDocument) !== OBJECT) return false
  type = code(fieldDocumentType, documentTypes)
  issuingState = stateOf(fieldDocumentIssuingState)
  return type >= 0 && issuingState >= 0 && isText(fieldDocumentNumber, TEXT_MAX) && normaliseNumber()
}

/** True if the traveller is right; ages are as on the day. */
export function readTraveller (day: i32): bool {
  if (kindOf(fieldTraveller) !== OBJECT) return false
  nationality = stateOf(fieldTravellerNationality)
  sex = code(fieldTravellerSex, sexes)
  residence = country(fieldTravellerCountryOfResidence)
  if (nationality < 0 || sex < 0 || residence < 0) return false
  age = readAge(fieldTravellerDateOfBirth, day)
  return age !== BAD
}

/** True if the document that was read is a border pass. */
export function isBorderPass (): bool {
  return type === borderPassType
}

export function writeDocument (types: usize, issuingStates: usize, row: usize): void {
  putByte(types, row, type)
  putShort(issuingStates, row, stateNumber(issuingState))
}

export function writeTraveller (
  nationalities: usize, sexOrdinals: usize, ages: usize, ageValidity: usize, bands: usize, residences: usize, row: usize
): void {
  putShort(nationalities, row, stateNumber(nationality))
  putByte(sexOrdinals, row, sex)
  if (age === NO_AGE) putNull(ageValidity, row)
  else putShort(ages, row, age)
  putByte(bands, row, age === NO_AGE ? 0 : <i32>load<u8>(ageBands + <usize>age))
  putShort(residences, row, residence)
}

/** Document, then traveller, as they stand in the content of every contract that has both. */
export function putPerson (): void {
  putField(fieldDocumentType)
  put(stateText(issuingState), stateLength(issuingState))
  put(normalised, numberLength)
  put(stateText(nationality), stateLength(nationality))
  put(sexText(sex), sexLength(sex))
  putField(fieldTravellerDateOfBirth)
  putField(fieldTravellerCountryOfResidence)
}

/** Upper case, only A–Z and 0–9 kept (docs/method.md §1.3). False if nothing is left. */
function normaliseNumber (): bool {
  let to: usize = normalised
  const end = endOf(fieldDocumentNumber)
  for (let at = startOf(fieldDocumentNumber); at < end; at++) {
    let byte: u32 = load<u8>(at)
    if (byte - 0x61 <= 25) byte ^= CASE_BIT
    if (byte - 0x41 <= 25 || byte - 0x30 <= 9) store<u8>(to++, byte)
  }
  numberLength = to - normalised
  return numberLength > 0
}

/** Writes the text of the traveller's key, behind what every one begins with, and returns its end. */
export function putTraveller (start: usize): usize {
  let at = append(start, stateText(issuingState), stateLength(issuingState))
  store<u8>(at++, SEPARATOR)
  at = append(at, startOf(fieldDocumentType), lengthOf(fieldDocumentType))
  store<u8>(at++, SEPARATOR)
  return append(at, normalised, numberLength)
}

function append (at: usize, text: usize, length: usize): usize {
  copyText(at, text, length)
  return at + length
}
