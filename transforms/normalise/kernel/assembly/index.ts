// The kernel: decodes the messages of a batch that are written as almost all are, and stops at the first that is not.
import { contracts } from './codes'
import { finishDigests } from './digests'
import { judgeCrossing, writeCrossing } from './crossing'
import { fieldContract, fieldEventId, fieldRegistrationId } from './fields'
import { isImage, writeImage } from './image'
import { putByte, putWord } from './columns'
import { code } from './reader'
import { judgeRegistration, writeRegistration } from './registration'
import { scan, seenFields } from './scanner'

export { release, reserve } from './memory'
export * from './believed'
export * from './codes'
export { textColumnBytes } from './columns'
export * from './crossing'
export * from './fields'
export { addKey } from './keys'
export { setContentKey, setTravellerKey } from './digests'
export { setAgeBand } from './person'
export * from './registration'
export { addCode, createTable } from './tables'
export { valueFields } from './scanner'

const CONTRACTS_MAX: u32 = 8
const known = memory.data(8 * 8, 16)

/** Ordinals of the contracts that the kernel writes. */
export let contractCrossing: i32 = -1
export let contractRegistration: i32 = -1

// The batch at hand: its messages one behind the other, where each ends, when it was received, and its contract.
export let messages: usize = 0
export let messageEnds: usize = 0
export let messagesReceivedAt: usize = 0
export let messageContracts: usize = 0
/** The contract that the topic stands for, or −1 where each message names its own. */
export let topicContract: i32 = -1

// The columns that all images have, and which message each row is.
export let crossingRows: u32 = 0
export let crossingMessage: usize = 0
export let crossingRecordId: usize = 0
export let crossingIdHash: usize = 0
export let crossingRevision: usize = 0
export let crossingReceivedAt: usize = 0
export let registrationRows: u32 = 0
export let registrationMessage: usize = 0
export let registrationRecordId: usize = 0
export let registrationIdHash: usize = 0
export let registrationRevision: usize = 0
export let registrationReceivedAt: usize = 0

/** Makes a field known to a contract. */
export function addKnownField (contract: u32, field: u32): void {
  assert(contract < CONTRACTS_MAX)
  const at = known + (contract << 3)
  store<u64>(at, load<u64>(at) | <u64>1 << field)
}

/** Decodes messages [from, to); the ordinal of the first that is not plainly right, or `to`. */
export function decode (from: u32, to: u32): u32 {
  let message = from
  while (message < to && decodeOne(message)) message++
  finishDigests()
  return message
}

function decodeOne (message: u32): bool {
  const start = messages + (message === 0 ? 0 : load<usize>(messageEnds + ((message - 1) << 2)))
  if (!scan(start, messages + load<usize>(messageEnds + (message << 2)))) return false
  const contract = topicContract < 0 ? code(fieldContract, contracts) : topicContract
  if (contract < 0 || (seenFields() & ~load<u64>(known + (<usize>contract << 3))) !== 0) return false
  const receivedAtMs = load<f64>(messagesReceivedAt + (message << 3))
  if (contract === contractCrossing) {
    if (!isImage(fieldEventId) || !judgeCrossing(receivedAtMs)) return false
    const row = <usize>(crossingRows++)
    writeCrossing(row)
    writeImage(fieldEventId, contract, crossingRecordId, crossingIdHash, crossingRevision, crossingReceivedAt, row,
      receivedAtMs)
    putWord(crossingMessage, row, message)
  } else if (contract === contractRegistration) {
    if (!isImage(fieldRegistrationId) || !judgeRegistration(receivedAtMs)) return false
    const row = <usize>(registrationRows++)
    writeRegistration(row)
    writeImage(fieldRegistrationId, contract, registrationRecordId, registrationIdHash, registrationRevision,
      registrationReceivedAt, row, receivedAtMs)
    putWord(registrationMessage, row, message)
  } else {
    return false
  }
  putByte(messageContracts, message, contract)
  return true
}
