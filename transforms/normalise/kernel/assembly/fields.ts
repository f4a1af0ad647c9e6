// Where the known fields of the message at hand lie. Their numbers are those of schemas/contracts/scanned-fields.ts and
// are given by the host, as `field…` after the path of each.

export const ABSENT: u32 = 0
export const TEXT: u32 = 1
export const NULL: u32 = 2
export const INTEGER: u32 = 3
export const OBJECT: u32 = 4

/** Fields over all contracts at most: as many as one word has bits. */
export const FIELDS_MAX: u32 = 64

const kinds = memory.data(64, 16)
const starts = memory.data(64 * 4, 16)
const ends = memory.data(64 * 4, 16)
const integers = memory.data(64 * 8, 16)

export let fieldContract: u32 = 0
export let fieldAction: u32 = 0
export let fieldRevision: u32 = 0
export let fieldEventId: u32 = 0
export let fieldRegistrationId: u32 = 0
export let fieldOccurredAt: u32 = 0
export let fieldRecordedAt: u32 = 0
export let fieldCheckpoint: u32 = 0
export let fieldDirection: u32 = 0
export let fieldDecision: u32 = 0
export let fieldRefusalReason: u32 = 0
export let fieldMode: u32 = 0
export let fieldAccompaniment: u32 = 0
export let fieldVisa: u32 = 0
export let fieldVisaClass: u32 = 0
export let fieldVisaPermittedUntil: u32 = 0
export let fieldPurpose: u32 = 0
export let fieldOtherCountry: u32 = 0
export let fieldDestinationProvince: u32 = 0
export let fieldCarrier: u32 = 0
export let fieldReturnee: u32 = 0
export let fieldReturneeFrom: u32 = 0
export let fieldReturneeReason: u32 = 0
export let fieldReturneeNea: u32 = 0
export let fieldDocument: u32 = 0
export let fieldDocumentType: u32 = 0
export let fieldDocumentIssuingState: u32 = 0
export let fieldDocumentNumber: u32 = 0
export let fieldTraveller: u32 = 0
export let fieldTravellerNationality: u32 = 0
export let fieldTravellerSex: u32 = 0
export let fieldTravellerDateOfBirth: u32 = 0
export let fieldTravellerCountryOfResidence: u32 = 0
export let fieldRegisteredAt: u32 = 0
export let fieldChannel: u32 = 0
export let fieldReporter: u32 = 0
export let fieldAccommodation: u32 = 0
export let fieldAccommodationId: u32 = 0
export let fieldAccommodationType: u32 = 0
export let fieldAccommodationProvince: u32 = 0
export let fieldAccommodationDistrict: u32 = 0
export let fieldAccommodationCommune: u32 = 0
export let fieldCheckIn: u32 = 0
export let fieldCheckOut: u32 = 0

/** Forgets the message before. */
export function clearFields (): void {
  const nothing = v128.splat<u8>(0)
  v128.store(kinds, nothing, 0)
  v128.store(kinds, nothing, 16)
  v128.store(kinds, nothing, 32)
  v128.store(kinds, nothing, 48)
}

export function kindOf (field: u32): u32 { return load<u8>(kinds + field) }

export function setKind (field: u32, kind: u32): void { store<u8>(kinds + field, kind) }

export function setText (field: u32, start: usize, end: usize): void {
  setKind(field, TEXT)
  store<usize>(starts + (field << 2), start)
  store<usize>(ends + (field << 2), end)
}

export function setInteger (field: u32, value: i64): void {
  setKind(field, INTEGER)
  store<i64>(integers + (field << 3), value)
}

/** Where the text of a field begins. */
export function startOf (field: u32): usize { return load<usize>(starts + (field << 2)) }

/** The place after the end of a field's text. */
export function endOf (field: u32): usize { return load<usize>(ends + (field << 2)) }

/** Bytes of a field's text. */
export function lengthOf (field: u32): usize { return endOf(field) - startOf(field) }

export function integerOf (field: u32): i64 { return load<i64>(integers + (field << 3)) }
