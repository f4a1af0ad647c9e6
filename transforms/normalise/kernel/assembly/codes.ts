// What the host fills in before the first message: tables of codes, what states and checkpoints are reported as, and
// the few codes that rules speak of. States and checkpoints are learnt as they come: the host is asked once for each.
import { addCode, BAD, createTable, emptyTable, findCode } from './tables'
import { reserve } from './memory'

/** Every code of three letters or fewer is far more than there are. */
const STATES_MAX: i32 = 2048
/** Spellings of checkpoints, by day. */
const CHECKPOINTS_MAX: i32 = 4096
const CHECKPOINT_TEXT_BYTES: i32 = 32 * CHECKPOINTS_MAX
const REPORTED_BYTES_MAX: usize = 64
const SEXES_MAX: i32 = 8

declare function learnState (text: usize, length: usize): i32

declare function learnCheckpoint (text: usize, length: usize, day: i32): i32

export let contracts: usize = 0
export let directions: usize = 0
export let decisions: usize = 0
export let modes: usize = 0
export let accompaniments: usize = 0
export let purposes: usize = 0
export let returneeReasons: usize = 0
export let returneeNeas: usize = 0
export let documentTypes: usize = 0
export let sexes: usize = 0
export let channels: usize = 0
export let reporters: usize = 0
export let accommodationTypes: usize = 0
export let refusalReasons: usize = 0
export let visaClasses: usize = 0
export let provinces: usize = 0

/** Ordinals and numbers that rules speak of; a class that the lists do not have is BAD. */
export let refusedDecision: i32 = BAD
export let borderPassType: i32 = BAD
export let borderPassClass: i32 = BAD

/** Texts that stand in content for what is not there. */
export let unknownText: usize = 0
export let unknownLength: usize = 0
export let borderPassText: usize = 0
export let borderPassLength: usize = 0

/** Where the host writes a text before it calls. */
export const hostText: usize = reserve(256)

@unmanaged
class Reported { number: i32; country: i32; length: usize }

@unmanaged
class Checkpoint { number: i32; mode: i32; codeLength: usize; modeLength: usize }

const REPORTED_BYTES: usize = offsetof<Reported>() + REPORTED_BYTES_MAX
const CHECKPOINT_BYTES: usize = offsetof<Checkpoint>() + 2 * REPORTED_BYTES_MAX
const states = createTable(STATES_MAX, 8 * STATES_MAX)
const stateEntries = reserve(<usize>STATES_MAX * REPORTED_BYTES)
let stateCount: i32 = 0
const checkpoints = createTable(CHECKPOINTS_MAX, CHECKPOINT_TEXT_BYTES)
const checkpointEntries = reserve(<usize>CHECKPOINTS_MAX * CHECKPOINT_BYTES)
let checkpointCount: i32 = 0
const sexTexts = reserve(<usize>SEXES_MAX * 8)
const sexLengths = reserve(<usize>SEXES_MAX)

/** What a sex is reported as: the text in `hostText`. */
export function setReportedSex (ordinal: i32, length: usize): void {
  memory.copy(sexTexts + <usize>ordinal * 8, hostText, length)
  store<u8>(sexLengths + <usize>ordinal, <u8>length)
}

export function sexText (ordinal: i32): usize { return sexTexts + <usize>ordinal * 8 }

export function sexLength (ordinal: i32): usize { return load<u8>(sexLengths + <usize>ordinal) }

/** The place of a state's code, or BAD if the lists do not know it. */
export function findState (text: usize, length: usize): i32 {
  const place = findCode(states, text, length, 0)
  return place >= 0 ? place : learnState(text, length)
}

/**
 * Adds a state: the text of its code at `text`, what it is reported as in `hostText`, the number of that, and its own
 * number, or BAD if it is no country. Returns its place, or BAD if there is no room.
 */
export function addState (text: usize, length: usize, reportedLength: usize, number: i32, country: i32): i32 {
  if (reportedLength > REPORTED_BYTES_MAX || stateCount >= STATES_MAX) return BAD
  if (!addCode(states, text, length, 0, stateCount)) return BAD
  const entry = changetype<Reported>(stateEntry(stateCount))
  entry.number = number
  entry.country = country
  entry.length = reportedLength
  memory.copy(stateText(stateCount), hostText, reportedLength)
  return stateCount++
}

function stateEntry (place: i32): usize { return stateEntries + <usize>place * REPORTED_BYTES }

export function stateText (place: i32): usize { return stateEntry(place) + offsetof<Reported>() }

export function stateLength (place: i32): usize { return changetype<Reported>(stateEntry(place)).length }

/** The number of the state that reports a state. */
export function stateNumber (place: i32): i32 { return changetype<Reported>(stateEntry(place)).number }

export function countryNumber (place: i32): i32 { return changetype<Reported>(stateEntry(place)).country }

/** The place of a checkpoint's spelling on a day, or BAD if it is none. */
export function findCheckpoint (text: usize, length: usize, day: i32): i32 {
  const place = findCode(checkpoints, text, length, day)
  return place >= 0 ? place : learnCheckpoint(text, length, day)
}

/**
 * Adds a spelling of a checkpoint on a day: its code and the text of its mode behind that in `hostText`. Returns its
 * place, or BAD if it is too long. When there is no room left, all are forgotten, for they are asked again.
 */
export function addCheckpoint (
  text: usize, length: usize, day: i32, number: i32, mode: i32, codeLength: usize, modeLength: usize
): i32 {
  if (codeLength + modeLength > 2 * REPORTED_BYTES_MAX) return BAD
  if (!addCode(checkpoints, text, length, day, checkpointCount)) {
    emptyTable(checkpoints)
    checkpointCount = 0
    if (!addCode(checkpoints, text, length, day, checkpointCount)) return BAD
  }
  const entry = checkpointEntry(checkpointCount)
  entry.number = number
  entry.mode = mode
  entry.codeLength = codeLength
  entry.modeLength = modeLength
  memory.copy(checkpointCode(checkpointCount), hostText, codeLength + modeLength)
  return checkpointCount++
}

function checkpointEntry (place: i32): Checkpoint {
  return changetype<Checkpoint>(checkpointEntries + <usize>place * CHECKPOINT_BYTES)
}

export function checkpointNumber (place: i32): i32 { return checkpointEntry(place).number }

/** Ordinal of the mode that a checkpoint has. */
export function checkpointMode (place: i32): i32 { return checkpointEntry(place).mode }

export function checkpointCode (place: i32): usize {
  return changetype<usize>(checkpointEntry(place)) + offsetof<Checkpoint>()
}

export function checkpointCodeLength (place: i32): usize { return checkpointEntry(place).codeLength }

export function checkpointModeLength (place: i32): usize { return checkpointEntry(place).modeLength }
